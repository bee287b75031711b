"""Clocks in working days and days, worked by hand clause by clause."""

import pytest

from lianzhang.engines.casework import Event, WorkCalendar, clocks
from lianzhang.engines.casework.tests.cases import at, history, process, published, reading

FOUR = process(
    {"limit": {4: "working_day"}, "extend": {"by": "dispatcher", "max": 1, "to": {10: "working_day"}}}
)


def due(limit: dict[int, str], start: str, **clock: object) -> str:
    spec = process({"limit": limit, **clock})
    answer = reading(spec, history(f"{start} go"), start)
    assert answer.due is not None
    return answer.due.strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "wanted"),
    [
        ("2023-02-06 09:00", "2023-02-07 17:30"),  # a Monday: day 1 is Tuesday
        ("2023-02-06 17:30", "2023-02-07 17:30"),  # exactly at the close of business is still that day
        ("2023-02-06 17:30:01", "2023-02-08 17:30"),  # after it counts as the next day's
        ("2023-02-06 07:00", "2023-02-07 17:30"),  # before opening is that day
        ("2023-02-03 18:00", "2023-02-06 17:30"),  # Friday evening counts as Saturday's: day 1 is Monday
        ("2023-02-04 10:00", "2023-02-06 17:30"),  # Saturday: day 1 is Monday
        ("2023-01-29 23:00", "2023-01-31 17:30"),  # a make-up Sunday at night counts as Monday's
        ("2023-01-29 10:00", "2023-01-30 17:30"),  # a make-up Sunday in the day
        ("2023-01-20 10:00", "2023-01-28 17:30"),  # over the Spring Festival to a make-up Saturday
    ],
)
def test_day_one(start: str, wanted: str) -> None:
    assert due({1: "working_day"}, start) == wanted


def test_fifteen_days_over_the_national_day_of_2022() -> None:
    # 27 28 29 30 Sep = 4; 8 9 Oct are make-up days = 6; 10-14 = 11; 17 18 19 20 = 15.
    assert due({15: "working_day"}, "2022-09-26 10:00") == "2022-10-20 17:30"


def test_same_day_counting() -> None:
    assert due({1: "working_day"}, "2023-02-06 09:00", counting="same_day") == "2023-02-06 17:30"
    assert due({1: "working_day"}, "2023-02-04 09:00", counting="same_day") == "2023-02-06 17:30"
    assert due({2: "working_day"}, "2023-02-06 18:00", counting="same_day") == "2023-02-08 17:30"
    assert due({2: "day"}, "2023-02-03 09:00", counting="same_day") == "2023-02-04 17:30"


def test_cutoff_of_the_catalogue() -> None:
    assert due({1: "working_day"}, "2023-02-06 16:00", cutoff="15:00") == "2023-02-08 17:30"
    assert due({1: "working_day"}, "2023-02-06 23:59", cutoff="24:00") == "2023-02-07 17:30"


def test_calendar_days_do_not_look_at_weekends_unless_they_roll() -> None:
    assert due({5: "day"}, "2023-01-16 10:00") == "2023-01-21 17:30"
    assert due({5: "day"}, "2023-01-16 10:00", roll="next_working_day") == "2023-01-28 17:30"
    assert due({1: "day"}, "2023-02-06 18:00") == "2023-02-08 17:30"


def test_pause_over_the_spring_festival() -> None:
    events = history("2023-01-16 10:00 go", "2023-01-18 11:00 wait", "2023-01-28 11:00 resume")
    answer = reading(FOUR, events, "2023-01-29 10:00")
    # 17, 18 counted; 19, 20, 28 taken out; 29 is day 3, Monday 30 day 4.
    assert answer.due == at("2023-01-30 17:30")
    assert (answer.used, answer.limit, answer.state, answer.breached_at) == (3, 4, "running", None)
    whys = {day.date.isoformat(): (day.counted, day.why) for day in answer.explain}
    assert whys["2023-01-16"] == (0, "day of the start")
    assert whys["2023-01-19"] == whys["2023-01-28"] == (0, "paused")
    assert whys["2023-01-23"] == (0, "holiday")
    assert whys["2023-01-29"] == (1, "make-up working day")


def test_a_paused_clock_has_no_due_time_and_does_not_breach() -> None:
    events = history("2023-02-06 10:00 go", "2023-02-08 11:00 wait")
    answer = reading(FOUR, events, "2023-06-01 10:00")
    assert (answer.state, answer.used, answer.due, answer.breached_at) == ("paused", 2, None, None)


def test_a_pause_within_one_day_changes_nothing() -> None:
    events = history("2023-02-06 10:00 go", "2023-02-08 09:00 wait", "2023-02-08 16:00 resume")
    assert reading(FOUR, events, "2023-02-08 17:00").due == at("2023-02-10 17:30")


