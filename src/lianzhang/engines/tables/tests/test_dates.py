"""Days, years and periods."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.tables import FieldSpec, TableSpec
from lianzhang.engines.tables.dates import parse_date, parse_period, parse_year

from .builders import CODES, read, sheet, wide

MAY6 = date(2022, 5, 6)


@pytest.mark.parametrize(
    "written",
    [
        "2022-05-06",
        "2022/5/6",
        "2022年5月6日",
        "20220506",
        "2022.5.6",
        "2022-5-6",
        "2022-05-06 00:00:00",
        "2022-05-06T10:00:00+08:00",
        "44687",
        44687,
        44687.0,
        20220506,
        datetime(2022, 5, 6, 12),
        MAY6,
        "二〇二二年五月六日",
        wide("2022-05-06"),
        wide("20220506"),
    ],
)
def test_forms_of_one_day(written):
    assert parse_date(written).day == MAY6


def test_written_numerals_with_tens():
    assert parse_date("二〇二二年十一月二十三日").day == date(2022, 11, 23)
    assert parse_date("二零二二年十月三十日").day == date(2022, 10, 30)


@pytest.mark.parametrize(
    "written", ["2022-02-30", "22/5/6", "5/6/2022", "2022", 2022, "长期", True, float("nan"), "", "99999999"]
)
def test_no_date(written):
    assert parse_date(written) is None


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 12, 31)))
def test_round_trip(day):
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d", "%Y.%m.%d"):
        assert parse_date(day.strftime(form)) == (day, False)


def test_month_only_where_the_field_allows_it():
    spec = TableSpec(
        "t",
        (
            FieldSpec("uscc", "uscc", "代码"),
            FieldSpec("day", "date", "日期"),
            FieldSpec("month", "date", "月份", month_ok=True),
        ),
    )
    rows, result = read(sheet([["代码", "日期", "月份"], [CODES[0], "2022年5月", "2022-05"]]), spec=spec)
    assert rows[0].values["month"] == date(2022, 5, 1)
    assert [(p.code, p.detail) for p in result.problems] == [("bad_date", "month")]


@pytest.mark.parametrize(
    ("written", "year"), [("2022年", 2022), (2022.0, 2022), ("二〇二二年", 2022), ("22", None), (20.5, None)]
)
def test_years(written, year):
    assert parse_year(written) == year


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2022", "2022"),
        ("2022Q2", "2022Q2"),
        ("2022年一季度", "2022Q1"),
        ("2022年第3季度", "2022Q3"),
        ("2022年上半年", "2022H1"),
        ("2022H2", "2022H2"),
        ("202205", "2022-05"),
        ("2022年5月", "2022-05"),
        (202205.0, "2022-05"),
        (date(2022, 5, 1), "2022-05"),
        ("2022年1-12月", "2022"),
        ("2022年1月至12月", "2022"),
        ("2022年1—12月份", "2022"),
        ("2022年1-3月", None),
        ("去年", None),
    ],
)
def test_periods(written, period):
    assert parse_period(written) == period
