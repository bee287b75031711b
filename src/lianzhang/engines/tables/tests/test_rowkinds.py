"""Rows that are no facts."""

import pytest

from lianzhang.engines.tables import FieldSpec, TableSpec

from .builders import CODES, codes, read, sheet, skipped, wide

HEAD = ["序号", "统一社会信用代码", "企业名称", "营业收入(万元)"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (["合计", "", "", 5], "subtotal"),
        (["", "", "合 计", 5], "subtotal"),
        (["", "", "黄埔区小计", 5], "subtotal"),
        (["总计(12家)", "", "", 5], "subtotal"),
        (["Total", "", "", 5], "subtotal"),
        (["注:本表按注册地统计"], "note"),
        (["注1、口径同上"], "note"),
        (["备注:略"], "note"),
        (["说明:利润可为负"], "note"),
        (["填表人:张三", "", "审核人:李四", "2022-05-06"], "note"),
        (["单位负责人:王五"], "note"),
        (["数据来源:某局"], "note"),
        ([wide("注:略")], "note"),
        ([wide("填表人:张三")], "note"),
        (["", "", "", ""], "blank"),
        ([" ", "\u3000", "", ""], "blank"),
        ([7, "", "", ""], "blank"),
        (HEAD, "header"),
        (["单位:万元"], "unit_line"),
        ([wide("(单位:万元)")], "unit_line"),
    ],
)
def test_left_out_with_reason(line, reason):
    rows, result = read(sheet([HEAD, [1, CODES[0], "甲", 1], line, [2, CODES[1], "乙", 2]]))
    assert skipped(result) == [(3, reason)]
    assert [r.row_number for r in rows] == [2, 4]
    assert codes(result) == []
    assert result.sheets[0].rows == 2


@pytest.mark.parametrize("name", ["合计设备有限公司", "说明书印刷厂", "注塑机械公司", "小计"])
def test_a_valid_code_makes_it_a_row_of_facts(name):
    rows, _ = read(sheet([HEAD, [1, CODES[0], name, 1]]))
    assert rows[0].values["name"] == name


@pytest.mark.parametrize("name", ["合计设备有限公司", "注塑机械公司", "总计量仪器厂"])
def test_a_company_without_code_is_rejected_not_dropped(name):
    rows, result = read(sheet([HEAD, [1, "", name, 1]]))
    assert rows[0].rejected
    assert codes(result) == ["missing_required"]


def test_title_repeated_after_a_page_break():
    lines = [["某某情况表"], HEAD, [1, CODES[0], "甲", 1], ["某某情况表"], HEAD, [2, CODES[1], "乙", 2]]
    _, result = read(sheet(lines))
    assert skipped(result) == [(1, "title"), (4, "title"), (5, "header")]


def test_a_remark_merged_over_the_table_is_a_note():
    lines = [HEAD, [1, CODES[0], "甲", 1], ["本表由各区工信部门填报后汇总"]]
    _, result = read(sheet(lines, ["A3:D3"]))
    assert skipped(result) == [(3, "note")]


def test_tables_without_credit_codes():
    spec = TableSpec(
        "indicators",
        (
            FieldSpec("indicator", "text", "指标", required=True),
            FieldSpec("area", "text", "地区"),
            FieldSpec("value", "number", "数值"),
        ),
    )
    lines = [
        ["指标", "地区", "数值"],
        ["产值", "番禺区", 1],
        ["产值", "合计", 9],
        ["注:略"],
        ["指标", "地区", "数值"],
        ["增速", "", 2],
    ]
    rows, result = read(sheet(lines), spec=spec)
    assert [r.row_number for r in rows] == [2, 6]
    assert skipped(result) == [(3, "subtotal"), (4, "note"), (5, "header")]
