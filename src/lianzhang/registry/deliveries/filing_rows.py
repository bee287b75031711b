"""Write, compare and take back filings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from lianzhang.kernel import bulk
from lianzhang.kernel.imports.dataset import Context, Trouble
from lianzhang.kernel.masking import Sight
from lianzhang.kernel.models import Import
from lianzhang.registry import consents, merged, projection
from lianzhang.registry.first_words import around, delivered, insert_figures, insert_held
from lianzhang.registry.models import Filing

TAKEN_BACK = 4000
Row = tuple[int, str, dict[str, Any]]
"""(enterprise, period, values)"""


def close_enough(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether everything a row says was already the last word of its source."""
    return now.items() <= before.items() if before else not now


def conflicts(
    others: dict[str, dict[str, Any]], now: dict[str, Any], sight: Sight | None = None
) -> list[Trouble]:
    """A doubt for each field where another source says something else; of several the first one's word is shown, so far
    as it is in sight."""
    sight = sight or Sight()
    out = []
    for name, value in now.items():
        different = [said[name] for said in others.values() if name in said and said[name] != value]
        if different:
            other = {"other": sight.show(name, different[0])}
            out.append(Trouble("conflict_with_other_source", name, sight.show(name, value), other))
    return out


def insert(
    rows: Iterable[Row],
    context: Context,
    unchanged: Collection[int] = frozenset(),
    first: Collection[tuple[int, str]] = frozenset(),
) -> None:
    """One filing a row, and what is shown by them. What is shown of enterprises in `unchanged` stays as it is; of the
    enterprises and periods in `first` nobody said anything before."""
    rows = list(rows)
    if context.use == "statistical":  # never shown
        bulk.insert_rows(Filing, ("enterprise_id", "period", "values"), rows, delivered(context))
        return
    if context.use == consents.USE:
        rule = consents.Rule(pk for pk, _, _ in rows)
        split = [(pk, period, *rule.split(pk, period, context.source, said)) for pk, period, said in rows]
        insert_held([row for row in split if row[3]], context)
        rows = [row[:3] for row in split if not row[3]]
        unchanged = frozenset()
        partly: projection.Touched = defaultdict(set)
        for pk, period, _used, held in split:
            if held:
                partly[pk].add(period)
        if partly:
            projection.project(partly, around(context))
    if _speaks_twice(context):
        unchanged, first = frozenset(), frozenset()
    firms = merged.groups(pk for pk, _ in first)
    several = {
        pk for root, entries in firms.items() for pk in (root, *entries)
    }  # what is shown hangs on all of them
    first = {each for each in first if each[0] not in several}
    once = Counter((pk, period) for pk, period, _ in rows)
    fresh = [row for row in rows if row[:2] in first and once[row[:2]] == 1]
    others = [row for row in rows if row[:2] not in first or once[row[:2]] > 1]
    insert_figures(fresh, context)
    bulk.insert_rows(Filing, ("enterprise_id", "period", "values"), others, delivered(context))
    touched: projection.Touched = defaultdict(set)
    for pk, period, _ in others:
        if pk not in unchanged:
            touched[pk].add(period)
    if touched:
        projection.project(touched, around(context))


def _speaks_twice(context: Context) -> bool:
    """Whether the source delivered under another use too: then its last word may be one of those, and even a row
    that repeats what was said under this use changes it."""
    if "speaks_twice" not in context.memory:
        others = Filing.objects.filter(source=context.source).exclude(use__in=[context.use, "statistical"])
        context.memory["speaks_twice"] = others.exists()
    return bool(context.memory["speaks_twice"])


def take_back(delivery: Import) -> int:
    """Delete the filings of a delivery and compute anew what they touched, some thousands at a time."""
    looked_up, removed, last = projection.Around.known(), 0, 0
    own = Filing.objects.filter(delivery=delivery).order_by("pk")
    while part := list(own.filter(pk__gt=last).values_list("pk", "enterprise_id", "period")[:TAKEN_BACK]):
        touched: projection.Touched = defaultdict(set)
        for _, enterprise_id, period in part:
            touched[enterprise_id].add(period)
        last = part[-1][0]
        removed += own.filter(pk__lte=last).order_by().delete()[0]
        projection.project(touched, looked_up)
    return removed
