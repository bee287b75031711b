"""The working calendar against day-by-day counting and published make-up days."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.casework import OfficeHours, WorkCalendar
from lianzhang.engines.casework.tests.cases import CALENDAR

DATES = st.dates(date(2021, 6, 1), date(2024, 6, 1))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2023-01-20", "working day"),
        ("2023-01-21", "holiday"),
        ("2023-01-28", "make-up working day"),
        ("2023-01-29", "make-up working day"),
        ("2023-02-04", "weekend"),
        ("2022-10-08", "make-up working day"),
        ("2022-10-07", "holiday"),
    ],
)
def test_published_days(day: str, why: str) -> None:
    ordinal = date.fromisoformat(day).toordinal()
    assert CALENDAR.reason(ordinal) == why
    assert CALENDAR.is_working(ordinal) == ("working" in why)


@pytest.mark.parametrize(("year", "days"), [(2022, 249), (2023, 249)])
def test_working_days_of_a_year(year: int, days: int) -> None:
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    assert CALENDAR.count(last) - CALENDAR.count(first - 1) == days


@given(DATES, st.integers(1, 400))
def test_count_equals_walking(start: date, length: int) -> None:
    first = start.toordinal()
    walked = sum(CALENDAR.is_working(day) for day in range(first + 1, first + length + 1))
    assert CALENDAR.count(first + length) - CALENDAR.count(first) == walked


@given(DATES)
def test_nth_is_the_inverse_of_count(start: date) -> None:
    day = start.toordinal()
    first = CALENDAR.nth(CALENDAR.count(day))
    assert CALENDAR.is_working(first)
    assert first <= day
    assert (first == day) == CALENDAR.is_working(day)
    assert CALENDAR.next_working(day) >= day
    assert CALENDAR.is_working(CALENDAR.next_working(day))


@given(st.dictionaries(DATES, st.sampled_from(["workday", "holiday"])), DATES)
def test_inverse_under_any_exceptions(rows: dict[date, str], start: date) -> None:
    calendar, day = WorkCalendar(rows), start.toordinal()
    number = calendar.count(day)
    first = calendar.nth(number)
    assert calendar.count(first) == number
    assert calendar.count(first - 1) == number - 1


@given(st.integers(1, 3_000_000))
def test_seconds_and_reach_are_inverse(extra: int) -> None:
    begin = CALENDAR.seconds(datetime(2022, 9, 20, 11, 0))
    reached = CALENDAR.reach(begin + extra)
    assert CALENDAR.seconds(reached) == begin + extra
    assert CALENDAR.seconds(reached - timedelta(seconds=1)) == begin + extra - 1


@given(st.datetimes(datetime(2022, 1, 1), datetime(2023, 12, 31)), st.integers(0, 10**6))
def test_working_seconds_never_run_back(local: datetime, more: int) -> None:
    later = local + timedelta(seconds=more)
    assert 0 <= CALENDAR.seconds(later) - CALENDAR.seconds(local) <= more + 1


def test_a_year_without_rows_is_not_known() -> None:
    assert CALENDAR.known(2022, 2023)
    assert not CALENDAR.known(2023, 2024)
    assert not WorkCalendar().known(2023, 2023)


def test_zones_are_converted() -> None:
    assert CALENDAR.local(datetime(2023, 1, 16, 18, tzinfo=timezone(timedelta(hours=-5)))) == datetime(
        2023, 1, 17, 7
    )


def test_office_hours() -> None:
    hours = OfficeHours()
    assert hours.total == 6.5 * 3600
    assert hours.before(12 * 3600) == hours.before(13 * 3600) == 3 * 3600
    assert hours.reach(3 * 3600) == 12 * 3600
    assert hours.reach(3 * 3600 + 1) == 14 * 3600 + 1
    with pytest.raises(ValueError, match="rising spans"):
        OfficeHours(((9, 8),))
    with pytest.raises(ValueError, match="kind 'off'"):
        WorkCalendar({date(2023, 1, 1): "off"})
