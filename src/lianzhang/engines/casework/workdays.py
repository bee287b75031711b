"""The working calendar: Monday to Friday, corrected by the published holidays and make-up days.

Days are proleptic Gregorian ordinals (``date.toordinal``). With w(o) weekdays in 1..o in closed form and
a prefix table over the exceptions, both the count of working days up to a day and its inverse cost one
bisection, for any year, without a table of days.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo
from itertools import accumulate

from .hours import OfficeHours

BEIJING = timezone(timedelta(hours=8))
KINDS = ("workday", "holiday")


class WorkCalendar:
    """Which days are worked, in which hours, in which zone. Immutable after construction.

    ``exceptions`` maps dates to ``workday`` (a make-up weekend) or ``holiday``. A year that has no row
    in it is *provisional*: its holidays were not published when the table was made.
    """

    def __init__(
        self,
        exceptions: Mapping[date, str] | None = None,
        hours: OfficeHours | None = None,
        zone: tzinfo = BEIJING,
    ) -> None:
        rows = dict(exceptions or {})
        if bad := sorted({kind for kind in rows.values() if kind not in KINDS}):
            raise ValueError(f"kind {bad[0]!r}, expected {' or '.join(KINDS)}")
        self.hours = hours or OfficeHours()
        self.zone = zone
        self.years = frozenset(day.year for day in rows)
        self._kinds = {day.toordinal(): kind for day, kind in rows.items()}
        moved = {o: kind for o, kind in self._kinds.items() if (kind == "workday") == _weekend(o)}
        self._moved = sorted(moved)
        steps = (1 if moved[o] == "workday" else -1 for o in self._moved)
        self._prefix = [0, *accumulate(steps)]
        self._counts = [self.count(o) for o in self._moved]
        self._seconds_a_day = self.hours.total

    def local(self, at: datetime) -> datetime:
        """An instant with a zone as the naive local time of the calendar."""
        return at.astimezone(self.zone).replace(tzinfo=None)

    def aware(self, local: datetime) -> datetime:
        """Back from naive local time to an instant with the calendar's zone."""
        return local.replace(tzinfo=self.zone)

    def is_working(self, day: int) -> bool:
        """Whether the day (an ordinal) is worked."""
        kind = self._kinds.get(day)
        return not _weekend(day) if kind is None else kind == "workday"

    def reason(self, day: int) -> str:
        """Why the day is worked or not: working day, make-up working day, weekend or holiday."""
        kind = self._kinds.get(day)
        if kind == "workday" and _weekend(day):
            return "make-up working day"
        if kind == "holiday":
            return "holiday"
        return "weekend" if not self.is_working(day) else "working day"

    def count(self, day: int) -> int:
        """Working days from the beginning of the era up to and including the day."""
        weeks, rest = divmod(day, 7)
        return 5 * weeks + min(rest, 5) + self._prefix[bisect_right(self._moved, day)]

    def nth(self, number: int) -> int:
        """The inverse: the first day whose ``count`` is ``number``."""
        at = bisect_left(self._counts, number)
        weeks, rest = divmod(number - self._prefix[at] - 1, 5)
        day = 7 * weeks + rest + 1
        return min(day, self._moved[at]) if at < len(self._moved) else day

    def next_working(self, day: int) -> int:
        """The day itself if it is worked, else the next one that is."""
        return self.nth(self.count(day - 1) + 1)

    def seconds(self, local: datetime) -> int:
        """Working seconds from the beginning of the era to a local time."""
        day = local.toordinal()
        today = self.hours.before(second_of(local)) if self.is_working(day) else 0
        return self.count(day - 1) * self._seconds_a_day + today

    def reach(self, seconds: int) -> datetime:
        """The inverse: the first local time by which so many working seconds have passed."""
        days, rest = divmod(seconds - 1, self._seconds_a_day)
        return at_second(self.nth(days + 1), self.hours.reach(rest + 1))

    def known(self, first: int, last: int) -> bool:
        """Whether every year from ``first`` to ``last`` has rows."""
        return all(year in self.years for year in range(first, last + 1))


def second_of(local: datetime) -> int:
    """The second of the day of a local time."""
    return local.hour * 3600 + local.minute * 60 + local.second


def at_second(day: int, second: int) -> datetime:
    """The local time at a second (0 to 86,400, the next midnight) of a day."""
    return datetime.fromordinal(day) + timedelta(seconds=second)


def _weekend(day: int) -> bool:
    return (day - 1) % 7 >= 5
