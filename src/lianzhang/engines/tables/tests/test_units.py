"""Where units come from: cell before header before group before the line above before the source's default."""

import io
from fractions import Fraction

import openpyxl
import pytest

from lianzhang.engines.tables.units import conversion

from .builders import CODES, codes, one, read, sheet, wide


@pytest.mark.parametrize(
    ("unit", "target", "factor"),
    [
        ("万元", "元", 10_000),
        ("百万元", "元", 1_000_000),
        ("人民币元", "元", 1),
        ("亿元", "万元", 10_000),
        ("万", "元", 10_000),
        ("万吨标准煤", "tce", 10_000),
        ("吨标煤", "tce", 1),
        ("度", "kWh", 1),
        ("亿千瓦时", "kWh", 100_000_000),
        ("公顷", "亩", 15),
        ("㎡", "亩", Fraction(3, 2000)),
        ("万㎡", "m2", 10_000),
        ("%", "ratio", Fraction(1, 100)),
        ("家", "个", 1),
        ("吨", "元", None),
        ("美元", "元", None),
    ],
)
def test_factors(unit, target, factor):
    assert conversion(unit, target) == factor


def test_cell_beats_header():
    assert one("营业收入(万元)", "1.2亿元") == 120_000_000
    assert one("营业收入(万元)", "500万") == 5_000_000


def test_header_beats_line_above():
    rows, _ = read(sheet([["单位:万元", ""], ["统一社会信用代码", "营业收入(亿元)"], [CODES[0], 2]]))
    assert rows[0].values["revenue"] == 2e8


def test_line_above_is_used_and_named():
    rows, result = read(
        sheet(
            [
                ["某表"],
                ["", wide("单位:万元、人")],
                ["统一社会信用代码", "营业收入", "从业人员"],
                [CODES[0], 2, 3],
            ]
        )
    )
    assert rows[0].values["revenue"] == 20_000
    assert rows[0].values["employees"] == 3
    assert result.sheets[0].columns[1].label == "营业收入(万元)"


def test_unit_in_the_title_line():
    rows, _ = read(sheet([["企业情况表(金额单位:千元)"], ["统一社会信用代码", "营业收入"], [CODES[0], 2]]))
    assert rows[0].values["revenue"] == 2_000


def test_default_of_the_source_comes_last():
    content = sheet([["统一社会信用代码", "营业收入", "利润总额(元)"], [CODES[0], 2, 3]])
    rows, _ = read(content, default_units={"money": "万元"})
    assert (rows[0].values["revenue"], rows[0].values["profit"]) == (20_000, 3)
    rows, _ = read(content, default_units={"revenue": "亿元"})
    assert rows[0].values["revenue"] == 2e8


def test_unknown_unit_is_one_problem_and_the_column_waits():
    rows, result = read(
        sheet([["统一社会信用代码", "营业收入", "从业人员"], [CODES[0], 2, 5], [CODES[1], 3, 6]])
    )
    assert codes(result) == ["unknown_unit"]
    problem = result.problems[0].to_dict()
    assert (problem["row"], problem["column"]) == (1, "营业收入")
    assert [r.values for r in rows] == [
        {"uscc": CODES[0], "employees": 5},
        {"uscc": CODES[1], "employees": 6},
    ]
    assert not any(r.rejected for r in rows)
    assert result.sheets[0].columns[1].status == "unknown_unit"


def test_no_unit_needed_where_every_cell_brings_its_own():
    rows, result = read(
        sheet([["统一社会信用代码", "营业收入"], [CODES[0], "2万元"], [CODES[1], "3亿元"], [CODES[2], "—"]])
    )
    assert [r.values["revenue"] for r in rows] == [20_000, 3e8, None]
    assert codes(result) == []


def test_a_late_cell_without_unit_rejects_its_row():
    lines = [[c, "2万元"] for c in CODES[:50]] * 10
    rows, result = read(sheet([["统一社会信用代码", "营业收入"], *lines, [CODES[60], 7]]))
    assert codes(result) == ["unknown_unit"]
    assert rows[-1].rejected
    assert not rows[0].rejected


def test_unit_of_another_dimension():
    assert one("营业收入(吨)", 5) == "unknown_unit"
    assert one("营业收入(万元)", "5吨") == "unknown_unit"


def test_column_headed_by_the_field_code_is_in_stored_units():
    assert one("revenue", "12.5") == 12.5


@pytest.mark.parametrize(
    ("header", "stored"),
    [
        ("综合能源消费量(万吨标准煤)", 20_000),
        ("用电量(万千瓦时)", 20_000),
        ("用地面积(公顷)", 30),
        ("用地面积/亩", 2),
    ],
)
def test_energy_power_and_land(header, stored):
    assert one(header, 2) == stored


def test_percent_by_cell_header_and_format():
    assert one("研发投入占比", "12.5%") == 0.125
    assert one("研发投入占比(%)", 12.5) == 0.125
    assert one("研发投入占比", 5) == "unknown_unit"


def shown_as_percent(header, value):
    """The reading of one cell with a percent format."""
    workbook = openpyxl.Workbook()
    workbook.active.append(["统一社会信用代码", header])
    workbook.active.append([CODES[0], value])
    workbook.active["B2"].number_format = "0.0%"
    out = io.BytesIO()
    workbook.save(out)
    return read(out.getvalue())


def test_cell_shown_as_percent_is_a_share_even_under_a_percent_header():
    rows, _ = shown_as_percent("研发投入占比(%)", 0.125)
    assert rows[0].values["rd_share"] == 0.125


def test_cell_shown_as_percent_is_no_amount_of_money():
    _, result = shown_as_percent("营业收入(万元)", 0.5)
    assert [(p.code, p.row, p.params["unit"]) for p in result.problems] == [("unknown_unit", 2, "%")]
