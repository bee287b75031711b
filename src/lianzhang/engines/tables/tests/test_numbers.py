"""Figures as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.tables.numbers import NumberTextError, parse_number

from .builders import one, wide


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("1,234.5", "1234.5", None),
        ("1,234", "1234", None),
        ("12 500", "12500", None),
        ("1,2345,6789", "123456789", None),
        ("(12.5)", "-12.5", None),
        ("(3)", "-3", None),
        ("△5", "-5", None),
        ("\u22127", "-7", None),
        ("-7.", "-7", None),
        ("¥5", "5", None),
        ("1.2亿元", "1.2", "亿元"),
        ("500万", "500", "万"),
        ("3,000千元", "3000", "千元"),
        ("(3.5)万元", "-3.5", "万元"),
        ("12.5 %", "12.5", "%"),
        ("1.5E3", "1500", None),
        (wide("1,234.5"), "1234.5", None),
        (wide("(12.5)"), "-12.5", None),
        (wide("-7"), "-7", None),
        (wide("3%"), "3", "%"),
        ("\uffe55", "5", None),
    ],
)
def test_accepted(written, value, unit):
    assert parse_number(written) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "written", ["约五百", "500-600", "≥500", "五百", "1.2.3", "--5", "(-5)", "10⁵1", "①", "abc"]
)
def test_refused(written):
    with pytest.raises(NumberTextError):
        parse_number(written)


def test_commas_in_odd_places_are_refused_not_guessed():
    with pytest.raises(NumberTextError) as caught:
        parse_number("1,23")
    assert caught.value.detail == "grouping"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_written_with_separators_reads_back(number):
    assert parse_number(f"{number:,.4f}").value == number
    assert parse_number(wide(f"{number:.4f}")).value == number


def test_approximate_word_is_an_error_and_never_zero():
    assert one("营业收入(万元)", "约五百") == "bad_number"
    assert one("营业收入(万元)", "500左右") == "bad_number"


@pytest.mark.parametrize(
    "mark", ["—", "-", "/", "…", "不详", "无", "N/A", "", "  ", "——", wide("-"), wide("/"), wide("N/A")]
)
def test_missing_marks_are_unknown(mark):
    assert one("营业收入(万元)", mark) is None


def test_zero_stays_zero():
    assert one("营业收入(万元)", 0) == 0.0
    assert one("营业收入(万元)", "0") == 0.0


def test_scaling_is_exact_in_decimals():
    assert one("营业收入(万元)", "0.07") == 700.0
    assert one("营业收入(万元)", 1234.56) == 12345600.0
    assert one("营业收入(万元)", 0.1 + 0.2) == 3000.0


def test_people_are_whole():
    assert one("从业人员(人)", 12) == 12
    assert isinstance(one("从业人员(人)", "1,200"), int)
    assert one("从业人员(人)", 12.5) == "bad_number"
    assert one("从业人员(人)", "1.2万") == 12000


def test_range_is_inclusive_and_in_stored_unit():
    assert one("营业收入(万元)", -1) == "out_of_range"
    assert one("营业收入(亿元)", 100_000) == 1e13
    assert one("营业收入(亿元)", 100_001) == "out_of_range"


def test_yes_is_no_number():
    assert one("营业收入(万元)", True) == "bad_number"
