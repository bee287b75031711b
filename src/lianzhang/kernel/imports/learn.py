"""Columns learnt from what was applied: a file whose headings resemble an earlier one is recognised, and says so.

Recognition never decides a unit against the file: a unit is taken over only where the file states none, and where it
states another one the difference is shown.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from lianzhang.engines.tables import resemblance
from lianzhang.kernel import time
from lianzhang.kernel.imports.mapping import NAMED, names_of
from lianzhang.kernel.models import Import, ImportMapping
from lianzhang.kernel.scope import Actor

OFFERED_FROM = 0.7
"""Likeness of all headings from which an earlier sheet is offered."""
COMPARED = 200
"""Learnt sheets a file is compared with: the latest."""


def fingerprint(headings: list[str]) -> str:
    """What a sheet is recognised by: its headings without units and years, in any order."""
    names = sorted(resemblance.heading_name(h) for h in headings)
    return hashlib.sha256(json.dumps(names, ensure_ascii=False).encode()).hexdigest()


def learn(row: Import, actor: Actor) -> None:
    """Keep how the sheets of an applied delivery were read. Whose word an unnamed source is nobody can tell: not kept."""
    if row.source in ("", "unnamed"):
        return
    for sheet in row.report.get("tables", []):
        columns = [_kept(c) for c in sheet["columns"] if c["header"] and not _own(c["header"])]
        if not sheet["rows"] or not any(field for _heading, field, _unit in columns):
            continue
        ImportMapping.objects.update_or_create(
            source=row.source, dataset=row.dataset, owner=actor.user, fingerprint=fingerprint([c[0] for c in columns]),
            defaults={"columns": columns, "delivery": row, "owner_org": actor.scope.org_id, "saved_at": time.now()},
        )  # fmt: skip


def _kept(column: dict[str, Any]) -> list[str]:
    read = column["status"] == "mapped"
    return [column["header"], column["field"] if read else "", (column["unit"] or "") if read else ""]


def _own(heading: str) -> bool:
    """The columns of a file of refused rows belong to no table."""
    return heading in ("_sheet", "_row", "_reason")


def offers(row: Import, actor: Actor) -> list[dict[str, Any]]:
    """Of each sheet the earlier one it resembles most, with what that one says of its columns (JSON values)."""
    query = ImportMapping.objects.visible_to(actor).filter(dataset=row.dataset).exclude(fingerprint="")
    if row.source not in ("", "unnamed"):
        query = query.filter(source=row.source)
    learnt = list(query.select_related("delivery").order_by("-saved_at", "-pk")[:COMPARED])
    out = []
    for sheet in row.report.get("tables", []):
        if sheet["columns"] and not sheet["skipped_sheet"] and (found := _best(sheet, learnt)):
            out.append(_offer(sheet, *found))
    seen = Import.objects.visible_to(actor).filter(pk__in=[o["delivery"] for o in out if o["delivery"]])
    here = set(seen.values_list("pk", flat=True))
    return [o | {"delivery": o["delivery"] if o["delivery"] in here else None} for o in out]


def _best(
    sheet: dict[str, Any], learnt: list[ImportMapping]
) -> tuple[ImportMapping, resemblance.Resemblance] | None:
    """The most alike; of equal ones the latest."""
    headings = [c["header"] for c in _columns(sheet)]
    best = None
    for each in learnt:
        found = resemblance.resemble(headings, [c[0] for c in each.columns])
        if found.score >= OFFERED_FROM and (best is None or found.score > best[1].score + 1e-9):
            best = each, found
    return best


def _columns(sheet: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for c in sheet["columns"] if c["header"] and not _own(c["header"])]


def _offer(sheet: dict[str, Any], learnt: ImportMapping, found: resemblance.Resemblance) -> dict[str, Any]:
    """What taking the earlier sheet's columns over would mean for this one."""
    here, names = _columns(sheet), names_of(sheet)
    taken = {c["field"] for c in here if c["status"] == "mapped"}
    columns, decided = [], {}
    for pair in found.pairs:
        column, (then, field, unit) = here[pair.new], learnt.columns[pair.old]
        now = column["field"] if column["status"] in NAMED else ""
        line = {
            "letter": column["letter"], "header": column["header"], "then": then, "likeness": round(pair.likeness, 2),
            "field_then": field, "field_now": now or "", "unit_then": unit, "unit_now": column["unit"] or "", "change": "",
        }  # fmt: skip
        if choice := _choice(column, line, taken):
            decided[names[column["letter"]]] = choice
            taken.add(choice.get("field"))
        columns.append(line)
    paired = {p.new for p in found.pairs}, {p.old for p in found.pairs}
    return {
        "sheet": sheet["name"], "source": learnt.source, "delivery": learnt.delivery_id, "learnt": learnt.pk,
        "at": (learnt.delivery.applied_at if learnt.delivery and learnt.delivery.applied_at else learnt.saved_at).isoformat(),
        "same": found.same, "total": len(learnt.columns), "alike": len(found.pairs) - found.same, "score": round(found.score, 3),
        "exact": found.same == len(learnt.columns) == len(here), "columns": columns, "decided": decided,
        "new": [c["header"] for i, c in enumerate(here) if i not in paired[0]],
        "gone": [c[0] for j, c in enumerate(learnt.columns) if j not in paired[1]],
        "units_differ": any(c["change"] == "unit_differs" for c in columns),
    }  # fmt: skip


def _choice(column: dict[str, Any], line: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    """The decision taken over for a column, empty where nothing changes; `line` is told why."""
    field, unit, now = line["field_then"], line["unit_then"], line["field_now"]
    if not field:
        if now and line["likeness"] == 1.0:
            line["change"] = "not_read"
            return {"skip": True}
        return {}
    if now == field:
        if column["unit"] and unit and column["unit"] != unit:
            line["change"] = "unit_differs"  # the file's own word counts; the person is told
            return {}
        if column["status"] == "unknown_unit" and unit:
            line["change"] = "unit"
            return {"field": field, "unit": unit}
        return {}
    if field in taken or (now and line["likeness"] < 1.0):
        return {}  # only the very same heading is read otherwise than it reads by itself
    line["change"] = "field"
    return {"field": field}
