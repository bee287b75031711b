"""Columns to fields: synonyms, decisions of people, conflicts, years."""

import pytest

from lianzhang.engines.tables import TableError, parse_map, scan_table

from .builders import CODES, SPEC, codes, read, sheet, text, wide


@pytest.mark.parametrize(
    "header",
    [
        "营业收入(万元)",
        wide("营业收入(万元)"),
        wide("营业收入:万元"),
        "营业收入\u3014万元\u3015",
        " 营 业 收 入 (万元)",
        "营业收入\n(万元)",
        "2022年营业收入(万元)",
        "营业收入(万元,2022年)",
        "2022年1-12月营业收入(万元)",
        "*营业收入(万元)",
        "3.营业收入(万元)",
        "其中:营业收入(万元)",
        "营业收入【万元】",
        "营业收入_万元",
        "营业收入:万元",
        "营业收入(单位:万元)",
    ],
)
def test_header_forms(header):
    rows, _ = read(sheet([["统一社会信用代码", header], [CODES[0], 1]]))
    assert rows[0].values["revenue"] == 10_000


@pytest.mark.parametrize(
    "header", ["上年营业收入(万元)", "2022年1-6月营业收入(万元)", "营业收入增速(%)", "母公司名称"]
)
def test_headers_that_mean_something_else_stay_unmapped(header):
    _, result = read(sheet([["统一社会信用代码", header], [CODES[0], 1]]))
    assert result.sheets[0].columns[1].status == "unmapped"


def test_column_order_does_not_matter_and_running_numbers_are_ignored():
    rows, result = read(sheet([["序号", "利润总额(元)", "统一社会信用代码"], [1, 5, CODES[0]]]))
    assert rows[0].values == {"profit": 5, "uscc": CODES[0]}
    assert result.sheets[0].columns[0].status == "ignored"


def test_suggestions_for_unknown_columns():
    _, result = read(sheet([["统一社会信用代码", "营业总收入(万元)", "审核意见"], [CODES[0], 1, "好"]]))
    _, income, other = result.sheets[0].columns
    assert income.suggestions[0][0] == "revenue"
    assert other.suggestions == ()


def test_two_columns_for_one_field_wait_for_a_decision():
    content = sheet([["统一社会信用代码", "营业收入(万元)", "营业收入(元)"], [CODES[0], 1, 2]])
    rows, result = read(content)
    assert codes(result) == ["duplicate_column"]
    assert "revenue" not in rows[0].values
    assert not rows[0].rejected
    decided = parse_map({"Sheet1": {"columns": {"B": {"skip": True}}}})
    rows, result = read(content, mapping=decided)
    assert rows[0].values["revenue"] == 2
    assert codes(result) == []


def test_of_two_columns_for_one_field_the_one_of_its_very_name_is_read():
    content = sheet([["统一社会信用代码", "主营业务收入(万元)", "营业收入(万元)"], [CODES[0], 1, 2]])
    rows, result = read(content)
    assert codes(result) == []
    assert rows[0].values["revenue"] == 20_000
    other = result.sheets[0].columns[1]
    assert (other.status, other.suggestions[0][0]) == ("unmapped", "revenue")
    decided = parse_map({"Sheet1": {"columns": {"B": {"field": "revenue", "unit": "万元"}}}})
    rows, result = read(content, mapping=decided)
    assert rows[0].values["revenue"] == 10_000
    assert codes(result) == []


def test_columns_of_another_year_are_left_out():
    content = sheet([["统一社会信用代码", "2021年营业收入(万元)", "2022年营业收入(万元)"], [CODES[0], 1, 2]])
    rows, result = read(content, period=2022)
    assert rows[0].values["revenue"] == 20_000
    assert [(p.severity, p.code) for p in result.problems] == [("warning", "other_year")]
    _, result = read(content)
    assert codes(result) == ["duplicate_column"]


def test_years_below_a_group_cell():
    content = sheet(
        [["统一社会信用代码", "营业收入(万元)", ""], ["", "2021年", "2022年"], [CODES[0], 1, 2]],
        ["A1:A2", "B1:C1"],
    )
    rows, _ = read(content, period="2022")
    assert rows[0].values["revenue"] == 20_000


def test_map_names_header_row_fields_and_units():
    content = sheet([["a"], ["b"], ["c"], ["代号", "收入", "备注"], [CODES[0], 3, "企业名称"]])
    decided = parse_map(
        {
            "Sheet1": {
                "header_row": 4,
                "columns": {
                    "代号": {"field": "uscc"},
                    "收入": {"field": "revenue", "unit": "万元"},
                    "备注": {"skip": True},
                },
            }
        }
    )
    rows, result = read(content, mapping=decided)
    assert rows[0].values == {"uscc": CODES[0], "revenue": 30_000}
    assert [c.status for c in result.sheets[0].columns] == ["mapped", "mapped", "skipped"]


def test_map_of_a_flat_file_applies_whatever_its_sheet_is_called():
    decided = parse_map({"Sheet1": {"columns": {"代号": "uscc"}}})
    rows, _ = read(text([["代号", "利润总额(元)"], [CODES[0], "1"]]), name="abc.csv", mapping=decided)
    assert rows[0].values["uscc"] == CODES[0]


@pytest.mark.parametrize(
    "data",
    [
        ["no"],
        {"S": {"header": 3}},
        {"S": {"header_row": 0}},
        {"S": {"columns": []}},
        {"S": {"columns": {"a": {"felid": "x"}}}},
        {"S": {"columns": {"a": {}}}},
    ],
)
def test_wrong_maps_are_refused_with_an_example(data):
    with pytest.raises(TableError) as caught:
        parse_map(data)
    assert caught.value.code == "bad_map"
    assert "header_row" in caught.value.hint


def test_map_with_an_unknown_field():
    decided = parse_map({"*": {"columns": {"统一社会信用代码": {"field": "nope"}}}})
    with pytest.raises(TableError, match="nope"):
        read(sheet([["统一社会信用代码"], [CODES[0]]]), mapping=decided)


def test_missing_required_column_is_said_once_and_rejects_all_rows():
    rows, result = read(sheet([["企业名称", "营业收入(万元)"], ["甲", 1], ["乙", 2]]))
    assert codes(result) == ["missing_required"]
    assert all(r.rejected and r.problems for r in rows)


def test_missing_required_cell():
    rows, result = read(sheet([["统一社会信用代码", "企业名称"], ["", "甲"], [CODES[0], "乙"]]))
    assert [(p.code, p.row, p.value) for p in result.problems] == [("missing_required", 2, None)]
    assert [r.rejected for r in rows] == [True, False]


def test_scan_reads_heads_only():
    content = text([["统一社会信用代码", "审核"], *[[c, "x"] for c in CODES]])
    result = scan_table(content, SPEC, name="a.csv")
    assert [c.status for c in result.sheets[0].columns] == ["mapped", "unmapped"]
    assert len(result.heads["a"]) == 60
    assert result.sheets[0].rows == 0
