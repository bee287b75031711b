"""Restart, extension, annulment, order of events, co-handlers: what a history does to clocks."""

from typing import Any

import pytest

from lianzhang.engines.casework import Event, HistoryError, clocks, history_problems
from lianzhang.engines.casework.tests.cases import CALENDAR, at, history, process, reading

RULE = {"by": "dispatcher", "max": 1, "to": {10: "working_day"}, "before_expiry": True}
FOUR = process({"limit": {4: "working_day"}, "extend": RULE})


def grant(when: str, days: int = 10, clock: str = "main") -> tuple[str, dict[str, Any]]:
    return f"{when} extended", {"clock": clock, "to": {str(days): "working_day"}}


def test_idle_before_the_start_and_before_the_first_event() -> None:
    events = history("2023-02-06 09:00 opened", "2023-02-07 09:00 go")
    answer = clocks(FOUR, events, CALENDAR, at("2023-02-06 10:00"))
    assert (answer.state, answer.clocks[0].state, answer.clocks[0].limit) == ("new", "idle", 4)
    early = clocks(FOUR, events, CALENDAR, at("2023-02-05 10:00"))
    assert (early.state, early.clocks[0].state, early.clocks[0].due) == (None, "idle", None)


def test_what_is_later_than_now_has_not_happened() -> None:
    events = history("2023-02-06 10:00 go", "2023-02-08 10:00 finish")
    answer = reading(FOUR, events, "2023-02-07 10:00")
    assert (answer.state, answer.used) == ("running", 1)


def test_a_second_start_while_running_changes_nothing() -> None:
    events = history("2023-02-06 10:00 go", "2023-02-08 10:00 go")
    assert reading(FOUR, events, "2023-02-08 11:00").due == at("2023-02-10 17:30")


def test_restart_begins_a_new_generation() -> None:
    events = history("2023-02-06 10:00 go", "2023-02-13 10:00 finish", "2023-02-14 10:00 redo")
    answer = reading(FOUR, events, "2023-02-15 10:00")
    assert (answer.generation, answer.used, answer.due) == (2, 1, at("2023-02-20 17:30"))
    assert answer.breached_at is None
    assert reading(FOUR, events, "2023-02-13 11:00").breached_at == at("2023-02-10 17:30")


def test_restart_while_running_and_a_move_that_stops_and_starts() -> None:
    again = process({"limit": {4: "working_day"}, "restart_on": ["go"]})
    events = history("2023-02-06 10:00 go", "2023-02-08 10:00 go")
    assert reading(again, events, "2023-02-08 11:00").due == at("2023-02-14 17:30")
    monthly = process({"limit": {1: "month"}, "start": ["go", "note"], "stop": ["note", "finish"]})
    events = history("2023-02-06 10:00 go", "2023-03-01 10:00 note")
    answer = reading(monthly, events, "2023-03-01 11:00")
    assert (answer.state, answer.generation, answer.due) == ("running", 2, at("2023-04-03 17:30"))


def test_a_clock_started_into_a_pausing_state_is_paused() -> None:
    spec = process({"limit": {4: "working_day"}, "start": ["wait"]})
    answer = reading(spec, history("2023-02-06 10:00 go", "2023-02-07 10:00 wait"), "2023-02-20 10:00")
    assert (answer.state, answer.used) == ("paused", 0)
    done = history("2023-02-06 10:00 go", "2023-02-07 10:00 wait", "2023-02-20 10:00 finish")
    answer = reading(spec, done, "2023-03-20 10:00")
    assert (answer.state, answer.used, answer.breached_at, answer.due) == (
        "stopped",
        0,
        None,
        at("2023-02-24 17:30"),
    )


def test_extension_in_time() -> None:
    events = history("2023-02-06 10:00 go", grant("2023-02-10 17:30"))
    answer = reading(FOUR, events, "2023-02-16 10:00")
    assert (answer.limit, answer.due, answer.breached_at) == (10, at("2023-02-20 17:30"), None)
    assert reading(FOUR, events, "2023-02-09 10:00").limit == 4


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["2023-02-06 10:00 go", grant("2023-02-10 17:31")], "after expiry"),
        (["2023-02-06 10:00 go", grant("2023-02-07 10:00", 8), grant("2023-02-08 10:00", 9)], "again"),
        (["2023-02-06 10:00 go", grant("2023-02-07 10:00", 11)], "to 11 working_day"),
        (["2023-02-06 10:00 go", grant("2023-02-07 10:00", 3)], "cut to 3"),
        (["2023-02-06 10:00 opened", grant("2023-02-07 10:00")], "while not running"),
        (["2023-02-06 10:00 go", "2023-02-07 10:00 finish", grant("2023-02-07 10:00")], "while not running"),
    ],
)
def test_a_grant_against_the_rule_has_no_effect_and_is_named(lines: list[Any], words: str) -> None:
    events = history(*lines)
    answer = clocks(FOUR, events, CALENDAR, at("2023-03-01 10:00"))
    assert [problem.seq for problem in answer.refused] == [len(lines)]
    assert words in answer.refused[0].what
    without = clocks(FOUR, events[:-1], CALENDAR, at("2023-03-01 10:00"))
    assert answer.clocks == without.clocks


def test_a_grant_after_expiry_where_allowed_moves_the_due_time_but_not_the_breach() -> None:
    spec = process({"limit": {4: "working_day"}, "extend": RULE | {"before_expiry": False}})
    answer = reading(spec, history("2023-02-06 10:00 go", grant("2023-02-13 10:00")), "2023-02-14 10:00")
    assert (answer.due, answer.breached_at) == (at("2023-02-20 17:30"), at("2023-02-10 17:30"))


