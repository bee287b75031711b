"""Patterns worked by hand, the audit against hand-made leaks, and what holds for every table."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianzhang.engines.disclosure import (
    Dimension,
    Interval,
    Rules,
    Table,
    Unprotectable,
    controlled,
    differences,
    exposed,
    intervals,
    protect,
    tabulate,
)
from lianzhang.engines.disclosure.release import sensitive_sums
from lianzhang.engines.disclosure.tests import draws

RULES = Rules()


def firms(cells: dict[tuple[str, ...], list[float]]) -> list[tuple[str, tuple[str, ...], float]]:
    return [(f"{'/'.join(k)}#{i}", k, v) for k, values in cells.items() for i, v in enumerate(values)]


def two_by_two(**other: list[float]) -> Table:
    """North and South by chemicals and steel; one firm alone in northern steel."""
    cells = {
        ("N", "chem"): [20.0, 20, 20], ("N", "steel"): [50.0],
        ("S", "chem"): [30.0, 30, 30], ("S", "steel"): [10.0, 10, 10],
    }  # fmt: skip
    cells |= {tuple(k.split("_")): v for k, v in other.items()}
    dims = [Dimension.flat("district", ["N", "S"]), Dimension.flat("industry", ["chem", "steel"])]
    return tabulate(dims, firms(cells))


def test_margins_are_sums_and_each_firm_counts_once_in_each() -> None:
    table = two_by_two()
    assert table.cells["N", ""].value == 110
    assert table.cells["", ""].value == 230
    assert table.cells["", "steel"].n == 4
    assert (("N", ""), (("N", "chem"), ("N", "steel"))) in table.sums


def test_one_hidden_cell_is_no_secret_among_published_margins() -> None:
    """The simplest leak: 110 - 60 = 50."""
    seen = intervals(two_by_two(), {("N", "steel")})
    assert seen == {("N", "steel"): Interval(pytest.approx(50), pytest.approx(50))}


def test_the_square_of_four_protects_it() -> None:
    """By hand: all four hidden, x = N/steel; N/chem = 110 - x, S/steel = 80 - x, S/chem = 40 + x, none below 0: x in 0..80."""
    table = two_by_two()
    inner = {k for k in table.cells if "" not in k}
    seen = intervals(table, inner)["N", "steel"]
    assert (seen.low, seen.high) == (pytest.approx(0), pytest.approx(80))
    done = protect(table, RULES)
    assert set(done.hidden) == inner
    assert done.hidden["N", "steel"] == "threshold"
    assert done.primary == {("N", "steel")}
    assert not exposed(table, done.hidden, done.primary, RULES)


def test_two_hidden_neighbours_of_one_firm_are_one_cell() -> None:
    """Trap: each of two hidden cells lies wide, but their sum is known, and it is one firm's."""
    dims = [Dimension.flat("industry", ["a", "b", "c", "d"])]
    rows = [("big", ("a",), 50.0), ("big", ("b",), 60.0), *[(f"c{i}", ("c",), 10.0) for i in range(5)]]
    rows += [(f"d{i}", ("d",), 12.0) for i in range(5)]
    table = tabulate(dims, rows)
    assert list(sensitive_sums(table, {("a",), ("b",)}, RULES))
    done = protect(table, RULES)
    assert set(done.hidden) == {("a",), ("b",), ("c",)}
    assert not list(sensitive_sums(table, done.hidden, RULES))


def test_a_table_that_nothing_protects_is_refused() -> None:
    dims = [Dimension.flat("industry", ["a"])]
    table = tabulate(dims, [("one", ("a",), 5.0)])
    done_or_not = protect_or_text(table)
    assert done_or_not == {("",), ("a",)} or "protected" in str(done_or_not)


def protect_or_text(table: Table) -> object:
    try:
        return set(protect(table, RULES).hidden)
    except Unprotectable as error:
        return str(error)


def test_what_was_published_cannot_be_hidden_any_more() -> None:
    table = two_by_two()
    with pytest.raises(Unprotectable):
        protect(
            table,
            RULES,
            known={("N", "chem"), ("S", "steel"), ("N", ""), ("", "steel"), ("", "chem"), ("S", "")},
        )
    with pytest.raises(Unprotectable, match="published before"):
        protect(table, RULES, known={("N", "steel")})


def test_a_hierarchy_has_sums_at_each_level() -> None:
    dim = Dimension("industry", {"26": "C", "27": "C", "C": "", "D": ""})
    rows = [(f"{c}{i}", (c,), 10.0) for c in ("26", "27", "D") for i in range(4)] + [
        ("alone", ("26",), 200.0)
    ]
    table = tabulate([dim], rows)
    assert table.cells[("C",)].value == 280
    assert set(table.sums) == {(("",), (("C",), ("D",))), (("C",), (("26",), ("27",)))}
    done = protect(table, RULES)
    assert done.hidden[("26",)] == "dominance"
    assert not exposed(table, done.hidden, done.primary, RULES)
    with pytest.raises(ValueError, match="own parent"):
        Dimension("x", {"a": "b", "b": "a"})
    with pytest.raises(ValueError, match="not among"):
        tabulate([dim], [("f", ("99",), 1.0)])


def test_two_filters_that_differ_by_one_firm_are_refused_and_by_three_equals_not() -> None:
    base = two_by_two()
    assert [d.key for d in differences(two_by_two(S_chem=[30.0, 30, 30, 7]), base, RULES)] == [
        ("", ""), ("", "chem"), ("S", ""), ("S", "chem"),
    ]  # fmt: skip
    assert not differences(two_by_two(S_chem=[30.0, 30, 30, 7, 7, 7]), base, RULES)
    assert differences(two_by_two(S_chem=[30.0, 30, 30, 700, 7, 7]), base, RULES)[0].why == "dominance"
    assert differences(two_by_two(S_chem=[31.0, 30, 30]), base, RULES), (
        "a value mended for one firm is a difference of one"
    )
    assert not differences(two_by_two(), base, RULES)


@given(seed=st.integers(0, 10**9))
@settings(max_examples=15)
def test_for_every_table_the_pattern_passes_the_audit_and_is_the_same_twice(seed: int) -> None:
    table = draws.table(seed)
    try:
        done = protect(table, RULES, seed=7)
    except Unprotectable:
        return
    assert done.primary == {k for k, c in table.cells.items() if RULES.broken(c.contributors.values())}
    assert not exposed(table, done.hidden, done.primary, RULES)
    assert not list(sensitive_sums(table, done.hidden, RULES))
    assert set(done.published) | set(done.hidden) == set(table.cells)
    assert protect(table, RULES, seed=7) == done


@given(seed=st.integers(0, 10**9), base=st.sampled_from([1.0, 5.0, 100.0]))
@settings(max_examples=25)
def test_rounded_tables_add_up_and_each_leaf_is_less_than_a_base_away(seed: int, base: float) -> None:
    table = draws.table(seed)
    found = controlled(table, base, seed=3)
    for total, parts in table.sums:
        assert math.isclose(found[total], sum(found[p] for p in parts), abs_tol=1e-6)
    inner = set.intersection(*({k for k in table.cells if k[i] in set(draws.leaves(d))} for i, d in enumerate(table.dimensions)))  # fmt: skip
    assert all(abs(found[k] - table.cells[k].value) < base for k in inner)
    assert controlled(table, base, seed=3) == found
