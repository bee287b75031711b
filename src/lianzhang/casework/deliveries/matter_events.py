"""The steps of matters that were taken over: one row a step, replayed through the process of the kind."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lianzhang.casework import processes
from lianzhang.casework.deliveries import replay, take_over
from lianzhang.casework.deliveries.columns import (
    MORNING,
    Offices,
    choices,
    cleaned,
    columns,
    instant,
    json_object,
    named,
    refusal,
)
from lianzhang.casework.deliveries.held import Held
from lianzhang.casework.deliveries.reach import matters_by_number
from lianzhang.casework.errors import Invalid
from lianzhang.casework.history import BUILT_IN, engine_events, given, ledger_name
from lianzhang.casework.models import Matter, MatterEventRecord
from lianzhang.engines.casework import Process
from lianzhang.engines.tables import FieldSpec
from lianzhang.kernel import events
from lianzhang.kernel.imports.dataset import (
    CREATED,
    REJECTED,
    UNCHANGED,
    Context,
    Dataset,
    Outcome,
    Trouble,
)
from lianzhang.kernel.models import Event, Import
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.touched import Touched


class MatterEvents(Dataset):
    code = "matter_events"
    key = ("matter", "at", "type", "data")

    def fields(self) -> tuple[FieldSpec, ...]:
        return columns("matter_events")

    def classify(self, rows: list[dict[str, Any]], context: Context) -> list[Outcome]:
        known, _ = matters_by_number({r["matter"] for r in rows}, context.actor)
        held: Held = context.memory.setdefault("held", Held(written=context.delivery is not None))
        offices = context.memory.setdefault("offices", Offices())
        histories = held.of(known.values())
        out: list[Outcome | None] = [None] * len(rows)
        # Steps of a matter are replayed in the order in which they happened, whatever the order of the lines.
        for i in sorted(range(len(rows)), key=lambda i: instant(rows[i]["at"], MORNING)):
            matter = known.get(rows[i]["matter"])
            out[i] = self._one(rows[i], matter, histories.get(matter.pk) if matter else None, offices)
        return [o for o in out if o is not None]

    def _one(
        self, row: dict[str, Any], matter: Matter | None, history: replay.History | None, offices: Offices
    ) -> Outcome:
        if matter is None or history is None:
            return Outcome(
                REJECTED, troubles=[Trouble("unknown_code", "matter", row["matter"], {"expected": "…"})]
            )
        if matter.provenance != take_over.IMPORTED:
            return Outcome(
                REJECTED,
                troubles=[Trouble("does_not_fit", "matter", row["matter"], {"variant": "own_matter"})],
            )
        process = processes.process(matter.kind, matter.process_version_id)
        step = row["type"] if row["type"] in BUILT_IN - {"annulled"} else named(process.moves, row["type"])
        if step is None:
            return Outcome(
                REJECTED, troubles=[Trouble("unknown_code", "type", row["type"], choices(process.moves))]
            )
        data = json_object(row.get("data"), "data")
        if isinstance(data, Trouble):
            return Outcome(REJECTED, troubles=[data])
        at = instant(row["at"], MORNING)
        if step not in BUILT_IN:
            try:
                data = cleaned(process, data, step, offices)
            except Invalid as error:
                return Outcome(REJECTED, troubles=[refusal(error, "data", row.get("data"))])
        if (seq := history.known(at, step, data)) is not None:
            own = step not in ("opened", "taken_over")
            return Outcome(UNCHANGED, write=(matter.pk, seq) if own else None)
        by = row.get("by") or ""
        why = history.add(at, step, by, data)
        if why:
            return Outcome(REJECTED, troubles=[Trouble("does_not_fit", "type", row["type"], {"why": why})])
        return Outcome(CREATED, write=(matter.pk, at, step, by, data, history.state_after(step)))

    def count(self, row: dict[str, Any], status: str, context: Context) -> None:
        tally = context.memory.setdefault("tally", defaultdict(Counter))
        at = row.get("at")
        for line in (("step", str(row.get("type") or "")), ("year", str(at.year) if at else ""), ("all", "")):
            tally[line][status] += 1

    def reconcile(self, context: Context) -> list[dict[str, Any]]:
        out = take_over.reconciled(context.memory.get("tally", {}))
        some, n = context.memory.get("differing", ([], 0))
        if n:
            # The steps do not lead to the state the ledger tells of: it stands, and the clocks are not known.
            line = {
                "by": "steps_incomplete",
                "value": ", ".join(some),
                "rows": n,
                "accepted": n,
                "refused": 0,
            }
            out.append(line)
        return out

    def write(self, outcomes: list[Outcome], context: Context) -> None:
        new = sorted((o.write for o in outcomes if o.status == CREATED), key=lambda w: w[1])
        again = [o.write for o in outcomes if o.status == UNCHANGED and o.write is not None]
        drafts = [_draft(context, *write) for write in new]
        fixed = {"delivery": context.delivery, "source": context.source, "use": context.use, "as_of": context.as_of,
                 "provenance": context.provenance}  # fmt: skip
        rows = events.record_many(context.actor, drafts)
        told = [*again, *((w[0], row.seq) for w, row in zip(new, rows, strict=True))]
        MatterEventRecord.objects.bulk_create(
            [MatterEventRecord(matter_id=pk, seq=seq, **fixed) for pk, seq in told], batch_size=1000
        )
        context.memory.setdefault("touched", Touched()).update(w[0] for w in new)

    def project(self, context: Context) -> None:
        context.memory["differing"] = replay.settle(context.memory.pop("touched", ()), context)
        context.memory.pop("held", None)

    def undo(self, delivery: Import, context: Context) -> int:
        return replay.take_back(delivery, context)

    def export(self, actor: Actor) -> tuple[list[str], Iterator[list[Any]]]:
        return ["matter", "at", "type", "by", "data"], _lines(actor)


def _draft(
    context: Context, pk: int, at: datetime, step: str, by: str, data: dict[str, Any], to: str | None
) -> events.Draft:
    body = {**take_over.mark(context), "given": data, "to": to, "role": ""}
    return events.Draft(f"matter:{pk}", step, body, {"ledger": {"by": by}} if by else {}, at)


def _lines(actor: Actor) -> Iterator[list[Any]]:
    query = (
        Matter.objects.visible_to(actor)
        .order_by("pk")
        .distinct()
        .only("pk", "number", "kind", "process_version")
    )
    for matter in query.iterator(chunk_size=500):
        process = processes.process(matter.kind, matter.process_version_id)
        rows = list(Event.objects.filter(subject=matter.ref).select_related("actor").order_by("seq"))
        for row in _in_force(process, rows, matter.pk):
            words = given(row)
            by = ledger_name(row) if "imported" in row.data else row.actor.username if row.actor else "system"
            yield [matter.number, row.at.isoformat(), row.verb, by or None, json.dumps(words, ensure_ascii=False, sort_keys=True) if words else None]  # fmt: skip


def _in_force(process: Process, rows: list[Event], pk: int) -> list[Event]:
    """The steps that count, in the order in which they happened; numbers of annulled ones mean nothing elsewhere."""
    by_seq = {row.seq: row for row in rows}
    return [by_seq[e.seq] for e in replay.in_force(engine_events(process, rows, pk))]
