"""The ladder: every rung once, by key, at its time."""

from itertools import pairwise

from lianzhang.engines.casework import Rung, load_process, mermaid, rows, rungs_between
from lianzhang.engines.casework.tests.cases import CALENDAR, at, history, process
from lianzhang.engines.casework.tests.test_check import REFERENCE

LADDER = {
    "main": [
        {"at": "50%", "notify": ["lead"]},
        {"before_due": {1: "working_day"}, "notify": ["lead"]},
        {"at": "due", "notify": ["lead", "head"]},
        {"after_due": {1: "working_day"}, "notify": ["deputy"], "mark": "overdue"},
    ]
}
FOUR = process({"limit": {4: "working_day"}}, escalation=LADDER)
GO = "2023-02-06 10:00 go"


def times(lines: list[str], since: str, until: str, spec: object = FOUR) -> list[tuple[int, str]]:
    found = rungs_between(spec, history(*lines), CALENDAR, at(since), at(until))  # type: ignore[arg-type]
    return [(rung.key[3], rung.at.strftime("%m-%d %H:%M")) for rung in found]


def test_all_rungs_of_one_run() -> None:
    wanted = [(0, "02-08 09:00"), (1, "02-09 09:00"), (2, "02-10 17:30"), (3, "02-13 17:30")]
    assert times([GO], "2023-02-06 00:00", "2023-03-01 00:00") == wanted
    [overdue] = rungs_between(FOUR, history(GO), CALENDAR, at("2023-02-11 00:00"), at("2023-03-01 00:00"))
    assert overdue == Rung(("M", "main", "", 3, 1), at("2023-02-13 17:30"), ("deputy",), "overdue")


def test_windows_that_touch_give_every_rung_once() -> None:
    edges = [f"2023-02-{day:02} 17:30" for day in range(5, 20)]
    found = [rung for a, b in pairwise(edges) for rung in times([GO], a, b)]
    assert found == times([GO], edges[0], edges[-1])
    assert len(found) == 4


def test_a_stopped_clock_and_a_closed_matter_do_not_escalate() -> None:
    assert [i for i, _ in times([GO, "2023-02-09 10:00 finish"], "2023-02-06 00:00", "2023-03-01 00:00")] == [
        0,
        1,
    ]
    loose = process({"limit": {4: "working_day"}, "stop": ["note"]}, escalation=LADDER)
    assert [
        i for i, _ in times([GO, "2023-02-09 10:00 finish"], "2023-02-06 00:00", "2023-03-01 00:00", loose)
    ] == [0, 1]
    reopened = [GO, "2023-02-09 10:00 finish", "2023-02-10 10:00 redo"]
    assert (2, "02-16 17:30") in times(reopened, "2023-02-06 00:00", "2023-03-01 00:00")


def test_pauses_hold_the_ladder() -> None:
    lines = [GO, "2023-02-08 11:00 wait"]
    assert times(lines, "2023-02-06 00:00", "2023-03-01 00:00") == [(0, "02-08 09:00")]
    lines.append("2023-02-13 10:00 resume")
    assert times(lines, "2023-02-06 00:00", "2023-03-01 00:00") == [
        (0, "02-08 09:00"), (1, "02-14 09:00"), (2, "02-15 17:30"), (3, "02-16 17:30"),
    ]  # fmt: skip


def test_an_overdue_rung_inside_a_pause_waits_for_its_end() -> None:
    lines = [GO, "2023-02-13 10:00 wait", "2023-02-20 10:00 resume"]
    assert times(lines, "2023-02-06 00:00", "2023-03-01 00:00")[-1] == (3, "02-20 10:00")


def test_rungs_of_hours_and_months() -> None:
    hours = process(
        {"limit": {4: "working_hour"}},
        escalation={
            "main": [
                {"at": "80%", "notify": ["lead"]},
                {"before_due": {1: "working_hour"}, "notify": ["lead"]},
            ]
        },
    )
    assert times(["2023-02-06 10:00 go"], "2023-02-06 00:00", "2023-03-01 00:00", hours) == [
        (1, "02-06 15:00"),
        (0, "02-06 15:12"),
    ]
    months = process(
        {"limit": {2: "month"}},
        escalation={
            "main": [
                {"at": "50%", "notify": ["lead"]},
                {"before_due": {1: "month"}, "notify": ["lead"]},
                {"before_due": {10: "day"}, "notify": ["lead"]},
            ]
        },
    )
    assert times(["2023-03-01 10:00 go"], "2023-03-01 00:00", "2023-06-01 00:00", months) == [
        (0, "04-01 09:00"), (1, "04-04 09:00"), (2, "04-24 09:00"),
    ]  # fmt: skip


def test_nothing_before_the_first_event_and_without_a_limit() -> None:
    assert times([GO], "2023-01-01 00:00", "2023-02-01 00:00") == []
    bare = process({"limit": [{"when": "category == 'a'", "value": {2: "day"}}]}, escalation=LADDER)
    assert times([GO], "2023-02-06 00:00", "2023-03-01 00:00", bare) == []


def test_diagram_and_table() -> None:
    spec = load_process((REFERENCE / "disruption.yaml").read_text(encoding="utf-8"))
    drawn = mermaid(spec, "zh-hans")
    assert drawn.startswith("stateDiagram-v2\n")
    assert '    state "待派单" as raised\n    ' in drawn
    assert "    [*] --> raised\n" in drawn
    assert "    working --> replied: 办结报评 (lead)\n" in drawn
    assert "    closed --> [*]\n" in drawn
    assert "记进展" not in drawn
    table = {row["move"]: row for row in rows(spec)}
    assert len(table) == len(spec.moves)
    assert table["Report as solved"] == {
        "move": "Report as solved",
        "from": "In work",
        "to": "Waiting for the judgement",
        "by": "lead",
        "needs": "reply, output_recovered, evidence",
        "conditions": "guard co_opinions_or_expired",
    }
    assert table["Progress note"]["to"] == ""
    assert "    new --> work: go (dispatcher)\n" in mermaid(FOUR)
