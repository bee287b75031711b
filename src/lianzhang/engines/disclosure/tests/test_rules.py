"""The primary rules on cases worked by hand."""

from __future__ import annotations

import pytest

from lianzhang.engines.disclosure import Rules

RULES = Rules()


@pytest.mark.parametrize(
    ("contributions", "rule"),
    [
        ([], ""),  # nobody: nothing to tell
        ([5], "threshold"),
        ([5, 5], "threshold"),
        ([0, 0], "threshold"),  # two that report nothing are two all the same
        ([0, 0, 0], ""),
        ([5, 5, 5], ""),  # 10 of 15 = 67 %; 5 over for 15 % of 5
        ([50, 30, 20], ""),  # 80 of 100
        ([50, 36, 14], "dominance"),  # 86 of 100
        ([50, 35, 15], ""),  # 85 of 100 is not more than 85 %; 15 over, 7.5 needed
        ([98, 1, 1], "dominance"),
        ([-98, 1, 1], "dominance"),  # a loss gives itself away as a gain does
        ([80, 4, 4, 4, 4, 4], ""),  # 84 of 100; 16 over, 12 needed
    ],
)
def test_cases_by_hand(contributions: list[float], rule: str) -> None:
    assert RULES.broken(contributions) == rule


def test_the_p_rule_bites_where_dominance_does_not() -> None:
    loose = Rules(dominance=(1, 0.95), p=0.15)
    assert loose.broken([100, 60, 14]) == "p"  # the second knows 60 of 174, so the first to within 14 < 15
    assert loose.broken([100, 60, 15]) == ""


def test_rules_that_make_no_sense_are_refused() -> None:
    for wrong in ({"threshold": 0}, {"dominance": (2, 1.5)}, {"p": 0.0}, {"p": 1.0}):
        with pytest.raises(ValueError, match=r"rule|between|whole"):
            Rules(**wrong)  # type: ignore[arg-type]