def test_limit_changed_during_a_pause_keeps_the_pause() -> None:
    grant = ("2023-04-13 10:00 extended", {"clock": "main", "to": {"10": "working_day"}})
    events = history("2023-04-10 10:00 go", "2023-04-12 10:00 wait", grant, "2023-04-14 10:00 resume")
    # 11, 12; 13, 14 taken out; 17-21 = 7; Sunday 23 is a make-up day = 8; 24, 25 = 10.
    answer = reading(FOUR, events, "2023-04-14 11:00")
    assert (answer.due, answer.limit) == (at("2023-04-25 17:30"), 10)
    assert reading(FOUR, events, "2023-04-13 11:00").limit == 10


def test_limit_by_condition_follows_the_fields_and_keeps_pauses() -> None:
    cases = [
        {"when": "category.kind == 'consultation'", "value": {2: "working_day"}},
        {"value": {4: "working_day"}},
    ]
    spec = process({"limit": cases})
    opened = ("2023-02-06 09:00 opened", {"category": {"kind": "consultation"}})
    events = history(opened, "2023-02-06 10:00 go", "2023-02-07 10:00 wait", "2023-02-08 10:00 resume")
    assert reading(spec, events, "2023-02-08 11:00").due == at("2023-02-09 17:30")
    events += [Event("M", 5, at("2023-02-09 10:00"), "note", "x", {"category": {"kind": "other"}})]
    answer = reading(spec, events, "2023-02-09 11:00")
    assert (answer.due, answer.limit) == (at("2023-02-13 17:30"), 4)


def test_a_shortened_limit_breaches_at_the_change_not_before() -> None:
    cases = [
        {"when": "category.kind == 'urgent'", "value": {1: "working_day"}},
        {"value": {9: "working_day"}},
    ]
    spec = process({"limit": cases})
    change = ("2023-02-10 10:00 note", {"category": {"kind": "urgent"}})
    answer = reading(spec, history("2023-02-06 10:00 go", change), "2023-02-13 10:00")
    assert answer.due == at("2023-02-07 17:30")
    assert answer.breached_at == at("2023-02-10 10:00")


def test_resumed_on_a_weekend_with_no_day_left_is_due_on_the_next_working_day() -> None:
    spec = process({"limit": {1: "working_day"}})
    events = history("2023-02-06 10:00 go", "2023-02-07 10:00 wait", "2023-02-11 10:00 resume")
    answer = reading(spec, events, "2023-02-11 12:00")
    assert (answer.due, answer.breached_at) == (at("2023-02-13 17:30"), None)
    on_a_working_day = history("2023-02-06 10:00 go", "2023-02-07 10:00 wait", "2023-02-09 10:00 resume")
    assert reading(spec, on_a_working_day, "2023-02-09 12:00").due == at("2023-02-09 17:30")


def test_breach_and_stop_in_time() -> None:
    late = reading(FOUR, history("2023-02-06 10:00 go", "2023-02-10 17:31 finish"), "2023-03-01 10:00")
    assert (late.state, late.breached_at, late.due) == (
        "stopped",
        at("2023-02-10 17:30"),
        at("2023-02-10 17:30"),
    )
    in_time = reading(FOUR, history("2023-02-06 10:00 go", "2023-02-10 17:30 finish"), "2023-03-01 10:00")
    assert (in_time.state, in_time.breached_at, in_time.used) == ("stopped", None, 4)
    running = reading(FOUR, history("2023-02-06 10:00 go"), "2023-02-10 17:30")
    assert running.breached_at is None
    assert reading(FOUR, history("2023-02-06 10:00 go"), "2023-02-10 17:30:01").breached_at == running.due


def test_a_breach_stays_after_later_pauses() -> None:
    events = history("2023-02-06 10:00 go", "2023-02-15 10:00 wait", "2023-02-20 10:00 resume")
    answer = reading(FOUR, events, "2023-02-21 10:00")
    assert (answer.breached_at, answer.due) == (at("2023-02-10 17:30"), at("2023-02-10 17:30"))


def test_a_corrected_calendar_corrects_the_due_time() -> None:
    rows = {day: kind for day, kind in published().items() if day.isoformat() != "2023-01-27"}
    events = history("2023-01-20 10:00 go")
    assert reading(FOUR, events, "2023-01-20 11:00").due == at("2023-01-31 17:30")
    assert reading(FOUR, events, "2023-01-20 11:00", WorkCalendar(rows)).due == at("2023-01-30 17:30")


def test_provisional_when_a_year_is_not_published() -> None:
    assert not reading(FOUR, history("2023-12-20 10:00 go"), "2023-12-21 10:00").provisional
    assert reading(FOUR, history("2023-12-27 10:00 go"), "2023-12-28 10:00").provisional
    assert (
        clocks(FOUR, history("2023-02-06 10:00 go"), WorkCalendar(), at("2023-02-06 11:00"))
        .clocks[0]
        .provisional
    )
    days = process({"limit": {9: "day"}})
    assert not reading(days, history("2023-12-27 10:00 go"), "2023-12-28 10:00").provisional
