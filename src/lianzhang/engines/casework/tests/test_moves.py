"""Who may move, when, with what; and what a refusal says."""

from typing import Any

import pytest

from lianzhang.engines.casework import (
    Actor,
    Allowed,
    Event,
    allowed_moves,
    automatic_moves,
    check_move,
    load_process,
    project,
    standing,
)
from lianzhang.engines.casework.standing import Standing
from lianzhang.engines.casework.tests.cases import CALENDAR, at, history
from lianzhang.engines.casework.tests.test_check import REFERENCE

DISRUPTION = load_process((REFERENCE / "disruption.yaml").read_text(encoding="utf-8"))
SITUATION = load_process((REFERENCE / "situation.yaml").read_text(encoding="utf-8"))

LEAD = Actor("li", frozenset({"lead"}), "district")
ASKER = Actor("wang", frozenset({"asker"}))
DESK = Actor("chen", frozenset({"revisit_desk"}))
SYSTEM = Actor("system", frozenset({"system"}))
REPLY = {"reply": "solved", "output_recovered": 0, "evidence": ["photo"]}
BASE = [
    ("2023-04-10 09:00 opened", {"firm": "f"}),
    ("2023-04-10 10:00 assign", {"lead": "li"}),
    "2023-04-10 11:00 accept_task",
]


def stand(*more: Any, now: str = "2023-04-11 10:00", people: dict[int, str] | None = None) -> Standing:
    events = history(*BASE, *more)
    events = [
        Event(e.matter, e.seq, e.at, e.type, (people or {}).get(e.seq, "li"), e.data, None) for e in events
    ]
    return standing(DISRUPTION, events, CALENDAR, at(now))


def code(answer: Any) -> str:
    return "allowed" if isinstance(answer, Allowed) else answer.code


def test_projection() -> None:
    here = stand(("2023-04-11 09:00 co_requested", {"org": "trade"}), "2023-04-11 09:30 report").projection
    assert (here.state, here.lead, here.co) == ("working", "li", {"trade": False})
    assert here.entered_at == at("2023-04-10 11:00")
    assert here.counts == {"assign": 1, "accept_task": 1, "report": 1}
    assert (here.opened_at, here.closed_at, here.last_seq) == (at("2023-04-10 09:00"), None, 5)
    assert project([], DISRUPTION).state == "raised"


def test_allowed_moves_by_role() -> None:
    assert [move.move for move in allowed_moves(stand(), LEAD)] == [
        "hand_over",
        "report",
        "report_recovered",
        "ask_info",
        "resolve",
    ]
    assert [move.move for move in allowed_moves(stand(), ASKER)] == ["withdraw"]
    assert allowed_moves(stand(), Actor("x", frozenset())) == []


@pytest.mark.parametrize(
    ("move", "actor", "data", "wanted"),
    [
        ("fly", LEAD, {}, "unknown_move"),
        ("accept", ASKER, {}, "state"),
        ("resolve", ASKER, REPLY, "role"),
        ("resolve", LEAD, {}, "needs"),
        ("resolve", LEAD, REPLY | {"evidence": []}, "needs"),
        ("resolve", LEAD, REPLY, "allowed"),
        ("report", LEAD, {"note": ""}, "needs"),
        ("withdraw", Actor("li", frozenset({"chain_office"})), {"reason": "x"}, "not_by"),
        ("withdraw", Actor("li2", frozenset({"chain_office", "lead"})), {"reason": "x"}, "not_by"),
        ("withdraw", Actor("zhao", frozenset({"chain_office"})), {"reason": "x"}, "allowed"),
    ],
)
def test_first_reason_against_a_move(move: str, actor: Actor, data: dict[str, Any], wanted: str) -> None:
    answer = check_move(stand(), move, actor, data)
    assert code(answer) == wanted
    if wanted == "allowed":
        assert answer.to == {"resolve": "replied", "withdraw": "withdrawn"}[move]


def test_a_reply_waits_for_the_rear_desk_or_its_limit() -> None:
    asked = ("2023-04-11 09:00 co_requested", {"org": "trade"})
    assert code(check_move(stand(asked), "resolve", LEAD, REPLY)) == "guard"
    given = ("2023-04-11 09:30 co_opinion", {"org": "trade"})
    assert code(check_move(stand(asked, given), "resolve", LEAD, REPLY)) == "allowed"
    assert code(check_move(stand(asked, now="2023-04-13 17:30"), "resolve", LEAD, REPLY)) == "guard"
    assert code(check_move(stand(asked, now="2023-04-13 18:00"), "resolve", LEAD, REPLY)) == "allowed"
    moves = [move.move for move in allowed_moves(stand(asked), LEAD)]
    assert "resolve" not in moves


def test_nobody_judges_his_own_work() -> None:
    asked = ("2023-04-11 09:00 co_requested", {"org": "trade"})
    solved = [asked, ("2023-04-11 09:10 co_opinion", {"org": "trade"}), ("2023-04-11 09:30 resolve", REPLY)]
    here = stand(*solved)
    praise = {"satisfaction": 5}
    assert code(check_move(here, "accept", ASKER, praise)) == "allowed"
    assert code(check_move(here, "accept", Actor("wang", frozenset({"asker", "lead"})), praise)) == "not_by"
    assert code(check_move(here, "accept", Actor("li", frozenset({"asker"})), praise)) == "not_by"
    assert code(check_move(here, "accept", Actor("zhou", frozenset({"asker"}), "trade"), praise)) == "not_by"


