"""Clocks in working hours and in months, worked by hand."""

import pytest

from lianzhang.engines.casework.tests.cases import at, history, process, reading


@pytest.mark.parametrize(
    ("start", "limit", "wanted"),
    [
        ("2023-02-06 09:10:07", 1, "2023-02-06 10:10:07"),
        ("2023-02-06 11:00", 1, "2023-02-06 12:00"),  # full at noon, not at two o'clock
        ("2023-02-06 11:30:30", 1, "2023-02-06 14:30:30"),
        ("2023-02-06 13:00", 1, "2023-02-06 15:00"),
        ("2023-02-03 17:00", 1, "2023-02-06 09:30"),
        ("2023-01-29 23:00", 1, "2023-01-30 10:00"),
        ("2023-01-20 17:00", 1, "2023-01-28 09:30"),
        ("2023-02-06 09:00", 6.5, "2023-02-06 17:30"),
        ("2023-02-06 09:00", 6.75, "2023-02-07 09:15"),
        ("2023-02-04 09:00", 1, "2023-02-06 10:00"),
    ],
)
def test_due_of_working_hours(start: str, limit: float, wanted: str) -> None:
    answer = reading(process({"limit": {limit: "working_hour"}}), history(f"{start} go"), start)
    assert (answer.due, answer.used) == (at(wanted), 0)


def test_a_pause_inside_one_lunch_break_changes_nothing() -> None:
    spec = process({"limit": {2: "working_hour"}})
    events = history("2023-02-06 11:00 go", "2023-02-06 12:10 wait", "2023-02-06 13:50 resume")
    answer = reading(spec, events, "2023-02-06 14:30")
    assert (answer.due, answer.used) == (at("2023-02-06 15:00"), 1.5)
    assert [(d.counted, d.why) for d in answer.explain] == [(1.5, "working day")]


def test_a_pause_is_measured_in_working_time() -> None:
    spec = process({"limit": {4: "working_hour"}})
    events = history("2023-02-03 16:00 go", "2023-02-03 17:00 wait", "2023-02-06 10:00 resume")
    answer = reading(spec, events, "2023-02-06 10:20:24")
    assert answer.due == at("2023-02-06 15:00")
    assert answer.used == 1.34
    assert [(d.counted, d.why) for d in answer.explain] == [
        (1, "partly paused"),
        (0, "weekend"),
        (0, "weekend"),
        (0.34, "partly paused"),
    ]


def test_resumed_with_nothing_left_is_due_at_once() -> None:
    spec = process({"limit": {1: "working_hour"}})
    events = history("2023-02-06 11:00 go", "2023-02-06 12:00 wait", "2023-02-07 08:00 resume")
    answer = reading(spec, events, "2023-02-07 07:00")
    assert (answer.state, answer.due) == ("paused", None)
    answer = reading(spec, events, "2023-02-07 08:30")
    assert (answer.due, answer.breached_at) == (at("2023-02-07 08:00"), at("2023-02-07 08:00"))


def test_explanations_outside_office_hours() -> None:
    spec = process({"limit": {1: "working_hour"}})
    answer = reading(spec, history("2023-02-06 18:00 go", "2023-02-06 19:00 wait"), "2023-02-07 12:00")
    assert [(d.counted, d.why) for d in answer.explain] == [(0, "paused"), (0, "paused")]
    answer = reading(spec, history("2023-02-06 18:00 go"), "2023-02-07 09:30")
    assert [(d.counted, d.why) for d in answer.explain] == [(0, "outside office hours"), (0.5, "working day")]


@pytest.mark.parametrize(
    ("start", "months", "wanted"),
    [
        ("2023-01-31 10:00", 1, "2023-02-28 17:30"),  # the last day of a shorter month
        ("2022-11-30 10:00", 3, "2023-02-28 17:30"),
        ("2023-02-28 10:00", 1, "2023-03-28 17:30"),
        ("2022-09-05 10:00", 1, "2022-10-08 17:30"),  # a holiday rolls to a make-up Saturday
        ("2023-01-01 10:00", 3, "2023-04-03 17:30"),  # a Saturday rolls to Monday
        ("2023-02-06 18:00", 1, "2023-03-07 17:30"),  # after the close of business: the next day's
        ("2022-03-31 18:00", 1, "2022-05-05 17:30"),  # 1 April + 1 month is Labour Day
    ],
)
def test_due_of_months(start: str, months: int, wanted: str) -> None:
    answer = reading(process({"limit": {months: "month"}}), history(f"{start} go"), start)
    assert answer.due == at(wanted)


def test_months_without_roll_and_from_the_same_day() -> None:
    start = history("2023-01-01 10:00 go")
    assert reading(process({"limit": {3: "month"}, "roll": "none"}), start, "2023-01-02 10:00").due == at(
        "2023-04-01 17:30"
    )
    same = process({"limit": {1: "month"}, "counting": "same_day"})
    assert reading(same, history("2023-03-01 10:00 go"), "2023-03-02 10:00").due == at("2023-03-31 17:30")


def test_a_pause_moves_months_by_calendar_days() -> None:
    spec = process({"limit": {1: "month"}})
    events = history("2023-03-01 10:00 go", "2023-03-10 10:00 wait", "2023-03-20 10:00 resume")
    answer = reading(spec, events, "2023-03-21 10:00")
    assert answer.due == at("2023-04-11 17:30")
    # 9 days to the pause, 1 day after it, of the 31 days from 1 March to 1 April.
    assert answer.used == pytest.approx(10 / 31)
    assert sum(day.counted for day in answer.explain) == pytest.approx(10 / 31)


def test_used_months_are_whole_on_the_date() -> None:
    spec = process({"limit": {3: "month"}})
    assert reading(spec, history("2023-01-31 10:00 go"), "2023-02-28 10:00").used == 1
    assert reading(spec, history("2023-01-31 10:00 go"), "2023-03-31 10:00").used == 2
    assert reading(spec, history("2023-01-31 10:00 go"), "2023-03-14 10:00").used == pytest.approx(
        1 + 14 / 31
    )


def test_months_are_provisional_by_the_year_of_the_last_day() -> None:
    spec = process({"limit": {1: "month"}})
    assert reading(spec, history("2023-12-11 10:00 go"), "2023-12-12 10:00").provisional
    assert not reading(spec, history("2023-11-11 10:00 go"), "2023-11-12 10:00").provisional
