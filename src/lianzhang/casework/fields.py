"""Values that people give with a matter or a move: which are asked, of which type, and whether they hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from lianzhang.casework import processes, words
from lianzhang.casework.errors import Invalid
from lianzhang.casework.parties import leader, organisation
from lianzhang.casework.texts import bounded
from lianzhang.engines.casework import Process

TEXT, LONGTEXT, LARGEST, MOST_YUAN = 500, 20_000, 1e15, 1e13
#: Types of needs that a process file names without declaring a field.
TYPES = {
    "lead": "lead", "suggested_org": "org", "solved": "bool", "satisfaction": "choice", "suggested": "text",
}  # fmt: skip
CHOICES = {"satisfaction": ("satisfied", "basically", "not")}
ALWAYS = "comment"


@dataclass(frozen=True)
class Asked:
    """One value that a form asks for."""

    name: str
    type: str
    title: str
    required: bool
    of: tuple[str, ...] = ()
    unit: str = ""


def asked(process: Process, names: Iterable[str], required: bool = True) -> list[Asked]:
    """The named values, each as its field declares it, or as its usual kind when it is no field."""
    declared = {spec.name: spec for spec in process.fields}
    found = []
    for name in names:
        spec = declared.get(name)
        if spec is None:
            kind = TYPES.get(name, "longtext")
            found.append(Asked(name, kind, words.need(name), required, CHOICES.get(name, ())))
        else:
            title = processes.title_of(spec, words.need(name))
            found.append(Asked(name, spec.type, title, required, spec.of, spec.unit or ""))
    return found


def of_opening(process: Process) -> list[Asked]:
    """All fields of a kind, as they are asked when a matter is opened."""
    return [
        Asked(f.name, f.type, processes.title_of(f, f.name), f.required, f.of, f.unit or "")
        for f in process.fields
    ]


def of_move(process: Process, move: str) -> list[Asked]:
    """What a move asks for: its needs, and a remark if one likes."""
    return [*asked(process, process.moves[move].needs), *asked(process, (ALWAYS,), required=False)]


def clean(wanted: Iterable[Asked], data: Mapping[str, Any]) -> dict[str, Any]:
    """The given values as JSON values of their types; empty ones are left out. Raises Invalid with all problems."""
    known = {each.name: each for each in wanted}
    problems = {name: _("is not asked here; leave it out") for name in data if name not in known}
    found: dict[str, Any] = {}
    for name, each in known.items():
        try:
            value = bounded(data[name], LONGTEXT) if isinstance(data.get(name), str) else data.get(name)
            if value is None or value == "" or value == []:
                if each.required:
                    problems[name] = _("is missing; please fill it in")
                continue
            found[name] = _READERS.get(each.type, _text)(value, each)
        except ValueError as error:
            problems[name] = str(error)
    if problems:
        raise Invalid(problems)
    return found


def _text(value: Any, each: Asked, limit: int = TEXT) -> str:
    if not isinstance(value, str):
        raise ValueError(_("is no text"))
    return bounded(value, limit)


def _long(value: Any, each: Asked) -> str:
    return _text(value, each, LONGTEXT)


def _choice(value: Any, each: Asked) -> str:
    if each.of and value not in each.of:
        raise ValueError(_("is none of the choices: %(choices)s") % {"choices": ", ".join(each.of)})
    return _text(value, each)


def _number(value: Any, each: Asked) -> float | int:
    try:
        number = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number) or abs(number) > LARGEST:
        raise ValueError(
            _("“%(value)s” is no number; enter digits, or leave it empty when not known")
            % {"value": str(value)[:40]}
        )
    return int(number) if number.is_integer() else number


def _whole(value: Any, each: Asked) -> int:
    number = _number(value, each)
    if isinstance(number, float):
        raise ValueError(_("“%(value)s” is no whole number") % {"value": str(value)[:40]})
    return number


def _money(value: Any, each: Asked) -> float | int:
    amount = _number(value, each)
    if amount < 0:
        raise ValueError(_("is below zero"))
    if amount > MOST_YUAN:
        raise ValueError(_("is more than ten trillion yuan; check the unit"))
    return amount


def _bool(value: Any, each: Asked) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise ValueError(_("is neither yes nor no"))


def _date(value: Any, each: Asked) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise ValueError(_("“%(value)s” is no date as 2023-04-10") % {"value": str(value)[:40]}) from error


def _datetime(value: Any, each: Asked) -> str:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(
            _("“%(value)s” is no time as 2023-04-10T09:00+08:00") % {"value": str(value)[:40]}
        ) from error
    if found.tzinfo is None:
        raise ValueError(_("“%(value)s” has no zone") % {"value": str(value)[:40]})
    return found.isoformat()


def _lead(value: Any, each: Asked) -> str:
    leader(str(value))
    return str(value)


def _org(value: Any, each: Asked) -> str:
    return organisation(str(value)).code


_READERS: dict[str, Callable[[Any, Asked], Any]] = {
    "longtext": _long, "choice": _choice, "int": _whole, "number": _number, "decimal": _number, "money": _money,
    "bool": _bool, "date": _date, "datetime": _datetime, "lead": _lead, "org": _org,
}  # fmt: skip
