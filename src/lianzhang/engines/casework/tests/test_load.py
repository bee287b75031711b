"""Reading a process: every mistake at once, with its line."""

import pytest

from lianzhang.engines.casework import ProcessError, check_process, load_process, parse_limit
from lianzhang.engines.casework.positions import read_yaml

GOOD = """\
kind: request
version: 2023-05
title: {zh: 诉求, en: Request}
fields:
  - {name: category, type: category}
states:
  new: {open: true}
  work: {open: true, waits_for: lead}
  held: {open: true}
  done: {open: false}
moves:
  go: {from: [new], to: work, by: [dispatcher]}
  ask: {from: [work], to: held, by: [lead]}
  info: {from: [held], to: work, by: [asker]}
  judge: {from: [work], to: done, by: [asker], not_by: [lead, goer]}
clocks:
  main: {start: [go], stop: [judge], pause: [held], limit: {5: working_day}, cutoff: 17:00}
"""


def findings(text: str, **options: object) -> list[str]:
    return [finding.render("p.yaml") for finding in check_process(text, **options)]


def test_a_good_process() -> None:
    assert findings(GOOD) == []
    process = load_process(GOOD)
    assert (process.version, process.initial) == ("2023-05", "new")
    assert process.clocks["main"].cutoff == 17 * 3600


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("waits_for: lead", "waitsfor: lead", 8, "unknown key 'waitsfor', expected waits_for"),
        ("{open: false}", "{open: nein}", 10, "'nein' is no truth value"),
        ("kind: request\n", "", 1, "this key is missing"),
        ("{5: working_day}", "{0: working_day}", 17, "a limit of 0 working_day, expected more than 0"),
        ("{5: working_day}", "{-1: day}", 17, "a limit of -1 day"),
        ("{5: working_day}", "{10000: day}", 17, "a limit of 10000 day, expected at most"),
        ("{5: working_day}", "{1.5: day}", 17, "expected a whole number"),
        ("{5: working_day}", "{5: days}", 17, "unknown unit 'days', expected one of working_hour"),
        ("{5: working_day}", "{five: day}", 17, "'five' is no number"),
        ("{5: working_day}", "5", 17, "5 is no limit, expected one number and one unit"),
        ("{5: working_day}", "[]", 17, "nothing here, expected at least one"),
        ("{5: working_day}", "[{value: {5: day}}, {value: {6: day}}]", 17, "without condition before others"),
        (
            "{5: working_day}",
            "[{when: category ==, value: {5: day}}, {value: {6: day}}]",
            17,
            "does not parse",
        ),
        ("stop: [judge]", "stop: [judged]", 17, "unknown move 'judged'"),
        ("pause: [held]", "pause: [hold]", 17, "unknown state 'hold'"),
        ("cutoff: 17:00", "cutoff: 25:00", 17, "'25:00' is no time of day"),
        ("from: [new]", "from: [nwe]", 12, "unknown state 'nwe'"),
        ("from: [new]", "from: new", 12, "'new' is no list"),
        ("to: work, by: [dispatcher]", "by: [dispatcher]", 12, "moves.go.to: this key is missing"),
        ("by: [dispatcher]", "by: []", 12, "nothing here, expected at least one"),
        ("by: [dispatcher]", "by: [dispatcher], guard: 'category >'", 12, "does not parse at 11"),
        ("by: [dispatcher]", "by: [dispatcher], max: 0", 12, "moves.go.max"),
        ("by: [dispatcher]", "by: [dispatcher], within: side", 12, "unknown clock 'side'"),
        ("  go:", "  Go:", 12, "expected letters a-z"),
        ("  go:", "  opened:", 12, "'opened' is a built-in event"),
        (
            "  - {name: category, type: category}",
            "  - {name: a, type: choice}",
            5,
            "choice 'a' has no values",
        ),
        ("title: {zh: 诉求, en: Request}", "title: {}", 3, "no title, expected zh or en"),
        ("kind: request", "kind: [request", 2, "not YAML"),
        ("  new: {open: true}", "  new: {open: true}\n  new: {open: true}", 8, "key 'new' stands twice"),
    ],
)
def test_mistakes_have_lines(old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new)
    found = findings(text)
    assert any(item.startswith(f"p.yaml:{line}: ") and words in item for item in found), found
    with pytest.raises(ProcessError):
        load_process(text)


def test_all_mistakes_at_once_in_order_of_lines() -> None:
    text = (
        GOOD.replace("waits_for", "wait_for")
        .replace("{5:", "{0:")
        .replace("judge: {from: [work]", "judge: {from: [x]")
    )
    found = findings(text)
    lines = [int(item.split(":")[1]) for item in found]
    assert lines == sorted(lines)
    assert {8, 15, 17} <= set(lines)


@pytest.mark.parametrize(
    "text", ["", "- a\n- b\n", "a: [\n", "!!python/object:os.system x", "a: &a [*a]", "--- 1\n--- 2\n"]
)
def test_what_is_no_process(text: str) -> None:
    assert findings(text)


def test_a_mapping_has_no_lines() -> None:
    data = read_yaml(GOOD)[0]
    assert load_process(data) == load_process(GOOD)
    [finding] = check_process(data | {"extra": 1})
    assert (finding.line, finding.path) == (None, ("extra",))


def test_yaml_core_schema() -> None:
    data, _, found = read_yaml("a: on\nb: no\nc: 17:30\nd: 2023-05-01\ne: 1.5\nf: ~\ng: 012\nh: true\ni:\n")
    assert data == {
        "a": "on", "b": "no", "c": "17:30", "d": "2023-05-01", "e": 1.5, "f": None, "g": 12, "h": True, "i": None,
    }  # fmt: skip
    assert found == []


def test_a_file_too_large_to_be_a_process() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(8)
    )
    assert "more than 20000 values" in findings(bomb)[0]


def test_limits_from_json() -> None:
    assert str(parse_limit({"10": "working_day"})) == "10 working_day"
    assert parse_limit({"1.5": "working_hour"}).value == 1.5
    with pytest.raises(ValueError, match="is no number"):
        parse_limit({True: "day"})
