"""Titles held by enterprises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q

from lianzhang.engines.tables import FieldSpec
from lianzhang.kernel.bulk import parts
from lianzhang.kernel.imports.changes import changes
from lianzhang.kernel.imports.dataset import (
    CREATED,
    REJECTED,
    UNCHANGED,
    UPDATED,
    Context,
    Dataset,
    Outcome,
    Trouble,
    known,
)
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.touched import Touched
from lianzhang.registry.deliveries.columns import columns_of
from lianzhang.registry.deliveries.lookup import identify, ids_of, told_to, within_reach
from lianzhang.registry.models import Title

HELD = ("level", "batch", "granted_on", "expires_on")
"""What makes a word on a title another one; who only tells of its award says nothing of the title itself."""
SAID = (*HELD, "award", "paid")


class Titles(Dataset):
    code = "titles"
    key = ("uscc", "title", "batch")

    def fields(self) -> tuple[FieldSpec, ...]:
        return columns_of("titles")

    def identify(self, rows: list[dict[str, Any]], context: Context) -> list[Trouble | None]:
        return identify(rows, context.actor)

    def classify(self, rows: list[dict[str, Any]], context: Context) -> list[Outcome]:
        ids = within_reach(ids_of(row["uscc"] for row in rows), context.actor)
        before: dict[tuple[int, str, str], dict[str, Any]] = {}
        known_to = Title.objects.filter(told_to(context.actor), enterprise_id__in=list(ids.values()))
        for t in known_to.filter(source=context.source).order_by("id"):
            before[t.enterprise_id, t.title, t.batch] = {n: getattr(t, n) for n in SAID}
        out = []
        for row in rows:
            pk = ids.get(row["uscc"])
            if pk is None:
                out.append(Outcome(REJECTED, troubles=[Trouble("unknown_enterprise", "uscc", row["uscc"])]))
                continue
            values = known(row, SAID)
            earlier = before.get((pk, row["title"], row.get("batch") or ""))
            same = earlier is not None and all(earlier[n] == v for n, v in values.items())
            status = UNCHANGED if same else UPDATED if earlier is not None else CREATED
            changed = changes(values, earlier or {}, context.source) if status == UPDATED else []
            out.append(Outcome(status, write=(pk, row["title"], values), changes=changed))
        return out

    def write(self, outcomes: list[Outcome], context: Context) -> None:
        context.memory.setdefault("touched", Touched()).update(o.write[0] for o in outcomes)
        objects = []
        for o in outcomes:
            pk, title, values = o.write
            objects.append(
                Title(
                    enterprise_id=pk,
                    title=title,
                    delivery=context.delivery,
                    source=context.source,
                    use=context.use,
                    as_of=context.as_of,
                    provenance=context.provenance,
                    **values,
                )
            )
        Title.objects.bulk_create(objects, batch_size=2000)

    def project(self, context: Context) -> None:
        _mark_current(context.memory.pop("touched", ()))

    def undo(self, delivery: Import, context: Context) -> int:
        rows = Title.objects.filter(delivery=delivery)
        keys = rows.order_by().values_list("enterprise_id", flat=True)
        touched = Touched(keys.iterator(chunk_size=2000))
        removed, _ = rows.delete()
        _mark_current(touched)
        return removed

    def export(self, actor: Actor) -> tuple[list[str], Iterator[list[Any]]]:
        columns = [
            "uscc",
            "name",
            "title",
            "level",
            "batch",
            "granted_on",
            "expires_on",
            "award",
            "paid",
            "source",
            "as_of",
            "provenance",
        ]
        known = Q(enterprise__registered=True) | Q(enterprise__survivor__isnull=False)
        query = (
            Title.objects.filter(known, current=True)
            .visible_to(actor)
            .select_related("enterprise")
            .order_by("enterprise__uscc", "title", "batch")
        )
        return columns, (
            [t.enterprise.uscc, t.enterprise.name, t.title, t.level, t.batch, t.granted_on, t.expires_on, t.award, t.paid, t.source, t.as_of,
             t.provenance or ("synthetic" if t.enterprise.synthetic else None)]
            for t in query.iterator(chunk_size=2000)
        )  # fmt: skip


def _mark_current(enterprise_ids: Iterable[int]) -> None:
    """Of deliveries of one title the last word counts; equal ones keep the first. What was delivered for statistical use
    counts nowhere: no list, filter, tag or anchor knows it."""
    for part in parts(enterprise_ids, 900):
        changed = _changed(Title.objects.filter(enterprise_id__in=part).order_by("id"))
        for wanted in (True, False):
            for ids in parts([t.pk for t in changed if t.current is wanted], 900):
                Title.objects.filter(pk__in=ids).update(current=wanted)


def _changed(rows: Iterable[Title]) -> list[Title]:
    """The titles of some enterprises, in order of delivery, that count now and did not, or did and do not."""
    changed = []
    last: dict[tuple[int, str, str], Title] = {}
    for t in rows:
        key = (t.enterprise_id, t.title, t.batch)
        shown = last.get(key)
        new = shown is None or any(getattr(t, n) not in (None, "", getattr(shown, n)) for n in HELD)
        wins = new and t.use != "statistical"
        if wins and shown is not None and shown.current:
            shown.current = False
            changed.append(shown)
        if t.current != wins:
            t.current = wins
            changed.append(t)
        if wins:
            last[key] = t
    return changed
