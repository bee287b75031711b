"""A ledger of matters: one row a matter, open or closed."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from lianzhang.casework import processes
from lianzhang.casework.deliveries import take_over
from lianzhang.casework.deliveries.columns import (
    EVENING,
    MORNING,
    Offices,
    choices,
    cleaned,
    columns,
    firm_field,
    instant,
    json_object,
    named,
    refusal,
)
from lianzhang.casework.deliveries.reach import Reach, matters_by_number
from lianzhang.casework.errors import Invalid
from lianzhang.casework.history import given
from lianzhang.casework.models import Matter, MatterRecord
from lianzhang.engines.tables import FieldSpec
from lianzhang.kernel.imports.dataset import (
    CREATED,
    REJECTED,
    UNCHANGED,
    UPDATED,
    Context,
    Dataset,
    Outcome,
    Trouble,
)
from lianzhang.kernel.models import Event, Import
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.touched import Touched
from lianzhang.registry.deliveries.lookup import identify, ids_of, within_reach
from lianzhang.registry.models import Enterprise

FIXED = ("kind", "opened_at")
EXPORTED = ["number", "kind", "title", "text", "state", "opened_at", "closed_at", "lead_org", "uscc", "name", "area", "confidentiality",
            "fields", "source", "provenance"]  # fmt: skip


class Matters(Dataset):
    code = "matters"
    key = ("number",)

    def fields(self) -> tuple[FieldSpec, ...]:
        return columns("matters")

    def identify(self, rows: list[dict[str, Any]], context: Context) -> list[Trouble | None]:
        named_only = [r for r in rows if r.get("uscc") is None and r.get("name") is not None]
        found = iter(identify(named_only, context.actor))
        return [next(found) if r.get("uscc") is None and r.get("name") is not None else None for r in rows]

    def classify(self, rows: list[dict[str, Any]], context: Context) -> list[Outcome]:
        known, taken = matters_by_number({r["number"] for r in rows}, context.actor)
        said = take_over.said({r["number"] for r in rows})
        offices = context.memory.setdefault("offices", Offices())
        reach = context.memory.setdefault("reach", Reach(context.actor))
        firms = _firms(rows, context.actor)
        return [self._one(r, known.get(r["number"]), r["number"] in taken, said.get(r["number"], {}), firms, offices, reach) for r in rows]  # fmt: skip

    def _one(self, row: dict[str, Any], matter: Matter | None, taken: bool, before: dict[str, Any], firms: dict[str, Enterprise],
             offices: Offices, reach: Reach) -> Outcome:  # fmt: skip
        values, troubles = _values(row, firms, offices)
        if not troubles and (taken or (matter is not None and not before)):
            troubles = [Trouble("does_not_fit", "number", row["number"], {"variant": "own_matter"})]
        troubles += [
            Trouble("does_not_fit", name, row[name], {"variant": "other_opening"})
            for name in FIXED
            if not troubles and before and values.get(name) != before[name]
        ]
        if not troubles:
            path = reach.place(values.get("area"), firms.get(values.get("uscc", "")))
            if not reach.covers(path, offices.ids.get(values.get("lead_org", ""))):
                troubles = [Trouble("does_not_fit", "number", row["number"], {"variant": "out_of_reach"})]
        if troubles:
            return Outcome(REJECTED, troubles=troubles)
        same = bool(before) and all(before.get(k) == v for k, v in values.items())
        return Outcome(UNCHANGED if same else UPDATED if before else CREATED, write=(row["number"], values))

    def count(self, row: dict[str, Any], status: str, context: Context) -> None:
        tally = context.memory.setdefault("tally", defaultdict(Counter))
        opened = row.get("opened_at")
        lines = (
            ("state", str(row.get("state") or "")),
            ("year", str(opened.year) if opened else ""),
            ("all", ""),
        )
        for line in lines:
            tally[line][status] += 1

    def reconcile(self, context: Context) -> list[dict[str, Any]]:
        return take_over.reconciled(context.memory.get("tally", {}))

    def write(self, outcomes: list[Outcome], context: Context) -> None:
        fixed = {"delivery": context.delivery, "source": context.source, "use": context.use, "as_of": context.as_of,
                 "provenance": context.provenance}  # fmt: skip
        rows = [MatterRecord(number=o.write[0], values=o.write[1], **fixed) for o in outcomes]
        MatterRecord.objects.bulk_create(rows, batch_size=1000)
        changed: Touched[str] = context.memory.setdefault("numbers", Touched())
        changed.update(o.write[0] for o in outcomes if o.status != UNCHANGED)

    def project(self, context: Context) -> None:
        take_over.project(context.memory.pop("numbers", ()), context)

    def undo(self, delivery: Import, context: Context) -> int:
        rows = MatterRecord.objects.filter(delivery=delivery)
        numbers = Touched(rows.order_by().values_list("number", flat=True).iterator(chunk_size=2000))
        removed, _ = rows.delete()
        take_over.project(numbers, context)
        return removed

    def export(self, actor: Actor) -> tuple[list[str], Iterator[list[Any]]]:
        query = (
            Matter.objects.visible_to(actor)
            .select_related("lead_org", "enterprise", "area")
            .order_by("pk")
            .distinct()
        )
        return EXPORTED, _lines(query.iterator(chunk_size=1000))


def _lines(matters: Iterator[Matter]) -> Iterator[list[Any]]:
    while part := list(islice(matters, 400)):
        said: dict[str, dict[str, Any]] = defaultdict(dict)
        rows = Event.objects.filter(subject__in=[m.ref for m in part], verb__in=["opened", "amended"])
        for row in rows.order_by("seq"):
            said[row.subject] |= given(row) | row.data.get("fields", {})
        yield from (_line(m, said[m.ref]) for m in part)


def _line(m: Matter, said: dict[str, Any]) -> list[Any]:
    """`said`: what the matter was opened with; what its steps brought goes out with the steps."""
    fields = {k: v for k, v in said.items() if k != firm_field(m.kind)}
    return [
        m.number, m.kind, m.title, m.text or None, m.state, m.opened_at.isoformat(), m.closed_at.isoformat() if m.closed_at else None,
        m.lead_org.code if m.lead_org else None, m.enterprise.uscc if m.enterprise else None, m.enterprise.name if m.enterprise else None,
        m.area.code if m.area else None, m.confidentiality, json.dumps(fields, ensure_ascii=False, sort_keys=True) if fields else None,
        m.source or None, m.provenance or None,
    ]  # fmt: skip


def _firms(rows: list[dict[str, Any]], actor: Actor) -> dict[str, Enterprise]:
    """code → enterprise in the actor's sight."""
    ids = within_reach(ids_of(r["uscc"] for r in rows if r.get("uscc")), actor)
    found = Enterprise.objects.in_bulk(list(ids.values()))
    return {code: found[pk] for code, pk in ids.items() if pk in found}


