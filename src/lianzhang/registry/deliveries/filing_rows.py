"""Write, compare and take back filings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from lianzhang.kernel import bulk
from lianzhang.kernel.imports.dataset import Context, Trouble
from lianzhang.kernel.models import Import
from lianzhang.registry import projection
from lianzhang.registry.models import Filing


def close_enough(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether everything a row says was already the last word of its source."""
    return all(name in before and before[name] == value for name, value in now.items())


def conflicts(others: dict[str, dict[str, Any]], now: dict[str, Any]) -> list[Trouble]:
    """A doubt for each field where another source says something else; of several the first one's word is shown."""
    out = []
    for name, value in now.items():
        different = [said[name] for said in others.values() if name in said and said[name] != value]
        if different:
            out.append(Trouble("conflict_with_other_source", name, value, {"other": different[0]}))
    return out


def insert(
    rows: Iterable[tuple[int, str, dict[str, Any]]],
    context: Context,
    unchanged: Collection[int] = frozenset(),
) -> None:
    """One filing a row: (enterprise, period, values). What is shown of enterprises in `unchanged` stays as it is."""
    touched: projection.Touched = context.memory.setdefault("touched", defaultdict(set))
    rows = list(rows)
    still = frozenset() if _speaks_twice(context) else unchanged
    for enterprise_id, period, _ in rows:
        if enterprise_id not in still:
            touched[enterprise_id].add(period)
    constants = {
        "delivery_id": context.delivery.pk if context.delivery else None, "source": context.source, "use": context.use,
        "as_of": context.as_of, "provenance": context.provenance,
    }  # fmt: skip
    bulk.insert_rows(Filing, ("enterprise_id", "period", "values"), rows, constants)


def _speaks_twice(context: Context) -> bool:
    """Whether the source delivered under another use too: then its last word may be one of those, and even a row
    that repeats what was said under this use changes it."""
    if "speaks_twice" not in context.memory:
        others = Filing.objects.filter(source=context.source).exclude(use__in=[context.use, "statistical"])
        context.memory["speaks_twice"] = others.exists()
    return bool(context.memory["speaks_twice"])


def take_back(delivery: Import) -> int:
    """Delete the filings of a delivery and compute anew what they touched."""
    filings = Filing.objects.filter(delivery=delivery)
    touched: projection.Touched = defaultdict(set)
    for enterprise_id, period in filings.values_list("enterprise_id", "period"):
        touched[enterprise_id].add(period)
    removed, _ = filings.delete()
    projection.project(touched)
    return removed
