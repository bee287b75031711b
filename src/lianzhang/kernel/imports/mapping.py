"""Decisions about columns: from the form to the map the table reader takes, and remembered for the next delivery."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from lianzhang.kernel import time
from lianzhang.kernel.keys import whole
from lianzhang.kernel.models import Import, ImportMapping
from lianzhang.kernel.scope import Actor

NAMED = ("mapped", "unknown_unit", "conflict", "other_year")


def from_form(
    sheets: list[dict[str, Any]], data: Mapping[str, str], before: dict[str, Any]
) -> dict[str, Any]:
    """The map of a posted form: what differs from what was found automatically, and what was decided before.

    Fields of the form: `s<i>-skip` (leave the sheet out), `s<i>-header_row`, `s<i>-<letter>-field` (a field code; empty:
    the column is not read) and `s<i>-<letter>-unit`. Unreadable row numbers count as not given.
    """
    out: dict[str, Any] = {}
    for i, sheet in enumerate(sheets):
        decided = before.get(sheet["name"]) or before.get("*") or {}
        body: dict[str, Any] = {}
        if data.get(f"s{i}-skip"):
            out[sheet["name"]] = {"skip": True}
            continue
        if row := _row_number(data.get(f"s{i}-header_row", ""), sheet, decided):
            body["header_row"] = row
        names = names_of(sheet)
        columns = dict(decided.get("columns", {}))
        for column in sheet["columns"]:
            letter = column["letter"]
            field, unit = data.get(f"s{i}-{letter}-field"), data.get(f"s{i}-{letter}-unit", "").strip()
            if field is not None and (field, unit) != shown(column):
                columns[names[letter]] = _choice(field, unit)
        if columns:
            body["columns"] = columns
        if body:
            out[sheet["name"]] = body
    return out


def shown(column: dict[str, Any]) -> tuple[str, str]:
    """The field and the unit the form shows for a column."""
    if column["status"] in NAMED:
        return column["field"] or "", column["unit"] or ""
    return "", ""


def _choice(field: str, unit: str) -> dict[str, Any]:
    if not field:
        return {"skip": True}
    return {"field": field, "unit": unit} if unit else {"field": field}


def _row_number(text: str, sheet: dict[str, Any], decided: dict[str, Any]) -> int | None:
    asked = whole(text, 5)
    if asked and asked != sheet["header_row"]:
        return asked
    return decided.get("header_row")


def names_of(sheet: dict[str, Any]) -> dict[str, str]:
    """letter → the name a column has in the map: its header where that is unique, so that it holds when columns move."""
    often = Counter(c["header"] for c in sheet["columns"])
    return {
        c["letter"]: c["header"] if c["header"] and often[c["header"]] == 1 else c["letter"]
        for c in sheet["columns"]
    }


def remember(row: Import, actor: Actor) -> None:
    """Keep the decisions for the next delivery of this source; one sheet's decisions hold for a sheet of any name."""
    columns = {
        name: {"columns": body["columns"]} for name, body in row.mapping.items() if body.get("columns")
    }
    if len(columns) == 1:
        columns = {"*": next(iter(columns.values()))}
    where = {"source": row.source, "dataset": row.dataset, "owner": actor.user, "fingerprint": ""}
    ImportMapping.objects.update_or_create(
        **where, defaults={"mapping": columns, "owner_org": actor.scope.org_id, "saved_at": time.now()}
    )


def remembered(source: str, dataset: str, actor: Actor) -> dict[str, Any]:
    """What was decided last about files of this source and data set, as far as this person may see it."""
    rows = ImportMapping.objects.visible_to(actor).filter(source=source, dataset=dataset, fingerprint="")
    found = rows.order_by("-saved_at").first()
    return found.mapping if found else {}
