"""When a delivery is due: periods of a cycle, the days of grace after each, which are missing and how late.

Pure: days are dates, periods the labels `2022`, `2022Q1`, `2022-05`; grace counts working days of the calendar given.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from lianzhang.engines.casework.workdays import WorkCalendar

MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
LOOKED_BACK = 60
"""Periods looked back at most."""


def period_of(day: date, cycle: str) -> str:
    """The period of a cycle that a day lies in."""
    return _label(_number(day.year, day.month, cycle), cycle)


def shift(label: str, cycle: str, by: int) -> str:
    """The period so many after (before) this one."""
    return _label(_index(label, cycle) + by, cycle)


def ends_on(label: str, cycle: str) -> date:
    """The last day of a period."""
    months = (_index(label, cycle) + 1) * MONTHS[cycle]
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def fits(label: str, cycle: str) -> bool:
    """Whether a label names a period of this cycle."""
    try:
        return _label(_index(label, cycle), cycle) == label
    except ValueError:
        return False


def _number(year: int, month: int, cycle: str) -> int:
    return (year * 12 + month - 1) // MONTHS[cycle]


def _label(number: int, cycle: str) -> str:
    months = number * MONTHS[cycle]
    year, month = divmod(months, 12)
    if cycle == "yearly":
        return f"{year}"
    return f"{year}Q{month // 3 + 1}" if cycle == "quarterly" else f"{year}-{month + 1:02}"


def _index(label: str, cycle: str) -> int:
    """A period's place in the count of all; ValueError when it is none of this cycle."""
    year, month = int(label[:4]), 1
    if cycle == "quarterly":
        month = 3 * int(label.removeprefix(f"{year}Q")) - 2
    elif cycle == "monthly":
        month = int(label.removeprefix(f"{year}-"))
    elif label != f"{year}":
        raise ValueError(label)
    return _number(year, month, cycle)


@dataclass(frozen=True)
class Standing:
    """How a source stands with a data set.

    state: `none` (no cycle agreed), `open` (nothing came so far, and nothing is due yet), `fresh` (nothing is due), `gap` (the last due period came, an earlier one did not),
    `late` (the last due period did not come). `missing` are the periods over their due day, oldest first; `next_period`
    is the next one to come, due on `next_due`; `late_by` working days since the first missing one after the last that came.
    """

    state: str
    periods: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    next_period: str = ""
    next_due: date | None = None
    late_by: int = 0

    @property
    def light(self) -> str:
        """The light of this state."""
        return {"fresh": "green", "gap": "amber", "late": "red"}.get(self.state, "grey")


def due_on(label: str, cycle: str, grace: int, calendar: WorkCalendar) -> date:
    """The last day in time for a period: so many working days after its end (the first working day after it with 0)."""
    end = ends_on(label, cycle).toordinal()
    return date.fromordinal(calendar.nth(calendar.count(end) + max(grace, 1)))


def standing(
    cycle: str, grace: int, covered: Collection[str], since: str, today: date, calendar: WorkCalendar
) -> Standing:
    """How a source stands today. Without `since` the first period that came begins the count, else the last that ended."""
    if cycle not in MONTHS:
        return Standing("none")
    current = period_of(today, cycle)
    last = shift(current, cycle, -1)
    there = sorted(label for label in covered if fits(label, cycle))
    first = since if since and fits(since, cycle) else (there[0] if there else last)
    first = max(first, shift(last, cycle, 1 - LOOKED_BACK))
    periods, label = [], first
    while label <= last:
        periods.append(label)
        label = shift(label, cycle, 1)
    due = {p: due_on(p, cycle, grace, calendar) for p in [*periods, current]}
    open_ = [p for p in periods if p not in there]
    missing = [p for p in open_ if due[p] < today]
    coming = next((p for p in [*open_, current] if p not in there), shift(current, cycle, 1))
    next_due = due.get(coming) or due_on(coming, cycle, grace, calendar)
    due_now = [p for p in periods if due[p] < today]
    state, late_by = "fresh" if there else "open", 0
    if missing:
        after = [p for p in missing if not there or p > there[-1]]
        state = "late" if due_now[-1] in missing else "gap"
        since_due = calendar.count(today.toordinal()) - calendar.count(due[(after or missing)[0]].toordinal())
        late_by = max(
            since_due, 1
        )  # on the weekend after the due day it is late, though by no working day yet
    return Standing(state, tuple(periods), tuple(missing), coming, next_due, late_by)
