"""Axes of time: what one unit of a limit counts, and the day on which the count is full.

Every unit places instants on an axis of whole numbers, so that used time is a subtraction and a due time
the inverse. All times here are naive local times of the calendar; pauses are closed pairs (from, to).
"""

from abc import ABC, abstractmethod
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime

from .limits import Limit
from .model import Clock
from .workdays import WorkCalendar, at_second, second_of

Pauses = Sequence[tuple[datetime, datetime]]
Number = int | float


class Axis(ABC):
    """Common to all units. ``cutoff`` is the second after which an event counts as the next day's."""

    def __init__(
        self, calendar: WorkCalendar, *, same_day: bool = False, roll: bool = False, cutoff: int = 0
    ) -> None:
        self.calendar = calendar
        self.same_day = same_day
        self.roll = roll
        self.cutoff = cutoff

    @abstractmethod
    def position(self, local: datetime) -> int:
        """The whole number of the axis that an instant falls on."""

    @abstractmethod
    def origin(self, start: datetime) -> int:
        """The position from which a clock started at ``start`` counts."""

    @abstractmethod
    def due(self, start: datetime, pauses: Pauses, limit: Limit, percent: int = 100) -> datetime:
        """When the limit is full; ``percent`` below 100: when that part of it is reached."""

    @abstractmethod
    def soonest(self, resumed: datetime) -> datetime:
        """The due time of a clock that comes out of a pause with nothing left."""

    @abstractmethod
    def earlier(self, due: datetime, limit: Limit) -> datetime:
        """So long before a due time; for days and months the opening of that day."""

    def credit(self, pauses: Pauses) -> int:
        """What closed pauses take out."""
        return sum(self.position(end) - self.position(start) for start, end in pauses)

    def run(self, start: datetime, end: datetime, pauses: Pauses) -> int:
        """Axis units between start and end, pauses taken out, never below 0."""
        return max(0, self.position(end) - self.origin(start) - self.credit(pauses))

    def used(self, start: datetime, end: datetime, pauses: Pauses) -> Number:
        """The used time in the limit's unit."""
        return self.run(start, end, pauses)

    def provisional(self, start: datetime, end: datetime, due: datetime | None) -> bool:
        """Whether used time (up to ``end``) or due time rests on a year the calendar does not know."""
        return not self.calendar.known(start.year, max(end, due or end).year)

    def effective(self, local: datetime) -> int:
        """The day (ordinal) as whose event an instant counts: after the cutoff the next day's."""
        late = second_of(local) > self.cutoff or (second_of(local) == self.cutoff and local.microsecond)
        return local.toordinal() + bool(late)

    def close(self, day: int) -> datetime:
        """Close of business of a day."""
        return at_second(day, self.calendar.hours.closing)

    def open(self, day: int) -> datetime:
        """The opening of the office on a day."""
        return at_second(day, self.calendar.hours.opening)


class HourAxis(Axis):
    """Working hours: seconds inside office hours."""

    def position(self, local: datetime) -> int:
        return self.calendar.seconds(local)

    def origin(self, start: datetime) -> int:
        return self.position(start)

    def used(self, start: datetime, end: datetime, pauses: Pauses) -> Number:
        return tidy(self.run(start, end, pauses) / 3600)

    def due(self, start: datetime, pauses: Pauses, limit: Limit, percent: int = 100) -> datetime:
        length = part(round(limit.value * 3600), percent)
        return self.calendar.reach(self.origin(start) + self.credit(pauses) + length)

    def soonest(self, resumed: datetime) -> datetime:
        return resumed

    def earlier(self, due: datetime, limit: Limit) -> datetime:
        return self.calendar.reach(self.position(due) - round(limit.value * 3600))


