"""The deeper checks: can every matter come to an end, by the right hands?"""

from pathlib import Path

import pytest

from lianzhang.engines.casework import check_process
from lianzhang.engines.casework.tests.test_load import GOOD, findings

REFERENCE = Path(__file__).parents[5] / "catalogues" / "_reference" / "processes"
ROLES = "asker lead co dispatcher approver supervisor revisit_desk chain_office director system".split()  # noqa: SIM905


@pytest.mark.parametrize("name", ["situation", "disruption", "data_dispute"])
def test_processes_of_the_reference_catalogue(name: str) -> None:
    assert check_process((REFERENCE / f"{name}.yaml").read_text(encoding="utf-8"), ROLES) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  done: {", "  limbo: {open: true}\n  done: {", "state 'limbo' is never reached"),
        (
            "  done: {",
            "  lost: {open: false}\n  done: {",
            "warning: states.lost: state 'lost' is never reached",
        ),
        (
            "to: held, by: [lead]}",
            "to: held, by: [lead]}\n  drop: {from: [new], to: sunk, by: [x]}",
            "leads to no closed",
        ),
        ("{open: false}", "{open: true}", "no closed state"),
        ("new: {open: true}", "new: {open: false}", "a matter opens closed"),
        ("by: [asker], not_by", "by: [lead], not_by", "lets the handler alone close"),
        (
            "by: [asker], not_by: [lead, goer]",
            "by: [asker, lead]",
            "warning: moves.judge.by: 'judge' lets the lead",
        ),
        (
            "by: [asker], not_by: [lead, goer]",
            "by: [asker], not_by: [nobody]",
            "not_by 'nobody' names nobody",
        ),
        ("to: work, by: [asker]", "to: work, by: [lead]", "pause 'held' is left by the handler only"),
        ("stop: [judge]", "stop: []", "clock 'main' never stops"),
        ("start: [go], stop: [judge]", "start: [judge], stop: [go]", "that runs in state 'done' cannot stop"),
        ("start: [go]", "start: [extended, co_opinion]", "warning"),
        ("stop: [judge]", "stop: [ask]", "'main' may still run when 'judge' closes"),
        (
            "{5: working_day}",
            "[{when: catgory == 'a', value: {5: day}}, {value: {6: day}}]",
            "unknown name 'catgory'",
        ),
        ("{5: working_day}", "[{when: waited + 1, value: {5: day}}, {value: {6: day}}]", "gives a number"),
        ("{5: working_day}", "[{when: waited > 1, value: {5: day}}]", "no limit where no condition holds"),
        ("pause: [held]", "pause: [held], per: co_handler", "a clock per co_handler starts otherwise"),
    ],
)
def test_processes_that_get_stuck(old: str, new: str, words: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new)
    if "sunk" in new:
        text = text.replace("  done: {", "  sunk: {open: true}\n  done: {")
    if words == "warning":
        # Built-in events can start and never be told to stop elsewhere: the clock is only left running.
        text = text.replace("stop: [judge]", "stop: [info]")
    assert any(words in item for item in findings(text)), findings(text)


def test_a_pause_with_auto_after_is_left_without_the_handler() -> None:
    text = GOOD.replace("to: work, by: [asker]", "to: work, by: [lead], auto_after: {5: working_day}")
    assert findings(text) == []


def test_roles() -> None:
    assert findings(GOOD, roles=["dispatcher", "asker"]) == []
    found = findings(GOOD, roles=["asker"])
    assert len(found) == 1
    assert found[0].startswith("p.yaml:12: moves.go.by: unknown role 'dispatcher'")


def test_a_clock_that_no_event_can_start() -> None:
    text = GOOD.replace("  judge:", "  back: {from: [done], to: work, by: [asker], max: 1}\n  judge:")
    text = text.replace("start: [go]", "start: [annulled]").replace("{from: [new]", "{from: [new]")
    assert findings(text.replace("start: [annulled]", "start: [back]")) == []
    never = text.replace("start: [annulled]", "start: [lost]").replace(
        "  judge:", "  lost: {from: [sunk], to: work, by: [x]}\n  judge:", 1
    )
    never = never.replace("  done: {", "  sunk: {open: true}\n  done: {")
    assert any("clock 'main' never starts" in item for item in findings(never))
