"""Headings that resemble one another: symmetric, one to one, the same in any order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.tables.resemblance import heading_name, likeness, resemble

HEADINGS = st.lists(
    st.text("营业收入利润总额从人员(万元)a1 ", min_size=0, max_size=8) | st.just("营业收入(万元)"), max_size=9
)


@given(HEADINGS, HEADINGS)
def test_bounded_symmetric_and_one_to_one(new: list[str], old: list[str]) -> None:
    there, back = resemble(new, old), resemble(old, new)
    assert 0.0 <= there.score <= 1.0
    assert abs(there.same - back.same) == 0
    assert len({p.new for p in there.pairs}) == len({p.old for p in there.pairs}) == len(there.pairs)
    for pair in there.pairs:
        equal = heading_name(new[pair.new]) == heading_name(old[pair.old])
        assert (pair.likeness == 1.0) == equal


@given(HEADINGS, st.randoms(use_true_random=False))
def test_order_does_not_matter(headings: list[str], random: object) -> None:
    moved = list(headings)
    random.shuffle(moved)  # type: ignore[attr-defined]
    found = resemble(moved, headings)
    named = [h for h in headings if heading_name(h)]
    assert found.same == len(named)
    assert found.score == (1.0 if named else 0.0)


@given(HEADINGS, st.text("甲乙丙丁", min_size=1, max_size=5))
def test_a_strange_column_only_lowers_the_score(headings: list[str], strange: str) -> None:
    assert resemble([*headings, strange], headings).score <= resemble(headings, headings).score


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_is_symmetric_and_one_only_for_equals(a: str, b: str) -> None:
    assert likeness(a, b) == likeness(b, a)
    assert (likeness(a, b) == 1.0) == (a == b)


def test_headings_of_offices() -> None:
    assert heading_name("2. 营业收入(万元)") == heading_name("营业收入（元）")
    found = resemble(["企业名称", "从业人员数", "营业利润"], ["从业人员", "企业名称", "营业收入"])
    assert [(p.new, p.old) for p in found.pairs] == [(0, 1), (1, 0)], "profit is not revenue"
