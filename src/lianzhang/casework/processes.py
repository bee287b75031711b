"""Processes and the working calendar of the catalogue, kept in memory per version."""

from __future__ import annotations

from datetime import date
from typing import Any

from lianzhang.casework.catalogue import FILES
from lianzhang.city import services as city
from lianzhang.city.models import CatalogueVersion
from lianzhang.engines.casework import Process, WorkCalendar, load_process
from lianzhang.kernel import time


class UnknownKind(LookupError):
    """No process file of the catalogue describes the kind."""


def process(kind: str, version: int | None = None) -> Process:
    """The process of a kind in a catalogue version (default: the one in force). Raises UnknownKind."""
    found = _process(city.version_id() if version is None else version, kind)
    if found is None:
        raise UnknownKind(f"no process file describes the kind '{kind}'")
    return found


@city.of_version(128)
def _process(version: int | None, kind: str) -> Process | None:
    row = CatalogueVersion.objects.filter(pk=version or 0).values_list("content", flat=True).first() or {}
    data = next((p for p in row.get(FILES, []) if p["kind"] == kind), None)
    return load_process(_as_written(data)) if data else None


def _as_written(row: dict[str, Any]) -> dict[str, Any]:
    """The data of a process file with states, moves and clocks in the order of the file."""
    order = row["order"]
    data = {key: value for key, value in row.items() if key != "order"}
    return data | {part: {name: data[part][name] for name in names} for part, names in order.items() if names}


def kinds() -> list[tuple[str, str]]:
    """(kind, title) of the catalogue in force."""
    return [(row["kind"], city.in_language(row["title"])) for row in city.section(FILES)]


def calendar() -> WorkCalendar:
    """The working calendar in force, in the city's zone."""
    return _calendar(city.version_id())


@city.of_version(4)
def _calendar(version: int | None) -> WorkCalendar:
    rows = {date.fromisoformat(day): kind for day, kind in city.calendar_exceptions()}
    return WorkCalendar(rows, zone=time.zone())


def title_of(part: Any, name: str) -> str:
    """The title of a state, move, field or clock in the reader's language; its id where it has none."""
    found = getattr(part, "title", None)
    return city.in_language({"zh": found.zh or "", "en": found.en or ""}) or name if found else name
