"""Day by day: what a clock counted, and why."""

from dataclasses import dataclass
from datetime import date, datetime

from .axis import HourAxis, MonthAxis, Number, WorkdayAxis, tidy
from .runs import Run
from .workdays import at_second

OUTSIDE = "outside office hours"
PAUSED = "paused"
PARTLY = "partly paused"
START = "day of the start"
LATE = "after close of business"
DAY = "calendar day"


@dataclass(frozen=True, slots=True)
class Day:
    """``counted`` in the limit's unit; over all days it adds up to the used time."""

    date: date
    counted: Number
    why: str


def explain(run: Run, now: datetime) -> list[Day]:
    """One row for every date from the start to the stop, or to ``now``; both naive local times."""
    last = run.stopped_at or now
    pauses = [*run.pauses]
    if run.paused_at is not None:
        pauses.append((run.paused_at, max(now, run.paused_at)))
    if isinstance(run.axis, HourAxis):
        return _hours(run.axis, run.start, last, pauses)
    return _days(run, last, pauses)


def _hours(
    axis: HourAxis, start: datetime, last: datetime, pauses: list[tuple[datetime, datetime]]
) -> list[Day]:
    found = []
    for day in range(start.toordinal(), last.toordinal() + 1):
        begin, end = max(start, at_second(day, 0)), min(last, at_second(day + 1, 0))
        inside = [(max(a, begin), min(b, end)) for a, b in pauses if a < end and b > begin]
        worked = axis.position(end) - axis.position(begin)
        taken = axis.credit(inside)
        why = axis.calendar.reason(day)
        if taken:
            why = PAUSED if taken == worked else PARTLY
        elif not worked and axis.calendar.is_working(day):
            why = PAUSED if inside else OUTSIDE
        found.append(Day(date.fromordinal(day), tidy((worked - taken) / 3600), why))
    return found


def _days(run: Run, last: datetime, pauses: list[tuple[datetime, datetime]]) -> list[Day]:
    axis = run.axis
    first, found, number = axis.effective(run.start), [], 0
    begin = first if axis.same_day else first + 1
    held = [(axis.effective(a), axis.effective(b)) for a, b in pauses]
    for day in range(run.start.toordinal(), max(first, axis.effective(last)) + 1):
        why = axis.calendar.reason(day) if isinstance(axis, WorkdayAxis) else DAY
        counts = not isinstance(axis, WorkdayAxis) or axis.calendar.is_working(day)
        if day < first:
            counts, why = False, LATE
        elif day < begin:
            counts, why = False, START
        elif counts and any(a < day <= b for a, b in held):
            counts, why = False, PAUSED
        worth: Number = int(counts)
        if counts and isinstance(axis, MonthAxis):
            worth = tidy(axis.months(first, number + 1) - axis.months(first, number))
        number += counts
        found.append(Day(date.fromordinal(day), worth, why))
    return found
