"""The file of rejected rows: the cells as they came, where they stood, and why; to be mended and sent again."""

from __future__ import annotations

import csv
import io
import re
from typing import IO, Any, Protocol

from .cells import FormulaCell, PercentCell, text_of
from .model import SheetReport
from .problems import Problem
from .rows import Row
from .safe import guard_text

OWN_COLUMNS = ("_sheet", "_row", "_reason")
_KINDS = {"text": "csv", "zip": "xlsx", "xls": "xlsx", "pdf": "xlsx", "parquet": "parquet"}
#: Control characters that no XML may hold.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CELL_LENGTH = 32_767


def rejects_kind(kind: str) -> str:
    """Kind of the file of rejected rows (csv, xlsx, parquet) for a `TableResult.kind`."""
    return _KINDS[kind]


class RejectsWriter(Protocol):
    """Takes rejected rows one by one; `close` completes the file."""

    def add(self, row: Row, report: SheetReport) -> None:
        """Write one row; `report` is that of its sheet."""

    def close(self) -> None:
        """Complete the file; the handle stays open."""


def rejects_writer(out: IO[bytes], kind: str, language: str = "en") -> RejectsWriter:
    """A writer of `csv`, `xlsx` or `parquet` onto an open binary file; reasons in `en` or `zh`."""
    if kind == "parquet":
        return _ParquetRejects(out, language)
    return _XlsxRejects(out, language) if kind == "xlsx" else _CsvRejects(out, language)


def _reason(problems: list[Problem], language: str) -> str:
    return " | ".join(p.message(language) for p in problems if p.severity == "error")


def _cells(row: Row, report: SheetReport, language: str) -> list[Any]:
    """Cells of the known columns, then our own three, then whatever stood beyond the header."""
    width = len(report.columns)
    known = [*row.raw[:width], *[""] * (width - len(row.raw))]
    beyond = [c for c in row.raw[width:] if c not in ("", None)]
    return [
        *known,
        *report.given.values(),
        row.sheet,
        row.row_number,
        _reason(row.problems, language),
        *beyond,
    ]


def _labels(report: SheetReport) -> list[str]:
    return [*(c.label for c in report.columns), *report.given, *OWN_COLUMNS]


class _CsvRejects:
    """UTF-8 with a byte order mark, as spreadsheet programs expect it."""

    def __init__(self, out: IO[bytes], language: str) -> None:
        self._text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
        self._writer = csv.writer(self._text)
        self._language, self._begun = language, False

    def add(self, row: Row, report: SheetReport) -> None:
        """Write one row, the header before the first."""
        if not self._begun:
            self._writer.writerow(map(guard_text, _labels(report)))
            self._begun = True
        self._writer.writerow(_csv_cell(c) for c in _cells(row, report, self._language))

    def close(self) -> None:
        """Flush what is written and give the handle back."""
        self._text.flush()
        self._text.detach()


def _csv_cell(cell: Any) -> str:
    if isinstance(cell, PercentCell):
        return f"{cell * 100:.15g}%"
    return guard_text(text_of(cell))


class _XlsxRejects:
    """A workbook with the sheets the rows came from."""

    def __init__(self, out: IO[bytes], language: str) -> None:
        from openpyxl import Workbook

        self._out, self._language = out, language
        self._book = Workbook(write_only=True)
        self._sheets: dict[str, Any] = {}

    def add(self, row: Row, report: SheetReport) -> None:
        """Write one row to its sheet, the header before the first."""
        sheet = self._sheets.get(report.name)
        if sheet is None:
            sheet = self._sheets[report.name] = self._book.create_sheet(_sheet_title(report.name))
            sheet.append([_xlsx_cell(sheet, label) for label in _labels(report)])
        sheet.append([_xlsx_cell(sheet, c) for c in _cells(row, report, self._language)])

    def close(self) -> None:
        """Save the workbook; without any row it has one empty sheet."""
        if not self._sheets:
            self._book.create_sheet("Sheet1")
        self._book.save(self._out)


def _sheet_title(name: str) -> str:
    return re.sub(r"[\\/*?:\[\]]", "_", name)[:31] or "Sheet1"


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, str):
        text = str(value) if isinstance(value, FormulaCell) else value
        cell = WriteOnlyCell(sheet, "")
        cell.value = _ILLEGAL.sub("\ufffd", text)[:_CELL_LENGTH]
        # Text that begins like a formula must be stored as a string, not be calculated.
        cell.data_type = "s"
        return cell
    if isinstance(value, PercentCell):
        cell = WriteOnlyCell(sheet, float(value))
        cell.number_format = "0.00%"
        return cell
    return value


class _ParquetRejects:
    """Columns keep their type where all their cells agree, else they become text."""

    def __init__(self, out: IO[bytes], language: str) -> None:
        self._out, self._language = out, language
        self._labels: list[str] = []
        self._rows: list[list[Any]] = []

    def add(self, row: Row, report: SheetReport) -> None:
        """Keep one row; the file is written on closing, for Parquet is stored by columns."""
        self._labels = self._labels or _labels(report)
        self._rows.append(_cells(row, report, self._language)[: len(self._labels)])

    def close(self) -> None:
        """Write the file."""
        import polars as pl

        data: dict[str, list[Any]] = {}
        for i, label in enumerate(self._labels):
            cells = [row[i] for row in self._rows]
            mixed = len({type(c) for c in cells if c is not None}) > 1
            data[label] = [None if c is None else text_of(c) for c in cells] if mixed else cells
        pl.DataFrame(data).write_parquet(self._out)
