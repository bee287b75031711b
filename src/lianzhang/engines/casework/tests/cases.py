"""Small processes, histories and the published calendars of 2022 and 2023 for the tests."""

from datetime import date, datetime
from typing import Any

from lianzhang.engines.casework import Event, Process, Reading, WorkCalendar, clocks, load_process

# State Council notices on holidays of 2022 and 2023: month-day of holidays, then of make-up working days.
HOLIDAYS = {
    2022: "0101-0103 0131-0206 0403-0405 0430-0504 0603-0605 0910-0912 1001-1007",
    2023: "0101-0102 0121-0127 0405-0405 0429-0503 0622-0624 0929-1006",
}
MAKE_UP = {2022: "0129 0130 0402 0424 0507 1008 1009", 2023: "0128 0129 0423 0506 0625 1007 1008"}


def _day(year: int, text: str) -> date:
    return date(year, int(text[:2]), int(text[2:]))


def published() -> dict[date, str]:
    found: dict[date, str] = {}
    for year, spans in HOLIDAYS.items():
        for span in spans.split():
            first, last = (_day(year, part).toordinal() for part in span.split("-"))
            found |= {date.fromordinal(day): "holiday" for day in range(first, last + 1)}
        found |= {_day(year, part): "workday" for part in MAKE_UP[year].split()}
    return found


CALENDAR = WorkCalendar(published())


def at(text: str) -> datetime:
    """``2023-04-10 09:00`` in Beijing time."""
    return datetime.fromisoformat(f"{text}+08:00")


def process(clock: dict[str, Any], **more: Any) -> Process:
    """A process with one clock ``main``; go starts it, wait and resume lead into and out of ``held``."""
    main = {"start": ["go"], "stop": ["finish"], "pause": ["held"], "restart_on": ["redo"]} | clock
    return load_process(
        {
            "kind": "test",
            "version": 1,
            "title": {"en": "Test"},
            "fields": [{"name": "category", "type": "category"}],
            "states": {
                "new": {"open": True},
                "work": {"open": True},
                "held": {"open": True},
                "done": {"open": False},
            },
            "moves": {
                "go": {"from": ["new", "work"], "to": "work", "by": ["dispatcher"]},
                "wait": {"from": ["work"], "to": "held", "by": ["lead"]},
                "resume": {"from": ["held"], "to": "work", "by": ["asker"]},
                "note": {"from": ["work", "held"], "to": None, "by": ["lead"]},
                "finish": {"from": ["work", "held"], "to": "done", "by": ["asker"]},
                "redo": {"from": ["done"], "to": "work", "by": ["asker"]},
            },
            "clocks": {"main": main},
        }
        | more
    )


def history(*lines: str | tuple[str, dict[str, Any]]) -> list[Event]:
    """Events from ``"2023-04-10 09:00 go"`` lines (with data as a pair), seq from 1."""
    found = []
    for seq, line in enumerate(lines, 1):
        text, data = line if isinstance(line, tuple) else (line, {})
        when, kind = text.rsplit(" ", 1)
        found.append(Event("M", seq, at(when), kind, "somebody", data))
    return found


def reading(spec: Process, events: list[Event], now: str, calendar: WorkCalendar = CALENDAR) -> Reading:
    """The only clock, explained."""
    return clocks(spec, events, calendar, at(now), explained=True).clocks[0]