def test_drafter_cannot_approve_and_an_event_may_say_as_what_somebody_acted() -> None:
    process = load_process(
        {
            "kind": "t", "version": "1", "title": {"en": "T"},
            "states": {"a": {"open": True}, "b": {"open": True}, "c": {"open": False}},
            "moves": {
                "draft": {"from": ["a"], "to": "b", "by": ["lead", "approver"]},
                "approve": {"from": ["b"], "to": "c", "by": ["approver"], "not_by": ["drafter", "checker"]},
                "check": {"from": ["b"], "to": None, "by": ["checker", "approver"]},
            },
        }
    )  # fmt: skip
    boss, other, third = (Actor(name, frozenset({"approver"})) for name in ("boss", "other", "third"))
    events = [
        Event("M", 1, at("2023-04-10 09:00"), "draft", "boss"),
        Event("M", 2, at("2023-04-10 09:30"), "check", "other", {}, "checker"),
    ]
    here = standing(process, events, CALENDAR, at("2023-04-10 10:00"))
    assert [code(check_move(here, "approve", who)) for who in (boss, other, third)] == [
        "not_by",
        "not_by",
        "allowed",
    ]


def test_the_revisit_desk_judges_when_the_asker_is_silent() -> None:
    solved = ("2023-04-11 09:30 resolve", REPLY)
    due = at("2023-04-18 17:30")
    assert list(automatic_moves(stand(solved))) == [("ask_revisit", due)]
    assert code(check_move(stand(solved, now="2023-04-18 17:30"), "ask_revisit", SYSTEM)) == "auto_after"
    assert code(check_move(stand(solved, now="2023-04-18 17:31"), "ask_revisit", SYSTEM)) == "allowed"
    assert code(check_move(stand(solved), "judge", DESK, {"satisfaction": 3, "record": "r"})) == "state"
    here = stand(solved, "2023-04-19 00:05 ask_revisit", now="2023-04-19 10:00", people={5: "system"})
    assert code(check_move(here, "judge", DESK, {"satisfaction": 3, "record": "r"})) == "allowed"
    assert code(check_move(here, "accept", ASKER, {"satisfaction": 3})) == "allowed"


def test_others_need_not_wait_for_an_automatic_move() -> None:
    here = stand(("2023-04-11 09:30 ask_info", {"question": "?"}))
    assert code(check_move(here, "info", ASKER)) == "allowed"
    assert code(check_move(here, "info", SYSTEM)) == "auto_after"


def test_max_and_within() -> None:
    again = [f"2023-04-11 09:0{i} {kind}" for i, kind in enumerate(["ask_info", "info"] * 2)]
    assert code(check_move(stand(*again), "ask_info", LEAD, {"question": "?"})) == "max"
    director = Actor("d", frozenset({"director"}))
    lines = [
        "2023-04-10 09:00 opened",
        "2023-04-10 09:30 respond",
        "2023-04-11 09:00 wind_down",
        "2023-04-12 09:00 close",
    ]
    for now, wanted in (("2023-05-12 17:30", "allowed"), ("2023-05-12 17:31", "within")):
        here = standing(SITUATION, history(*lines), CALENDAR, at(now))
        assert code(check_move(here, "reopen", director, {"reason": "x"})) == wanted
    dispute = load_process((REFERENCE / "data_dispute.yaml").read_text(encoding="utf-8"))
    events = history("2023-04-10 09:00 opened", "2023-04-10 10:00 dispatch")
    for now, wanted in (("2023-04-11 17:30", "allowed"), ("2023-04-11 17:31", "within")):
        here = standing(dispute, events, CALENDAR, at(now))
        assert code(check_move(here, "refuse", LEAD, {"reason": "x", "suggested_org": "y"})) == wanted


def test_a_guard_on_what_only_the_caller_knows() -> None:
    events = history("2023-04-10 09:00 opened", "2023-04-10 09:30 respond")
    office = Actor("o", frozenset({"chain_office"}))
    answers = []
    for fields in ({}, {"children_open": 2}, {"children_open": 0}, {"children_open": "two"}):
        here = standing(SITUATION, events, CALENDAR, at("2023-04-11 09:00"), fields)
        answers.append(code(check_move(here, "wind_down", office, {"summary": "s"})))
    assert answers == ["guard_unknown", "guard", "allowed", "guard"]
    assert "wind_down" in [
        m.move for m in allowed_moves(standing(SITUATION, events, CALENDAR, at("2023-04-11 09:00")), office)
    ]


def test_facts_before_the_first_event() -> None:
    here = standing(DISRUPTION, [], CALENDAR, at("2023-04-11 09:00"))
    assert here.environment() == {"state": "raised", "waited": None, "co_opinions_or_expired": True}
    assert list(automatic_moves(here)) == []
    assert stand(now="2023-04-13 09:00").environment()["waited"] == 3
