"""Numbers and dates against values worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.kernel.web import dates, figures


@pytest.mark.parametrize(
    ("yuan", "overview", "case"),
    [
        (123456789012, "1,234.6 亿元", "12,345,678.9 万元"),
        (Decimal("25000000"), "0.3 亿元", "2,500 万元"),  # half up, not half even
        (9_999_999, "1,000 万元", "1,000 万元"),  # below a tenth of 亿: a unit lower, never 0.0
        (1234567.8, "123.5 万元", "123.5 万元"),
        (9999, "9,999 元", "9,999 元"),
        (0, "0 元", "0 元"),
        (-250000000, "−2.5 亿元", "−25,000 万元"),
    ],
)
def test_money_in_chinese(yuan: Any, overview: str, case: str) -> None:
    with translation.override("zh-hans"):
        assert figures.money(yuan).text == overview
        assert figures.money(yuan, "case").text == case


def test_amounts_in_a_column_keep_their_decimal() -> None:
    with translation.override("zh-hans"):
        shown = [figures.show(v, "money_column").text for v in (76_848_180_000, 74_877_369_000, 9_999)]
    assert shown == ["7,684,818.0 万元", "7,487,736.9 万元", "9,999 元"]


def test_both_ends_of_an_interval_stand_in_one_unit() -> None:
    with translation.override("zh-hans"):
        assert figures.interval(7202.86, 1_087_000, "money_case") == "0.7–108.7 万元"
        assert figures.interval(2.5e8, 1.8e9, "money") == "2.5–18.0 亿元"
        assert figures.interval(10, 20, "money_case") == "10 元–20 元"
        assert figures.interval(0.1, 0.2, "percent") == "10.0%–20.0%"
        assert figures.interval(None, 1e9, "money") == ""


@pytest.mark.parametrize(
    ("kwh", "chinese", "english"),
    [
        (56_281_530_000, "562.8 亿千瓦时", "56.3 bn kWh"),
        (372_836_100, "3.7 亿千瓦时", "372.8 m kWh"),
        (9_999_949, "1,000.0 万千瓦时", "10.0 m kWh"),
        (25_000, "2.5 万千瓦时", "25,000 kWh"),
        (0, "0 千瓦时", "0 kWh"),
        (-9_999.5, "−9,999.5 千瓦时", "−9,999.5 kWh"),
    ],
)
def test_electricity(kwh: Any, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert figures.electricity(kwh).text == chinese
        assert figures.electricity(kwh).full.replace(",", "") == f"{kwh} 千瓦时".replace("-", "−")
    with translation.override("en"):
        assert figures.electricity(kwh).text == english


@pytest.mark.parametrize(
    ("yuan", "text"),
    [
        (123456789012, "CNY 123.5 bn"),
        (2_340_000, "CNY 2.3 m"),
        (12_345, "CNY 12.3 k"),
        (999, "CNY 999"),
        (Decimal("9.5"), "CNY 9.50"),
    ],
)
def test_money_in_english(yuan: Any, text: str) -> None:
    with translation.override("en"):
        assert figures.money(yuan).text == text


@pytest.mark.parametrize(
    ("yuan", "text"),
    [(3_869_116_700_000, "CNY 3,869,116.7 m"), (250_000_000, "CNY 250.0 m"), (12_340, "CNY 12.3 k")],
)
def test_money_of_a_case_in_english_counts_in_millions(yuan: int, text: str) -> None:
    with translation.override("en"):
        assert figures.money(yuan, "case").text == text


def test_both_ends_of_an_english_interval_stand_in_one_unit() -> None:
    with translation.override("en"):
        assert figures.interval(9.42e10, 1.557e11, "money") == "CNY 94.2–155.7 bn"
        assert figures.interval(9_000, 2.5e6, "money_case") == "CNY 0.0–2.5 m"
        assert figures.interval(10, 20, "money_case") == "CNY 10–CNY 20"


def test_the_full_amount_stands_in_the_title() -> None:
    with translation.override("zh-hans"):
        assert figures.money(1234567).html() == '<span class="lz-num" title="1,234,567 元">123.5 万元</span>'


@pytest.mark.parametrize("nothing", [None, "", "about 500", float("nan"), float("inf"), Decimal("NaN"), True])
@pytest.mark.parametrize("kind", sorted(figures.KINDS))
def test_unknown_is_not_zero(kind: str, nothing: Any) -> None:
    assert figures.show(nothing, kind) is None


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2))
def test_scaled_money_stays_within_half_a_unit_of_the_amount(yuan: Decimal) -> None:
    units = {"亿元": Decimal(10) ** 8, "万元": Decimal(10) ** 4, "元": Decimal(1)}
    with translation.override("zh-hans"):
        number, unit = figures.money(yuan).text.split(" ")
    shown = Decimal(number.replace(",", "").replace("\u2212", "-")) * units[unit]
    assert abs(shown - yuan) <= units[unit] / 20


def test_rates() -> None:
    with translation.override("zh-hans"):
        assert figures.percent(0.12345).text == "12.3%"
        assert figures.percent("0.5", 0).text == "50%"
        assert figures.year_on_year(0.049).text == "+4.9%"
        assert figures.year_on_year(-0.0004).text == "0.0%"
        assert figures.points(-0.012).text == "−1.2 个百分点"
        assert figures.count(1234567, "m²").text == "1,234,567 m²"
        assert figures.count(0.1 + 0.2).text == "0.3"


def test_dates_in_each_language() -> None:
    instant = datetime(2022, 11, 25, 17, 42, tzinfo=UTC)  # 01:42 the next day in Guangzhou
    with translation.override("zh-hans"):
        assert dates.day(date(2022, 5, 6)) == "2022年5月6日"
        assert dates.due_day(date(2020, 11, 26)) == "11月26日(周四)"
        assert dates.moment(instant) == "2022年11月26日 1:42"
        assert dates.due_day(instant) == "11月26日(周六)"
    with translation.override("en"):
        assert dates.day(date(2022, 5, 6)) == "6 May 2022"
        assert dates.due_day(date(2020, 11, 26)) == "26 November (Thu)"
    assert dates.day(None) == dates.due_day(None) == dates.clock_time(date(2022, 5, 6)) == ""


def test_deadlines_in_words() -> None:
    with translation.override("zh-hans"):
        assert [dates.working_days_left(n) for n in (3, 0, -2, None)] == [
            "还剩 3 个工作日",
            "今天到期",
            "已逾期 2 个工作日",
            "",
        ]
    with translation.override("en"):
        assert [dates.working_days_left(n) for n in (1, -1)] == ["1 working day left", "1 working day late"]
