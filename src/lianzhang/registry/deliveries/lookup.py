"""Find enterprises by code, and what a source said of them before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from lianzhang.registry.models import Enterprise, Filing


def ids_of(codes: Iterable[str]) -> dict[str, tuple[int, bool]]:
    """code → (id, registered)."""
    wanted, out = sorted(set(codes)), {}
    for i in range(0, len(wanted), 900):
        rows = Enterprise.objects.filter(uscc__in=wanted[i : i + 900]).values_list("uscc", "pk", "registered")
        out.update({uscc: (pk, registered) for uscc, pk, registered in rows})
    return out


def said_before(
    enterprise_ids: Iterable[int], source: str, use: str
) -> dict[tuple[int, str], dict[str, Any]]:
    """(enterprise, period) → the last word of this source per field."""
    merged: dict[tuple[int, str], dict[str, Any]] = defaultdict(dict)
    wanted = sorted(set(enterprise_ids))
    for i in range(0, len(wanted), 900):
        rows = Filing.objects.filter(enterprise_id__in=wanted[i : i + 900], source=source, use=use).order_by(
            "id"
        )
        for enterprise_id, period, values in rows.values_list("enterprise_id", "period", "values"):
            merged[enterprise_id, period].update(values)
    return merged


def said_by_others(
    enterprise_ids: Iterable[int], source: str, periods: set[str]
) -> dict[tuple[int, str], dict[str, Any]]:
    """(enterprise, period) → what other sources say, administrative and consented only."""
    merged: dict[tuple[int, str], dict[str, Any]] = defaultdict(dict)
    wanted = sorted(set(enterprise_ids))
    for i in range(0, len(wanted), 900):
        rows = Filing.objects.filter(enterprise_id__in=wanted[i : i + 900], period__in=periods).exclude(
            source=source
        )
        for enterprise_id, period, values in (
            rows.exclude(use="statistical").order_by("id").values_list("enterprise_id", "period", "values")
        ):
            merged[enterprise_id, period].update(values)
    return merged
