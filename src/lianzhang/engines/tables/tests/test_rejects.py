"""The file of rejected rows comes back mendable, safe, and reads as it was."""

import io

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.tables import guard_text, rejects_kind, rejects_writer, unguard_text

from .builders import CODES, book, read, sheet, text, wide


def rejects(content, name="a.xlsx", language="zh", **options):
    rows, result = read(content, name, **options)
    kind = rejects_kind(result.kind)
    out = io.BytesIO()
    writer = rejects_writer(out, kind, language)
    reports = {s.name: s for s in result.sheets}
    for row in rows:
        if row.rejected:
            writer.add(row, reports[row.sheet])
    writer.close()
    return out.getvalue(), kind


LINES = [
    ["单位:万元"],
    ["统一社会信用代码", "企业名称", "营业收入", "备注"],
    [CODES[0], "甲", 5, "好"],
    [CODES[1], "乙", "约五百", "=HYPERLINK(1)"],
    [CODES[2], "丙", -3, "-"],
]


def test_columns_unit_place_and_reason():
    content, kind = rejects(sheet([*LINES[:3], [CODES[1], "乙", "约五百", "好"]]))
    assert kind == "xlsx"
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    lines = list(page.values)
    assert lines[0] == ("统一社会信用代码", "企业名称", "营业收入(万元)", "备注", "_sheet", "_row", "_reason")
    assert lines[1][:6] == (CODES[1], "乙", "约五百", "好", "Sheet1", 4)
    assert lines[1][6] == "第 4 行 C 列“营业收入” '约五百' 不是数字；请填数值，或留空表示不掌握。"
    assert len(lines) == 2


def test_mended_file_imports_with_the_unit_that_stood_above_the_table():
    content, _ = rejects(text(LINES), "a.csv")
    assert content.startswith(b"\xef\xbb\xbf")
    mended = content.replace("约五百".encode(), b"500").replace(b",-3,", b",3,")
    rows, result = read(mended, "a_rejected.csv")
    assert [r.values["revenue"] for r in rows] == [5_000_000, 30_000]
    assert [c.status for c in result.sheets[0].columns] == ["mapped"] * 3 + ["unmapped"] + ["ignored"] * 3


def test_formula_like_text_is_text_in_both_kinds():
    content, _ = rejects(text(LINES), "a.csv")
    assert "'=HYPERLINK(1)" in content.decode("utf-8-sig")
    assert ",-3," in content.decode("utf-8-sig")
    rows, _ = read(content, "a.csv")
    assert rows[0].raw[3] == "=HYPERLINK(1)"
    content, _ = rejects(book(("S", [LINES[1], [CODES[0], "甲", "x万元", "+cmd"]], [])))
    cell = openpyxl.load_workbook(io.BytesIO(content))["S"]["D2"]
    assert (cell.data_type, cell.value) == ("s", "+cmd")


def test_uncalculated_formula_comes_back_as_text():
    content, _ = rejects(sheet([["统一社会信用代码", "营业收入(万元)"], [CODES[0], "=A1"]]))
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["B2"]
    assert (cell.data_type, cell.value) == ("s", "=A1")


def test_one_sheet_for_each_sheet():
    head = ["统一社会信用代码", "营业收入(万元)"]
    content, _ = rejects(book(("一", [head, [CODES[0], "x"]], []), ("二", [head[::-1], ["y", CODES[1]]], [])))
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    assert workbook.sheetnames == ["一", "二"]
    assert workbook["二"]["A2"].value == "y"


def test_parquet_comes_back_as_parquet():
    out = io.BytesIO()
    pl.DataFrame({"uscc": ["X", CODES[0]], "revenue": [1.5, 2.5]}).write_parquet(out)
    content, kind = rejects(out.getvalue(), "a.parquet", "en")
    frame = pl.read_parquet(io.BytesIO(content))
    assert (kind, frame.columns) == ("parquet", ["uscc", "revenue", "_sheet", "_row", "_reason"])
    assert frame["revenue"].to_list() == [1.5]


def test_cells_beyond_the_header_are_not_lost():
    content, _ = rejects(text([["统一社会信用代码", "企业名称"], [CODES[0], "甲", "多", "余"]]), "a.csv")
    assert content.decode("utf-8-sig").splitlines()[1].endswith(",多,余")


def test_control_characters_do_not_break_the_workbook():
    content, _ = rejects(sheet([["统一社会信用代码", "企业名称"], ["bad", "甲\tb"]]))
    assert openpyxl.load_workbook(io.BytesIO(content)).active["B2"].value == "甲\tb"


def test_a_writer_without_rows_gives_a_readable_file():
    out = io.BytesIO()
    rejects_writer(out, "xlsx").close()
    assert openpyxl.load_workbook(out).sheetnames == ["Sheet1"]


@pytest.mark.parametrize("lead", [*"=+-@\t\r", *wide("=+-@")])
def test_leads_are_guarded(lead):
    assert guard_text(lead + "x") == f"'{lead}x"


@pytest.mark.parametrize("number", ["-5", "-5.25", "+3", "-.5", "1e5"])
def test_numbers_are_not_guarded(number):
    assert guard_text(number) == number


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r5a.甲" + wide("=+-@'")), max_size=8))
def test_guarding_round_trip(original):
    assert unguard_text(guard_text(original)) == original


def test_parquet_rows_that_moved_to_a_file_come_back_in_order(monkeypatch):
    monkeypatch.setattr("lianzhang.engines.tables.rejects._WAITING", 3)
    lines = {
        "uscc": [CODES[i] for i in range(10)],
        "revenue": [-1.0] * 9 + [None],
        "employees": [1] * 10,
        "name": [None] * 10,
    }
    out = io.BytesIO()
    pl.DataFrame(lines, strict=False).write_parquet(out)
    content, kind = rejects(out.getvalue(), "a.parquet")
    back = pl.read_parquet(io.BytesIO(content))
    assert kind == "parquet"
    assert back["uscc"].to_list() == [*CODES[:9]]
    assert back["_row"].to_list() == list(range(2, 11))
    assert back["revenue"].dtype == pl.Float64
