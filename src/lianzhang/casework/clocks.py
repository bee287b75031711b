"""Clocks in words: how much time is left, and why a matter is due when it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianzhang.casework import processes
from lianzhang.casework.history import engine_events
from lianzhang.casework.models import Matter
from lianzhang.casework.processes import title_of
from lianzhang.city.models import Organisation
from lianzhang.engines.casework import Reading, clocks
from lianzhang.kernel import time
from lianzhang.kernel.models import Event
from lianzhang.kernel.web import dates

WHY: dict[str, Any] = {
    "working day": gettext_lazy("working day"),
    "make-up working day": gettext_lazy("make-up working day"),
    "weekend": gettext_lazy("weekend"),
    "holiday": gettext_lazy("holiday"),
    "outside office hours": gettext_lazy("outside office hours"),
    "paused": gettext_lazy("paused"),
    "partly paused": gettext_lazy("partly paused"),
    "day of the start": gettext_lazy("day of the start, not counted"),
    "after close of business": gettext_lazy("after close of business, begins the next day"),
    "calendar day": gettext_lazy("calendar day"),
}
STATES: dict[str, Any] = {
    "idle": gettext_lazy("not started"),
    "running": gettext_lazy("running"),
    "paused": gettext_lazy("paused"),
    "stopped": gettext_lazy("stopped"),
}


def amount(value: float, unit: str) -> str:
    """A length of time in its unit: 3 working days."""
    rounded = round(float(value), 1)
    n = int(rounded) if rounded.is_integer() else rounded
    texts = {
        "working_hour": ngettext("%(n)s working hour", "%(n)s working hours", int(n)),
        "working_day": ngettext("%(n)s working day", "%(n)s working days", int(n)),
        "day": ngettext("%(n)s day", "%(n)s days", int(n)),
        "month": ngettext("%(n)s month", "%(n)s months", int(n)),
    }
    return texts[unit] % {"n": n}


def left(reading: Reading, now: datetime) -> str:
    """How far off the due time is, in the clock's own unit."""
    if reading.due is None:
        return ""
    calendar = processes.calendar()
    here, there = calendar.local(now), calendar.local(reading.due)
    if reading.unit == "working_hour":
        hours = (calendar.seconds(there) - calendar.seconds(here)) / 3600
        if hours >= 0:
            return _("%(amount)s left") % {"amount": amount(hours, "working_hour")}
        return _("%(amount)s late") % {"amount": amount(-hours, "working_hour")}
    if reading.unit == "working_day":
        days = calendar.count(there.toordinal()) - calendar.count(here.toordinal())
        if days == 0 and now > reading.due:
            return _("late since today")
        return dates.working_days_left(days)
    days = there.toordinal() - here.toordinal()
    if days == 0:
        return _("late since today") if now > reading.due else _("due today")
    text = amount(abs(days), "day")
    return (_("%(amount)s left") if days > 0 else _("%(amount)s late")) % {"amount": text}


def headline(found: tuple[Reading, ...]) -> Reading | None:
    """The clock that matters now: the running one due first, else a paused one."""
    running = [r for r in found if r.state == "running" and r.due is not None]
    paused = [r for r in found if r.state == "paused"]
    return min(running, key=lambda r: r.due) if running else (paused[0] if paused else None)  # type: ignore[arg-type, return-value]


@dataclass(frozen=True)
class Day:
    """A day of an explanation."""

    date: date
    counted: float
    why: str


@dataclass(frozen=True)
class Explained:
    """A clock with the reason of its due time, day by day."""

    title: str
    state: str
    used: str
    limit: str
    due: datetime | None
    breached_at: datetime | None
    provisional: bool
    days: list[Day]


def explained(matter: Matter, rows: list[Event], *, outside: bool = False) -> list[Explained]:
    """All clocks that ran, each with its days up to the due time (or to its stop).

    Read from outside, the clocks of the asked offices are left out: that is between offices.
    """
    process = processes.process(matter.kind, matter.process_version_id)
    events, calendar, now = engine_events(process, rows, matter.pk), processes.calendar(), time.now()
    found = []
    for reading in clocks(process, events, calendar, now, explained=True).clocks:
        if reading.state == "idle" or (outside and reading.org):
            continue
        if reading.state == "running" and reading.due is not None and reading.due > now:
            later = clocks(process, events, calendar, reading.due, explained=True).clocks
            days = next(r.explain for r in later if (r.name, r.org) == (reading.name, reading.org))
        else:
            days = reading.explain
        found.append(_in_words(process.clocks[reading.name], reading, days))
    return found


def _in_words(clock: Any, reading: Reading, days: Any) -> Explained:
    title = title_of(clock, reading.name)
    if reading.org:
        office = Organisation.objects.filter(code=reading.org).first()
        title = f"{title} · {office.label if office else reading.org}"
    return Explained(
        title=title,
        state=str(STATES[reading.state]),
        used=amount(reading.used, reading.unit),
        limit=amount(reading.limit, reading.unit) if reading.limit is not None else "",
        due=reading.due,
        breached_at=reading.breached_at,
        provisional=reading.provisional,
        days=[Day(d.date, d.counted, str(WHY.get(d.why, d.why))) for d in days],
    )
