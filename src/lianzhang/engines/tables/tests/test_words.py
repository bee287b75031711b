"""Cells that are not figures: names, codes, yes and no, choices."""

import pytest

from .builders import CODES, one, read, sheet, wide


@pytest.mark.parametrize(
    "written", ["广州(黄埔)公司", wide("广州(黄埔)公司"), " 广州 (黄埔) 公司 ", "广州(黄埔)\u200b公司"]
)
def test_both_kinds_of_brackets_give_one_name(written):
    assert one("企业名称", written) == "广州\uff08黄埔\uff09公司"


def test_latin_names_keep_their_blanks():
    assert one("企业名称", "ABC Motor Co.") == "ABC Motor Co."


@pytest.mark.parametrize(
    "written",
    ["C3670", "c3670", "3670", wide("C3670"), 3670, 3670.0, "C3670 汽车零部件及配件制造", " C 3670"],
)
def test_industry_code_with_letter(written):
    assert one("行业代码", written) == "3670"


def test_industry_code_that_is_none():
    assert one("行业代码", "汽车") == "unknown_code"


@pytest.mark.parametrize(
    ("written", "value"),
    [("是", True), ("√", True), ("否", False), ("N", False), (True, True), (1, True), ("—", None)],
)
def test_yes_and_no(written, value):
    assert one("是否上市", written) is value


def test_neither_yes_nor_no():
    assert one("是否上市", "或许") == "unknown_code"


@pytest.mark.parametrize(
    ("written", "value"),
    [("国家级", "national"), (" 市 级 ", "city"), ("CITY", "city"), ("无", "none"), ("不详", None)],
)
def test_choices_by_code_or_word(written, value):
    assert one("称号级别", written) == value


def test_unknown_choice_lists_what_is_possible():
    rows, result = read(sheet([["统一社会信用代码", "称号级别"], [CODES[0], "县级"]]))
    assert result.problems[0].code == "unknown_code"
    assert "国家级" in result.problems[0].message("zh")
    assert rows[0].rejected


def test_text_keeps_its_signs():
    assert one("经营范围", "研发、生产(一)  销售") == "研发、生产(一) 销售"


@pytest.mark.parametrize("mark", ["无", "/", "——", "不详"])
def test_missing_marks_in_text(mark):
    assert one("经营范围", mark) is None


def test_credit_code_kept_as_a_number_has_lost_digits():
    rows, result = read(
        sheet([["统一社会信用代码", "企业名称"], [912201011239989159.0, "甲"], ["9.12201E+17", "乙"]])
    )
    assert [(p.code, p.detail) for p in result.problems] == [("bad_uscc_length", "number")] * 2
    assert all(r.rejected for r in rows)


def test_credit_code_with_blanks_full_width_and_apostrophe():
    rows, _ = read(sheet([["统一社会信用代码"], [wide(" 9122 0101 1239989159")], ["'91110000600037341l"]]))
    assert [r.values["uscc"] for r in rows] == ["912201011239989159", "91110000600037341L"]
