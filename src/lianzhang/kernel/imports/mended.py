"""Refused rows that come back mended in a file of one's own, without the columns that say where they stood.

They are known by what they name, where that leaves no doubt: one open refused row of the same source, data set, use and
period bears the key, and one row of the new delivery.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from lianzhang.kernel.bulk import parts
from lianzhang.kernel.imports.plan import Plan
from lianzhang.kernel.imports.refused import PART, Link, Returned
from lianzhang.kernel.models import Import, RefusedRow
from lianzhang.kernel.scope import Actor


def links(delivery: Import, actor: Actor, plan: Plan, known: Collection[Link]) -> list[Link]:
    """Which rows of the plan are, by their key, refused ones that this person may see. `known`: links found before."""
    waiting = _awaited(delivery)
    for link in known:
        waiting.pop(link.old.key, None)
    taken = {(link.new.sheet, link.new.row) for link in known}
    rows = [r for r in plan.bearing(waiting) if (r[2], r[3]) not in taken] if waiting else []
    seen = _seen(actor, [waiting[key] for key, *_ in rows])
    return [
        Link(seen[waiting[key]], Returned("", 0, sheet, row, status, []))
        for key, status, sheet, row in rows
        if waiting[key] in seen
    ]


def _awaited(delivery: Import) -> dict[str, int]:
    """Key → the one open refused row that bears it."""
    rows = RefusedRow.objects.filter(
        source=delivery.source, dataset=delivery.dataset, state=RefusedRow.State.OPEN, delivery__state=Import.State.APPLIED,
        delivery__use=delivery.use, delivery__period=delivery.period,
    )  # fmt: skip
    found = list(rows.exclude(key="").exclude(delivery_id=delivery.pk).values_list("key", "pk"))
    bearers = Counter(key for key, _pk in found)
    return {key: pk for key, pk in found if bearers[key] == 1}


def _seen(actor: Actor, pks: list[int]) -> dict[int, RefusedRow]:
    visible = RefusedRow.objects.visible_to(actor)
    return {row.pk: row for part in parts(pks, PART) for row in visible.filter(pk__in=part)}
