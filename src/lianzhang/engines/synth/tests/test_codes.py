"""Codes of fictitious enterprises are valid by both standards and recognisable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from lianzhang.engines.synth.codes import fictitious_uscc, org_check, uscc_check


def test_published_codes_pass_both_checks() -> None:
    for code in ("912201011239989159", "91110000600037341L"):
        assert uscc_check(code[:17]) == code[17]
        assert org_check(code[8:16]) == code[16]


@given(st.integers(0, 31**6 - 1))
def test_codes_are_valid(number: int) -> None:
    code = fictitious_uscc(number, "449900")
    assert uscc.is_valid(code)
    assert org_check(code[8:16]) == code[16]
    assert code[2:8] == "449900"


@given(st.sets(st.integers(0, 31**6 - 1), min_size=2, max_size=50))
def test_different_numbers_give_different_codes(numbers: set[int]) -> None:
    assert len({fictitious_uscc(number, "449900") for number in numbers}) == len(numbers)


@pytest.mark.parametrize("number", [-1, 31**6])
def test_numbers_out_of_range_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        fictitious_uscc(number, "449900")