def test_a_clock_without_rule_is_not_extended() -> None:
    spec = process({"limit": {4: "working_day"}})
    answer = clocks(
        spec, history("2023-02-06 10:00 go", grant("2023-02-07 10:00")), CALENDAR, at("2023-02-08 10:00")
    )
    assert "a clock with a rule" in answer.refused[0].expected


def test_annulled_events_never_were_and_an_annulled_annulment_is_undone() -> None:
    events = history(
        "2023-02-06 10:00 go", "2023-02-07 10:00 finish", ("2023-02-08 10:00 annulled", {"seq": 2})
    )
    assert reading(FOUR, events, "2023-02-08 09:00").state == "stopped"
    assert reading(FOUR, events, "2023-02-08 11:00").state == "running"
    events.append(Event("M", 4, at("2023-02-09 10:00"), "annulled", "x", {"seq": 3}))
    assert reading(FOUR, events, "2023-02-09 11:00").state == "stopped"
    assert history_problems(FOUR, events) == []


def test_order_is_by_instant_then_seq_whatever_the_order_given() -> None:
    lines = [
        "2023-02-06 10:00 go",
        "2023-02-06 10:00 wait",
        "2023-02-06 10:00 resume",
        "2023-02-06 10:00 finish",
    ]
    events = history(*lines)
    assert reading(FOUR, events[::-1], "2023-02-07 10:00") == reading(FOUR, events, "2023-02-07 10:00")
    assert reading(FOUR, events, "2023-02-07 10:00").state == "stopped"
    backdated = history("2023-02-07 10:00 finish", "2023-02-06 10:00 go")
    assert reading(FOUR, backdated, "2023-02-08 10:00").used == 1


@pytest.mark.parametrize(
    ("lines", "seq", "words"),
    [
        (["2023-02-06 10:00 finish"], 1, "'finish' in state 'new'"),
        (["2023-02-06 10:00 go", "2023-02-06 11:00 fly"], 2, "unknown type 'fly'"),
        (["2023-02-06 10:00 opened", "2023-02-06 11:00 opened"], 2, "'opened' after other events"),
        (["2023-02-06 10:00 go", ("2023-02-06 11:00 annulled", {"seq": 9})], 2, "annuls seq 9"),
        (["2023-02-06 10:00 go", ("2023-02-06 11:00 annulled", {"seq": 2})], 2, "annuls seq 2"),
        (["2023-02-06 10:00 opened", ("2023-02-06 11:00 annulled", {"seq": 1})], 2, "annuls the opening"),
    ],
)
def test_histories_that_do_not_hold(lines: list[Any], seq: int, words: str) -> None:
    [problem] = history_problems(FOUR, history(*lines))
    assert problem.seq == seq
    assert words in problem.what


def test_a_seq_twice_and_an_unknown_clock() -> None:
    twice = [*history("2023-02-06 10:00 go"), *history("2023-02-06 10:00 go")]
    assert [p.what for p in history_problems(FOUR, twice)] == ["seq 1 stands twice"]
    with pytest.raises(HistoryError, match="unknown clock 'side'"):
        clocks(
            FOUR,
            history("2023-02-06 10:00 go", grant("2023-02-07 10:00", clock="side")),
            CALENDAR,
            at("2023-02-08 10:00"),
        )


def test_every_co_handler_has_its_own_clock() -> None:
    co = {"per": "co_handler", "start": ["co_requested"], "stop": ["co_opinion"], "limit": {2: "working_day"}}
    spec = process({"limit": {4: "working_day"}}, clocks={"co": co})
    idle = clocks(spec, history("2023-02-06 09:00 go"), CALENDAR, at("2023-02-06 10:00"))
    assert [(c.name, c.org, c.state) for c in idle.clocks] == [("co", None, "idle")]
    events = history(
        "2023-02-06 09:00 go",
        ("2023-02-06 10:00 co_requested", {"org": "tax"}),
        ("2023-02-07 10:00 co_requested", {"org": "land"}),
        ("2023-02-07 11:00 co_opinion", {"org": "tax"}),
        ("2023-02-07 12:00 co_opinion", {"org": "nobody asked"}),
        "2023-02-07 13:00 note",
    )
    tax, land = clocks(spec, events, CALENDAR, at("2023-02-10 10:00")).clocks
    assert (tax.org, tax.state, tax.used, tax.breached_at) == ("tax", "stopped", 1, None)
    assert (land.org, land.state, land.breached_at) == ("land", "running", at("2023-02-09 17:30"))
    assert land.as_dict()["org"] == "land"


def test_a_condition_that_meets_data_of_the_wrong_kind() -> None:
    spec = process({"limit": [{"when": "category > 3", "value": {2: "day"}}, {"value": {4: "day"}}]})
    for line in ("2023-02-06 10:00 go", "2023-02-06 10:00 opened"):
        with pytest.raises(HistoryError, match="limit of clock 'main'"):
            clocks(spec, history((line, {"category": "x"})), CALENDAR, at("2023-02-08 10:00"))


def test_no_case_of_a_limit_holds() -> None:
    spec = process({"limit": [{"when": "category == 'a'", "value": {2: "day"}}]})
    answer = reading(spec, history("2023-02-06 10:00 go"), "2023-02-08 10:00")
    assert (answer.limit, answer.due, answer.breached_at, answer.used) == (None, None, None, 2)
