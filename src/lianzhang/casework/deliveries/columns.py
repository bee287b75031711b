"""Columns of the ledgers, with the kinds of the catalogue in force, and values as a process takes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from lianzhang.casework import fields as values
from lianzhang.casework import processes
from lianzhang.casework.catalogue import FILES
from lianzhang.casework.errors import Invalid
from lianzhang.city import services as city
from lianzhang.city.models import Organisation
from lianzhang.engines.casework import Process
from lianzhang.engines.tables import FieldSpec
from lianzhang.kernel import time as clock
from lianzhang.kernel.imports.dataset import Trouble
from lianzhang.registry.deliveries.columns import columns_of

#: Where an old ledger tells only the day: a matter came in at the opening of the offices and was closed at their close.
MORNING, EVENING = time(9), time(17, 30)


def columns(dataset: str) -> tuple[FieldSpec, ...]:
    """The columns of a ledger; a kind of matter by its code or its title."""
    kinds = {row["kind"]: [t for t in row["title"].values() if t] for row in city.section(FILES)}
    return tuple(replace(f, values=kinds) if f.code == "kind" else f for f in columns_of(dataset))


def instant(value: date, otherwise: time) -> datetime:
    """An instant with a zone: the city's where none was written, `otherwise` as time of day where only a day was."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, otherwise)
    return value if value.tzinfo else value.replace(tzinfo=clock.zone())


def named(parts: Mapping[str, Any], word: str) -> str | None:
    """The id of a state or move by its id or its title in any language."""
    if word in parts:
        return word
    return next((n for n, p in parts.items() if p.title and word in (p.title.zh, p.title.en)), None)


def choices(parts: Mapping[str, Any]) -> dict[str, str]:
    """What a message lists as expected."""
    return {"expected": "、".join((p.title.zh if p.title else None) or n for n, p in parts.items())}


class Offices:
    """Offices by code or name."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self.ids: dict[str, int] = {}
        for org in Organisation.objects.all():
            self.ids[org.code] = org.pk
            for word in (org.zh, org.en, org.code):
                self._codes[word] = org.code

    def code(self, word: str) -> str | None:
        """The code of the office that a ledger names; None where there is no such office."""
        return self._codes.get(word)


def json_object(text: str | None, column: str) -> dict[str, Any] | Trouble:
    """A cell that holds a JSON object; empty is an empty one."""
    if text is None:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Trouble("does_not_fit", column, text, {"variant": "json", "why": str(error)[:120]})
    if not isinstance(found, dict):
        return Trouble("does_not_fit", column, text, {"variant": "json", "why": type(found).__name__})
    return found


def cleaned(process: Process, given: dict[str, Any], move: str | None, offices: Offices) -> dict[str, Any]:
    """Values of an old ledger as the process stores them; what it did not write down stays unknown. Raises Invalid."""
    asked = values.of_move(process, move) if move else values.of_opening(process)
    known = {each.name: replace(each, required=False) for each in asked}
    for name in ("lead", "suggested_org"):
        if isinstance(given.get(name), str):
            given[name] = offices.code(given[name]) or given[name]
    extra = {f.name for f in process.fields} - known.keys()
    known |= {each.name: each for each in values.asked(process, extra, required=False)}
    return values.clean(known.values(), given)


def refusal(error: Invalid, column: str, shown: Any) -> Trouble:
    """Values that the process does not take, as a trouble of their cell."""
    return Trouble("does_not_fit", column, shown, {"why": str(error)[:300]})


@city.of_version(64)
def _firm_field(kind: str, version: int) -> str | None:
    process = processes.process(kind, version)
    return next((f.name for f in process.fields if f.type == "firm"), None)


def firm_field(kind: str) -> str | None:
    """The field of a kind that holds the asking enterprise."""
    return _firm_field(kind, city.version_id() or 0)
