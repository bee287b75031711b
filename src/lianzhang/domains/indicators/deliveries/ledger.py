"""Which word counts: per source and vintage the last one; shown is the newest vintage of the best source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from lianzhang.city import services as city
from lianzhang.domains.indicators.models import Observation
from lianzhang.kernel.bulk import parts

LAST_RANK, CHUNK = 99, 900


def words(keys: Iterable[int]) -> dict[tuple[int, date | None], dict[str, tuple[float, str]]]:
    """(key, vintage) → source → its last word (value, precision)."""
    out: dict[tuple[int, date | None], dict[str, tuple[float, str]]] = {}
    for part in parts(sorted(set(keys)), CHUNK):
        rows = Observation.objects.filter(key__in=part, latest=True).order_by("id")
        for key, vintage, source, value, precision in rows.values_list(
            "key", "vintage", "source", "value", "precision"
        ):
            out.setdefault((key, vintage), {})[source] = value, precision
    return out


def mark(keys: Iterable[int]) -> None:
    """Set `latest` and `current` anew for all words under these keys; equal words of a source keep the first."""
    rank = city.ranks()
    for part in parts(keys, CHUNK):
        rows = list(Observation.objects.filter(key__in=part).order_by("id"))
        last: dict[tuple[Any, ...], Observation] = {}
        for row in rows:
            said = row.key, row.source, row.vintage
            shown = last.get(said)
            if shown is None or (shown.value, shown.precision) != (row.value, row.precision):
                last[said] = row
        best: dict[int, Observation] = {}
        for row in last.values():
            held = best.get(row.key)
            if held is None or _order(row, rank) > _order(held, rank):
                best[row.key] = row
        _store(rows, {r.pk for r in last.values()}, {r.pk for r in best.values()})


def _order(row: Observation, rank: dict[str, int]) -> tuple[date, int, int]:
    return row.vintage or date.min, -rank.get(row.source, LAST_RANK), row.pk


def _store(rows: list[Observation], latest: set[int], current: set[int]) -> None:
    """Write only what changed, a statement per pair of marks."""
    groups: dict[tuple[bool, bool], list[int]] = {}
    for row in rows:
        wanted = row.pk in latest, row.pk in current
        if (row.latest, row.current) != wanted:
            groups.setdefault(wanted, []).append(row.pk)
    for (is_latest, is_current), ids in groups.items():
        for i in range(0, len(ids), CHUNK):
            Observation.objects.filter(pk__in=ids[i : i + CHUNK]).update(latest=is_latest, current=is_current)
