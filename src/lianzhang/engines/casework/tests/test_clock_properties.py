"""Properties of clocks over drawn histories."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.casework import Event, Process, clocks
from lianzhang.engines.casework.tests.cases import CALENDAR, at, process

UNITS = ["working_hour", "working_day", "day", "month"]
SPECS = {unit: process({"limit": {4: unit}}) for unit in UNITS}
START = at("2022-09-01 08:00")
GAPS = st.lists(st.integers(0, 6 * 86_400), min_size=1, max_size=8)
UNIT = st.sampled_from(UNITS)


def drawn(gaps: list[int], *, finish: bool = False) -> list[Event]:
    """go, then wait and resume in turn, after the gaps; perhaps finish."""
    kinds = ["go"] + [("wait", "resume")[i % 2] for i in range(len(gaps) - 1)]
    kinds[-1] = "finish" if finish and len(kinds) > 1 else kinds[-1]
    when, found = START, []
    for seq, (kind, gap) in enumerate(zip(kinds, gaps, strict=True), 1):
        when += timedelta(seconds=gap)
        found.append(Event("M", seq, when, kind))
    return found


def one(spec: Process, events: list[Event], now: datetime, *, explained: bool = False):
    return clocks(spec, events, CALENDAR, now, explained=explained).clocks[0]


@given(UNIT, GAPS, st.integers(0, 10**7), st.integers(0, 10**6))
def test_used_never_falls_and_due_does_not_depend_on_now(
    unit: str, gaps: list[int], wait: int, more: int
) -> None:
    events = drawn(gaps)
    now = events[-1].at + timedelta(seconds=wait)
    first, later = (one(SPECS[unit], events, when) for when in (now, now + timedelta(seconds=more)))
    assert later.used >= first.used >= 0
    assert later.due == first.due
    if first.breached_at:
        assert later.breached_at == first.breached_at
        assert first.breached_at >= first.due


@given(UNIT, GAPS, st.integers(0, 10**7), st.booleans())
def test_the_explanation_adds_up(unit: str, gaps: list[int], wait: int, finish: bool) -> None:
    events = drawn(gaps, finish=finish)
    answer = one(SPECS[unit], events, events[-1].at + timedelta(seconds=wait), explained=True)
    assert sum(day.counted for day in answer.explain) == pytest.approx(answer.used, abs=1e-6)
    dates = [day.date for day in answer.explain]
    assert dates == sorted(set(dates))


@given(UNIT, GAPS, st.integers(0, 10**6))
def test_a_pause_of_no_length_changes_nothing(unit: str, gaps: list[int], wait: int) -> None:
    gaps = gaps[: len(gaps) - (len(gaps) + 1) % 2]
    events = drawn(gaps)
    last = events[-1]
    doubled = [*events, Event("M", 90, last.at, "wait"), Event("M", 91, last.at, "resume")]
    now = last.at + timedelta(seconds=wait)
    assert one(SPECS[unit], doubled, now) == one(SPECS[unit], events, now)


@given(st.integers(0, 86_400), st.integers(1, 10), st.integers(1, 400_000), st.integers(1, 400_000))
def test_a_pause_moves_due_by_its_own_working_time(late: int, hours: int, run: int, held: int) -> None:
    spec = process({"limit": {hours: "working_hour"}})
    begin = START + timedelta(seconds=late)
    events = [Event("M", 1, begin, "go")]
    plain = one(spec, events, begin)
    wait = begin + timedelta(seconds=run)
    resume = wait + timedelta(seconds=held)
    paused = one(spec, [*events, Event("M", 2, wait, "wait"), Event("M", 3, resume, "resume")], resume)
    seconds = [CALENDAR.seconds(CALENDAR.local(x)) for x in (plain.due, paused.due, wait, resume)]
    credit = seconds[3] - seconds[2] if wait <= plain.due else 0
    assert seconds[1] - seconds[0] == credit
    assert paused.breached_at == (plain.due if wait > plain.due else None)


@given(UNIT, GAPS, st.integers(0, 10**6))
def test_used_when_stopped_is_used_when_running_until_then(unit: str, gaps: list[int], wait: int) -> None:
    events = drawn(gaps)
    now = events[-1].at + timedelta(seconds=wait)
    stopped = [*events, Event("M", 99, now, "finish")]
    if events[-1].type == "go" or len(events) % 2:
        running, done = one(SPECS[unit], events, now), one(SPECS[unit], stopped, now + timedelta(days=40))
        assert (done.used, done.due, done.breached_at) == (running.used, running.due, running.breached_at)


@given(GAPS, st.permutations(range(8)), st.integers(0, 10**6))
def test_the_order_of_lines_does_not_matter(gaps: list[int], order: list[int], wait: int) -> None:
    events = drawn(gaps)
    shuffled = [events[i] for i in order if i < len(events)]
    now = events[-1].at + timedelta(seconds=wait)
    assert one(SPECS["working_day"], shuffled, now) == one(SPECS["working_day"], events, now)


@given(st.integers(0, 200), st.integers(1, 60))
def test_due_of_working_days_by_walking(offset: int, days: int) -> None:
    begin = START + timedelta(days=offset, hours=2)
    due = one(process({"limit": {days: "working_day"}}), [Event("M", 1, begin, "go")], begin).due
    day, left = CALENDAR.local(begin).toordinal(), days
    while left:
        day += 1
        left -= CALENDAR.is_working(day)
    assert CALENDAR.local(due).toordinal() == day
    assert (due.hour, due.minute) == (17, 30)


@given(GAPS)
def test_due_is_the_day_on_which_the_explanation_is_full(gaps: list[int]) -> None:
    gaps = gaps[: len(gaps) - (len(gaps) + 1) % 2]
    events = drawn(gaps)
    answer = one(SPECS["working_day"], events, events[-1].at + timedelta(days=40), explained=True)
    total, full = 0, None
    for day in answer.explain:
        total += day.counted
        if total == 4 and full is None:
            full = day.date
    begins = [CALENDAR.local(e.at) for e in events if e.type == "wait"]
    if full in {
        local.date() + timedelta(days=local.hour * 60 + local.minute >= 17 * 60 + 30) for local in begins
    }:
        assert answer.due.date() >= full
    else:
        assert answer.due.date() == full
