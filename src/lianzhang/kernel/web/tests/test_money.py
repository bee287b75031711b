"""Amounts as people type them: number and unit, kept in yuan."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.utils.translation import override

from lianzhang.kernel.web.money import MoneyField


class Form(forms.Form):
    output = MoneyField(label="产值", most=1e9, most_text="太多")
    cash = MoneyField(label="现金", required=False)


def cleaned(**data: str) -> Any:
    form = Form({"cash": "", **data})
    return form.cleaned_data["output"] if form.is_valid() else form.errors["output"][0]


@pytest.mark.parametrize(
    ("text", "unit", "yuan"),
    [("12.5", "10000", 125_000), ("1,200", "1", 1200), ("0.1", "100000000", 10_000_000), ("0", "10000", 0),
     ("3.5", "1000000", 3_500_000), ("0.005", "1", 0.005), (" 7 ", "10000", 70_000), ("１２", "10000", 120_000)],
)  # fmt: skip
def test_number_and_unit_become_yuan(text: str, unit: str, yuan: float) -> None:
    assert cleaned(output=text, output_unit=unit) == yuan


def test_a_form_without_a_unit_means_yuan() -> None:
    assert cleaned(output="1200000") == 1_200_000


@pytest.mark.parametrize(
    ("text", "unit", "word"),
    [("约五百", "10000", "约五百"), ("-1", "1", "小于零"), ("1e14", "1", "十万亿"), ("20", "100000000", "太多"), ("NaN", "1", "NaN"),
     ("1e999", "1", "1e999"), ("5", "7", "单位"), ("", "10000", "")],
)  # fmt: skip
def test_what_is_no_sensible_amount_says_why(text: str, unit: str, word: str) -> None:
    answer = cleaned(output=text, output_unit=unit)
    assert isinstance(answer, str)
    assert word in answer


def test_nothing_typed_is_unknown_and_not_zero() -> None:
    form = Form({"output": "1", "output_unit": "1", "cash": " ", "cash_unit": "10000"})
    assert form.is_valid()
    assert form.cleaned_data["cash"] == ""


@pytest.mark.parametrize(
    ("yuan", "language", "text", "unit"),
    [(20_000, "zh-hans", "2", "10000"), (1_205_000, "zh-hans", "120.5", "10000"), (999, "zh-hans", "999", "1"),
     (12_345.67, "zh-hans", "12345.67", "1"), (0, "zh-hans", "0", "10000"), (3_500_000, "en", "3.5", "1000000"),
     (None, "zh-hans", None, "10000")],
)  # fmt: skip
def test_a_known_amount_is_shown_exactly_in_the_readers_unit(
    yuan: float | None, language: str, text: str | None, unit: str
) -> None:
    with override(language):
        assert MoneyField().widget.decompress(yuan) == [text, unit]
        page = Form(initial={"output": yuan}).as_p()
    assert f'<option value="{unit}" selected>' in page
    assert ("万元" in page) == (language == "zh-hans")


def test_the_label_names_the_number_and_the_unit_names_itself() -> None:
    page = Form()["output"]
    assert page.id_for_label == "id_output_0"
    assert 'aria-label="单位"' in str(page)
