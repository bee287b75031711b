"""Which word counts: of each source the last one, between sources the one of the best rank."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from lianzhang.city import services as city
from lianzhang.domains.chains.models.ledger import Purchase
from lianzhang.kernel.bulk import parts, update_rows

LAST_RANK = 99
CHUNK = 900


def words_of(
    model: type[Purchase], keys: Iterable[int], told: Q | None = None
) -> dict[int, dict[str, float]]:
    """key → source → the amount in its last word; `told` narrows to the words that somebody may be told."""
    out: dict[int, dict[str, float]] = {}
    for part in parts(sorted(set(keys)), CHUNK):
        rows = model._default_manager.filter(told or Q(), key__in=part, current=True).order_by()
        for key, source, value in rows.values_list("key", "source", "value"):
            out.setdefault(key, {})[source] = value
    return out


def mark(model: type[Purchase], keys: Iterable[int]) -> None:
    """Set `current` and `counted` anew for all words under these keys; equal words of a source keep the first."""
    rank = city.ranks()
    for part in parts(keys, CHUNK):
        last: dict[tuple[int, str], Purchase] = {}
        rows = list(model._default_manager.filter(key__in=part).order_by("id"))
        for row in rows:
            shown = last.get((row.key, row.source))
            if shown is None or shown.value != row.value:
                last[row.key, row.source] = row
        best: dict[int, Purchase] = {}
        for row in last.values():
            held = best.get(row.key)
            if row.use != "statistical" and (held is None or _order(row, rank) < _order(held, rank)):
                best[row.key] = row
        _store(model, rows, {r.pk for r in last.values()}, {r.pk for r in best.values()})


def _order(row: Purchase, rank: dict[str, int]) -> tuple[int, int, int]:
    return rank.get(row.source, LAST_RANK), -row.as_of.toordinal(), -row.pk


def _store(model: type[Purchase], rows: list[Purchase], current: set[int], counted: set[int]) -> None:
    changed = []
    for row in rows:
        wanted = row.pk in current, row.pk in counted
        if (row.current, row.counted) != wanted:
            changed.append((*wanted, row.pk))
    update_rows(model, ("current", "counted"), changed)
