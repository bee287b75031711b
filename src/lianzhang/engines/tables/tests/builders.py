"""A small data set and the files of the tests, made in code."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import openpyxl

from lianzhang.engines.tables import FieldSpec, TableSpec, make_uscc, read_table

SPEC = TableSpec(
    "filings",
    (
        FieldSpec("uscc", "uscc", "统一社会信用代码", required=True, synonyms=("社会信用代码", "信用代码")),
        FieldSpec("name", "name", "企业名称", synonyms=("单位名称", "单位详细名称")),
        FieldSpec("revenue", "money", "营业收入", unit="元", yearly=True, range=(0, 1e13)),
        FieldSpec("profit", "money", "利润总额", unit="元", yearly=True),
        FieldSpec("employees", "int", "从业人员", unit="人", synonyms=("从业人员期末人数",)),
        FieldSpec("energy_tce", "number", "综合能源消费量", unit="tce"),
        FieldSpec("electricity_kwh", "number", "用电量", unit="kWh"),
        FieldSpec("land_mu", "number", "用地面积", unit="亩"),
        FieldSpec("rd_share", "percent", "研发投入占比"),
        FieldSpec("established", "date", "成立日期"),
        FieldSpec("industry_code", "industry", "行业代码"),
        FieldSpec("listed", "bool", "是否上市"),
        FieldSpec(
            "level", "enum", "称号级别", values={"national": ("国家级",), "city": ("市级",), "none": ("无",)}
        ),
        FieldSpec("remark", "text", "经营范围"),
    ),
)
CODES = [make_uscc("91", "440101", f"MA5ABC{i:02d}") for i in range(10, 90)]

Lines = Sequence[Sequence[Any]]


def book(*sheets: tuple[str, Lines, Sequence[str]], states: dict[str, str] | None = None) -> bytes:
    """A workbook of (name, rows, merged ranges)."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, lines, merged in sheets:
        sheet = workbook.create_sheet(name)
        for line in lines:
            sheet.append([None if c == "" else c for c in line])
        for cells in merged:
            sheet.merge_cells(cells)
        sheet.sheet_state = (states or {}).get(name, "visible")
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def sheet(lines: Lines, merged: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet."""
    return book(("Sheet1", lines, merged))


def text(lines: Lines, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """A csv file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(lines)
    return out.getvalue().encode(encoding)


def read(content: bytes, name: str = "file.xlsx", **options: Any) -> tuple[list[Any], Any]:
    """All rows and the finished result."""
    result = read_table(content, options.pop("spec", SPEC), name=name, **options)
    return list(result), result


def skipped(result: Any, index: int = 0) -> list[tuple[int, str]]:
    """Rows left out of one sheet, as plain pairs."""
    return [tuple(s) for s in result.sheets[index].skipped]


def codes(result: Any) -> list[str]:
    """Codes of all problems in order."""
    return [p.code for p in result.problems]


def wide(value: str) -> str:
    """The same text in full-width signs."""
    return value.translate({i: i + 0xFEE0 for i in range(0x21, 0x7F)} | {0x20: 0x3000})


def one(header: str, cell: Any, **options: Any) -> Any:
    """Value or problem code of a single cell under a header."""
    rows, result = read(sheet([["统一社会信用代码", header], [CODES[0], cell]]), **options)
    if result.problems:
        return result.problems[0].code
    return list(rows[0].values.values())[1]


def repacked(content, change=None, extra=()):
    """A workbook with parts changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, change(part, data) if change else data)
        for part, data in extra:
            new.writestr(part, data)
    return out.getvalue()


def prefixed(part, data):
    """The same sheet as other programs write it: elements with a namespace prefix."""
    if part != "xl/worksheets/sheet1.xml":
        return data
    data = data.replace(b"xmlns=", b"xmlns:x=").replace(b"</", b"</x:")
    return re.sub(rb"<(?=[a-zA-Z])", b"<x:", data)