def _values(
    row: dict[str, Any], firms: dict[str, Enterprise], offices: Offices
) -> tuple[dict[str, Any], list[Trouble]]:
    """What a row says, as it is kept; what stands against it."""
    process = processes.process(row["kind"])
    opened = instant(row["opened_at"], MORNING)
    out: dict[str, Any] = {"kind": row["kind"], "title": row["title"][:200], "opened_at": opened.isoformat()}
    troubles: list[Trouble] = []
    state = named(process.states, row["state"]) if row.get("state") else process.initial
    if state is None:
        return {}, [Trouble("unknown_code", "state", row["state"], choices(process.states))]
    out["state"] = state
    troubles += _closing(row, process.states[state].open, opened, out)
    if row.get("lead_org") and (code := offices.code(row["lead_org"])) is None:
        troubles.append(Trouble("unknown_code", "lead_org", row["lead_org"], {"expected": _some(offices)}))
    elif row.get("lead_org"):
        out["lead_org"] = code
    if row.get("uscc") and row["uscc"] not in firms:
        troubles.append(Trouble("unknown_enterprise", "uscc", row["uscc"]))
    given = json_object(row.get("fields"), "fields")
    if isinstance(given, Trouble):
        return {}, [*troubles, given]
    try:
        out["fields"] = cleaned(process, given, None, offices)
    except Invalid as error:
        troubles.append(refusal(error, "fields", row.get("fields")))
    out |= {k: row[k] for k in ("uscc", "area", "text") if row.get(k)}
    if row.get("confidentiality") is not None:
        out["confidentiality"] = int(row["confidentiality"])
    return out, troubles


def _closing(row: dict[str, Any], is_open: bool, opened: datetime, out: dict[str, Any]) -> list[Trouble]:
    closed = row.get("closed_at")
    if closed is None:
        variant = None if is_open else "no_closing_day"
    else:
        at = instant(closed, EVENING)
        out["closed_at"] = at.isoformat()
        variant = "still_open" if is_open else "before_opening" if at < opened else None
    if variant is None:
        return []
    field, shown = (
        ("closed_at", closed) if variant == "before_opening" else ("state", row.get("state") or out["state"])
    )
    return [Trouble("does_not_fit", field, shown, {"variant": variant})]


def _some(offices: Offices) -> str:
    return ", ".join(sorted(offices.ids)[:8]) + " …"
