"""Histories from JSON Lines and calendars from CSV: every mistake with its line."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.casework import read_calendar, read_events

LINE = {"matter": "A", "seq": 1, "at": "2023-02-06T10:00:00+08:00", "type": "go", "by": "x", "data": {}}


def line(**changes: Any) -> str:
    return json.dumps({key: value for key, value in (LINE | changes).items() if value is not ...})


def test_matters_in_order_of_first_appearance() -> None:
    found = read_events(
        ["\ufeff" + line(matter="B"), "", line(), line(matter="B", seq=2), line(matter=7, by=None, data=None)]
    )
    assert list(found.matters) == ["B", "A", 7]
    assert [event.seq for event in found.matters["B"]] == [1, 2]
    assert found.lines[("B", 2)] == 4
    assert found.findings == []
    assert not found.spoilt


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", "no JSON object"),
        ('{"matter": NaN}', "NaN is no JSON value"),
        ('{"matter": "A", "matter": "B"}', "key 'matter' stands twice"),
        ("[" * 100_000, "nested too deeply"),
        (line(matter=...), "matter None"),
        (line(matter=""), "matter ''"),
        (line(matter=True), "matter True"),
        (line(seq="1"), "seq '1'"),
        (line(seq=True), "seq True"),
        (line(seq=-1), "seq -1"),
        (line(seq=1.5), "seq 1.5"),
        (line(type=...), "type None"),
        (line(by=3), "by 3"),
        (line(data=[]), "data []"),
        (line(at="2023-02-06T10:00:00"), "without zone"),
        (line(at="2023-02-06"), "without time of day"),
        (line(seq=...) + " x", "not JSON"),
        ('{"matter": "A", "seq": ' + "9" * 5000 + "}", "not JSON"),
        ('{"matter": "A\\ud83d"}', "half a character"),
        (line(at="2023-02-30T10:00:00Z"), "time '2023-02-30T10:00:00Z'"),
        (line(at=1675648800), "time 1675648800"),
        (line(at="0001-01-01T00:00:00Z"), "year 1"),
        (line(type="annulled"), "annulled with seq None"),
        (line(type="annulled", data={"seq": True}), "annulled with seq True"),
        (line(type="co_requested"), "co_requested with org None"),
        (line(type="co_opinion", data={"org": ""}), "co_opinion with org ''"),
        (line(type="extended", data={"to": {"1": "day"}}), "extended with clock None"),
        (line(type="extended", data={"clock": "main"}), "None is no limit"),
        (line(type="extended", data={"clock": "main", "to": {"0": "day"}}), "a limit of 0 day"),
        (line(type="extended", data={"clock": "main", "to": {"1": "week"}}), "unknown unit 'week'"),
    ],
)
def test_mistakes(text: str, words: str) -> None:
    found = read_events([line(matter="ok"), text, line(matter="ok", seq=2)])
    [finding] = found.findings
    assert finding.line == 2
    assert words in finding.what
    assert len(found.matters["ok"]) == 2
    assert "ok" not in found.spoilt


def test_a_seq_twice_spoils_the_matter() -> None:
    found = read_events([line(), line(matter="B"), line(at="2023-02-07T10:00:00Z")])
    assert found.spoilt == {"A"}
    assert (
        found.findings[0].render("e")
        == "e:3: seq 1 of matter 'A' stands twice (first on line 1), expected one event a seq"
    )


def test_an_unknown_key_is_named_but_does_no_harm() -> None:
    found = read_events([line(dta={"x": 1}, prev="0", on_behalf_of="y", role="lead")])
    assert [finding.render("e") for finding in found.findings] == [
        "e:1: warning: unknown key 'dta', expected matter seq at type by data"
    ]
    assert found.matters["A"][0].role == "lead"


@given(
    st.lists(
        st.one_of(
            st.text(),
            st.dictionaries(
                st.sampled_from([*LINE]),
                st.one_of(st.text(), st.integers(), st.none(), st.dictionaries(st.text(), st.integers())),
            ).map(json.dumps),
        )
    )
)
def test_nothing_breaks_the_reader(lines: list[str]) -> None:
    found = read_events(lines)
    kept = sum(len(events) for events in found.matters.values())
    bad = [finding for finding in found.findings if finding.severity == "error"]
    assert kept + len(bad) == sum(bool(text.strip()) for text in lines)


def test_calendar() -> None:
    calendar, found = read_calendar(
        ["\ufeffDate, kind ,name", "2023-01-28, workday,x", "", "2023-01-23,holiday"]
    )
    assert found == []
    assert calendar is not None
    assert calendar.years == {2023}


@pytest.mark.parametrize(
    ("rows", "line_number", "words"),
    [
        ([], 1, "no columns"),
        (["day,kind"], 1, "no columns"),
        (["date,kind", "2023-13-01,holiday"], 2, "date '2023-13-01'"),
        (["date,kind", "2023/01/01,holiday"], 2, "date '2023/01/01'"),
        (["date,kind", "2023-01-01,off"], 2, "kind 'off'"),
        (["date,kind", "2023-01-01"], 2, "kind ''"),
        (["date,kind", "2023-01-01,holiday", "2023-01-01,workday"], 3, "is workday here and holiday above"),
    ],
)
def test_calendar_mistakes(rows: list[str], line_number: int, words: str) -> None:
    calendar, found = read_calendar(rows)
    assert calendar is None
    assert (found[0].line, len(found)) == (line_number, 1)
    assert words in found[0].what