class WorkdayAxis(Axis):
    """Working days: day 1 is the first one after the start's day (same_day: the start's day itself)."""

    def position(self, local: datetime) -> int:
        return self.calendar.count(self.effective(local))

    def origin(self, start: datetime) -> int:
        return self.calendar.count(self.effective(start) - self.same_day)

    def due(self, start: datetime, pauses: Pauses, limit: Limit, percent: int = 100) -> datetime:
        number = self.origin(start) + self.credit(pauses) + part(int(limit.value), percent)
        day = self.calendar.nth(number)
        return self.close(day) if percent == 100 else self.open(day)

    def soonest(self, resumed: datetime) -> datetime:
        return self.close(self.calendar.next_working(self.effective(resumed)))

    def earlier(self, due: datetime, limit: Limit) -> datetime:
        return self.open(self.calendar.nth(self.position(due) - int(limit.value)))


class DayAxis(Axis):
    """Calendar days, counted as working days are, over weekends and holidays too."""

    def position(self, local: datetime) -> int:
        return self.effective(local)

    def origin(self, start: datetime) -> int:
        return self.effective(start) - self.same_day

    def due(self, start: datetime, pauses: Pauses, limit: Limit, percent: int = 100) -> datetime:
        day = self.origin(start) + self.credit(pauses) + part(int(limit.value), percent)
        return self.close(self.rolled(day)) if percent == 100 else self.open(day)

    def rolled(self, day: int) -> int:
        """The day, or with ``roll`` the next working day where it is none."""
        return self.calendar.next_working(day) if self.roll else day

    def soonest(self, resumed: datetime) -> datetime:
        return self.close(self.rolled(self.effective(resumed)))

    def earlier(self, due: datetime, limit: Limit) -> datetime:
        return self.open(self.effective(due) - int(limit.value))

    def provisional(self, start: datetime, end: datetime, due: datetime | None) -> bool:
        """Only a rolled last day looks at the calendar: the year it falls in."""
        return self.roll and due is not None and not self.calendar.known(due.year, due.year)


class MonthAxis(DayAxis):
    """Months: the same date of a later month, else its last day; pauses move it by calendar days."""

    def due(self, start: datetime, pauses: Pauses, limit: Limit, percent: int = 100) -> datetime:
        first = self.effective(start)
        last = months_later(first, int(limit.value)) - self.same_day
        if percent < 100:
            return self.open(first + part(last - first, percent) + self.credit(pauses))
        return self.close(self.rolled(last + self.credit(pauses)))

    def used(self, start: datetime, end: datetime, pauses: Pauses) -> Number:
        """Whole months and the part of the next one, by its own length."""
        return self.months(self.effective(start), self.run(start, end, pauses))

    def earlier(self, due: datetime, limit: Limit) -> datetime:
        return self.open(months_later(self.effective(due), -int(limit.value)))

    @staticmethod
    def months(first: int, days: int) -> Number:
        """How many months after the day ``first`` so many days reach: 31 days from 1 March are 1."""
        whole = max(0, days // 31 - 1)
        while months_later(first, whole + 1) - first <= days:
            whole += 1
        left, right = (months_later(first, whole + more) - first for more in (0, 1))
        return tidy(whole + (days - left) / (right - left))


AXES: dict[str, type[Axis]] = {
    "working_hour": HourAxis,
    "working_day": WorkdayAxis,
    "day": DayAxis,
    "month": MonthAxis,
}


def axis_for(unit: str, calendar: WorkCalendar, clock: Clock | None = None) -> Axis:
    """The axis of a unit under a clock's counting, roll and cutoff (defaults without a clock)."""
    roll = (clock.roll if clock else None) or ("next_working_day" if unit == "month" else "none")
    cutoff = clock.cutoff if clock else None
    return AXES[unit](
        calendar,
        same_day=clock is not None and clock.counting == "same_day",
        roll=roll == "next_working_day",
        cutoff=calendar.hours.closing if cutoff is None else cutoff,
    )


def months_later(day: int, months: int) -> int:
    """The same date so many months later, or the last day of that month."""
    start = date.fromordinal(day)
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)).toordinal()


def part(whole: int, percent: int) -> int:
    """So many per cent of a whole number, rounded up."""
    return -(-whole * percent // 100)


def tidy(value: float) -> Number:
    """A whole number as an int, anything else to nine places."""
    return int(value) if value == int(value) else round(value, 9)
