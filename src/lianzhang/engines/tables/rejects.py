"""The file of rejected rows: the cells as they came, where they stood, and why; to be mended and sent again."""

from __future__ import annotations

import csv
import io
import pickle
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
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
#: Rows that wait in memory before they move to a file.
_WAITING = 20_000
_POLARS = {"int": "Int64", "float": "Float64", "bool": "Boolean", "date": "Date", "datetime": "Datetime"}


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
    """Columns keep their type where all their cells agree, else they become text. Rows wait in a file, not in memory."""

    def __init__(self, out: IO[bytes], language: str) -> None:
        self._out, self._language = out, language
        self._labels: list[str] = []
        self._types: list[set[type]] = []
        self._rows: list[list[Any]] = []
        self._waiting: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115

    def add(self, row: Row, report: SheetReport) -> None:
        """Keep one row; the file is written on closing, for Parquet is stored by columns."""
        if not self._labels:
            self._labels = _labels(report)
            self._types = [set() for _ in self._labels]
        cells = _cells(row, report, self._language)[: len(self._labels)]
        for kinds, cell in zip(self._types, cells, strict=True):
            if cell is not None:
                kinds.add(type(cell))
        self._rows.append(cells)
        if len(self._rows) >= _WAITING:
            self._move_out()

    def _move_out(self) -> None:
        pickle.dump(self._rows, self._waiting)
        self._rows = []

    def _parts(self) -> Iterator[list[list[Any]]]:
        self._move_out()
        self._waiting.seek(0)
        with suppress(EOFError):
            while True:
                yield pickle.load(self._waiting)  # noqa: S301 (written above, by this very process)

    def close(self) -> None:
        """Write the file, part by part."""
        import polars as pl

        if not self._labels:
            pl.DataFrame().write_parquet(self._out)
            self._waiting.close()
            return
        with tempfile.TemporaryDirectory(prefix="lianzhang-") as folder, self._waiting:
            files = []
            for i, rows in enumerate(self._parts()):
                files.append(Path(folder) / f"{i:05}.parquet")
                self._frame(rows).write_parquet(files[-1])
            whole = Path(folder) / "whole.parquet"
            pl.scan_parquet(files).sink_parquet(whole)
            with whole.open("rb") as made:
                shutil.copyfileobj(made, self._out)

    def _frame(self, rows: list[list[Any]]) -> Any:
        import polars as pl

        data, schema = {}, {}
        for i, (label, kinds) in enumerate(zip(self._labels, self._types, strict=True)):
            cells = [row[i] for row in rows]
            kind = next(iter(kinds)) if len(kinds) == 1 else str
            data[label] = [None if c is None else text_of(c) for c in cells] if len(kinds) != 1 else cells
            schema[label] = _POLARS.get(kind.__name__, "String")
        return pl.DataFrame(data, schema={k: getattr(pl, v) for k, v in schema.items()}, strict=False)
