"""Excel and Parquet: formulas, errors, old files, cell kinds."""

import io
import random
import re
from datetime import date

import openpyxl
import polars as pl
import xlwt

from lianzhang.engines.tables import TableError

from .builders import CODES, codes, prefixed, read, repacked, sheet, wide


def test_dates_as_cells_and_as_serial_numbers():
    lines = [
        ["统一社会信用代码", "成立日期"],
        [CODES[0], date(2022, 5, 6)],
        [CODES[1], 44687],
        [CODES[2], "2022.5.6"],
    ]
    rows, _ = read(sheet(lines))
    assert {r.values["established"] for r in rows} == {date(2022, 5, 6)}


def test_formula_without_a_stored_result_is_an_error_of_its_cell():
    rows, result = read(sheet([["统一社会信用代码", "营业收入(万元)"], [CODES[0], "=1+1"], [CODES[1], 2]]))
    assert [(p.code, p.row, p.letter, p.value) for p in result.problems] == [
        ("formula_without_value", 2, "B", "=1+1")
    ]
    assert [r.rejected for r in rows] == [True, False]


def test_stored_results_of_formulas_are_used():
    def calculate(part, data):
        return re.sub(rb"</f><v>?/?(</v>|>)", b"</f><v>2</v>", data)

    content = repacked(sheet([["统一社会信用代码", "营业收入(万元)"], [CODES[0], "=1+1"]]), calculate)
    rows, result = read(content)
    assert codes(result) == []
    assert rows[0].values["revenue"] == 20_000


def test_formula_without_a_stored_result_under_a_prefix():
    content = repacked(sheet([["统一社会信用代码", "营业收入(万元)"], [CODES[0], "=1+1"]]), prefixed)
    rows, result = read(content)
    assert codes(result) == ["formula_without_value"]
    assert rows[0].rejected


def test_formula_errors_are_not_taken_for_blank():
    workbook = openpyxl.Workbook()
    workbook.active.append(["统一社会信用代码", "营业收入(万元)"])
    workbook.active.append([CODES[0], "#DIV/0!"])
    workbook.active["B2"].data_type = "e"
    out = io.BytesIO()
    workbook.save(out)
    rows, result = read(out.getvalue())
    assert [(p.code, p.value) for p in result.problems] == [("formula_error", "#DIV/0!")]
    assert rows[0].rejected


def test_old_excel_file_with_merged_header():
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("旧表")
    page.write_merge(0, 1, 0, 0, "统一社会信用代码")
    page.write_merge(0, 0, 1, 2, "主要经济指标(万元)")
    page.write(1, 1, "营业收入")
    page.write(1, 2, "利润总额")
    page.write(2, 0, CODES[0])
    page.write(2, 1, 5)
    page.write(2, 2, "(1.5)")
    out = io.BytesIO()
    workbook.save(out)
    rows, result = read(out.getvalue(), "a.xls")
    assert result.kind == "xls"
    assert rows[0].values == {"uscc": CODES[0], "revenue": 50_000, "profit": -15_000}


def test_formula_errors_in_an_old_file():
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("旧表")
    for j, header in enumerate(["统一社会信用代码", "营业收入(万元)"]):
        page.write(0, j, header)
    page.write(1, 0, CODES[0])
    page.row(1).set_cell_error(1, "#DIV/0!")
    out = io.BytesIO()
    workbook.save(out)
    rows, result = read(out.getvalue(), "a.xls")
    assert [(p.code, p.value) for p in result.problems] == [("formula_error", "#DIV/0!")]
    assert rows[0].rejected


def test_parquet():
    out = io.BytesIO()
    pl.DataFrame(
        {
            "uscc": CODES[:3],
            "revenue": [1.5, None, 3.0],
            "established": [date(2020, 1, 2), None, None],
            "listed": [True, None, False],
        }
    ).write_parquet(out)
    rows, _ = read(out.getvalue(), "a.parquet")
    assert [r.values["revenue"] for r in rows] == [1.5, None, 3.0]
    assert rows[0].values["established"] == date(2020, 1, 2)
    assert rows[2].values["listed"] is False
    assert [r.row_number for r in rows] == [2, 3, 4]


def test_numbers_as_text_with_full_width_digits():
    rows, _ = read(sheet([["统一社会信用代码", "营业收入(万元)"], [CODES[0], wide("1,234.5")]]))
    assert rows[0].values["revenue"] == 12_345_000


def test_reading_twice_gives_the_same():
    content = sheet(
        [["统一社会信用代码", "营业收入(万元)"], [CODES[0], "约五百"], [CODES[1], 2], ["合计", 3]]
    )
    first, second = read(content), read(content)
    assert [r.values for r in first[0]] == [r.values for r in second[0]]
    assert [p.to_dict("zh") for p in first[1].problems] == [p.to_dict("zh") for p in second[1].problems]
    assert first[1].sheets[0].to_dict() == second[1].sheets[0].to_dict()


def test_no_number_in_parquet_is_unknown():
    out = io.BytesIO()
    nan = float("nan")
    pl.DataFrame({"uscc": CODES[:2], "revenue": [nan, 1.0], "employees": [nan, nan]}).write_parquet(out)
    rows, result = read(out.getvalue(), "a.parquet")
    assert codes(result) == []
    assert [(r.values["revenue"], r.values["employees"]) for r in rows] == [(None, None), (1.0, None)]


def test_damaged_parquet_is_refused_or_read_whatever_is_broken():
    out = io.BytesIO()
    lines = {"uscc": CODES[:30], "revenue": [float(i) for i in range(30)]}
    pl.DataFrame(lines).write_parquet(out, compression="snappy")
    good, chance, ends = out.getvalue(), random.Random(20), set()
    for _ in range(300):
        bad = bytearray(good)
        for _ in range(chance.choice([1, 2, 5, 40])):
            bad[chance.randrange(4, len(bad) - 4)] = chance.choice([0, 127, 128, 255, chance.randrange(256)])
        try:
            read(bytes(bad), "a.parquet")
            ends.add("read")
        except TableError as error:
            ends.add(error.code)
    assert ends == {"read", "broken_file"}
