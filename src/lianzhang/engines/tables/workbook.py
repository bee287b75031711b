"""Excel workbooks, new (.xlsx) and old (.xls)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO, Any

from .cells import ErrorCell, FormulaCell, PercentCell
from .csvfile import CHUNK
from .marks import SheetMarks, check_reach
from .model import Limits, TableError
from .ole import workbook_stream
from .panics import refusing
from .source import RawSheet, Rows, Source
from .xlsscan import scan_records
from .xlsxscan import percent_styles, scan_sheet, sheet_parts
from .zipguard import check_entities, check_workbook, open_zip


def read_workbook(source: Source, limits: Limits, *, zipped: bool) -> Iterator[RawSheet]:
    """The sheets of a workbook in its order; hidden ones are named but not read.

    Raises TableError for what is no plain workbook, is damaged, protected, or beyond the limits.
    """
    with source.open() as handle:
        if zipped:
            marks = _examine(handle, source.name, limits)
            yield from _sheets(handle, source, limits, lambda i, sheet: marks.get(sheet))
        else:
            content = handle.read()
            found = scan_records(workbook_stream(content, source.name), source.name, limits)
            yield from _sheets(
                io.BytesIO(content), source, limits, lambda i, sheet: found[i] if i < len(found) else None
            )


def _examine(handle: IO[bytes], name: str, limits: Limits) -> dict[str, SheetMarks]:
    archive = open_zip(handle, name, limits)
    check_workbook(archive, name)
    check_entities(archive, name)
    styles = percent_styles(archive)
    parts = sheet_parts(archive, name)
    there = set(archive.namelist())
    marks = {
        sheet: scan_sheet(archive, part, styles, f"{name}, sheet {sheet!r}", limits)
        for sheet, part in parts.items()
        if part in there
    }
    # Parts that no sheet names in the ordinary way may still be found by the reader: they obey the same limits.
    for part in there - set(parts.values()):
        if "worksheets/" in part.lower() and part.lower().endswith(".xml"):
            scan_sheet(archive, part, frozenset(), f"{name}, part {part!r}", limits)
    return marks


def _sheets(
    handle: IO[bytes], source: Source, limits: Limits, marks: Callable[[int, str], SheetMarks | None]
) -> Iterator[RawSheet]:
    import python_calamine as calamine

    handle.seek(0)
    failures = calamine.CalamineError
    with refusing(source.name, failures):
        try:
            book = calamine.CalamineWorkbook.from_filelike(handle)
        except calamine.PasswordError as error:
            raise TableError(
                "encrypted", f"{source.name} is protected by a password.", "Save it without a password."
            ) from error
    for i, meta in enumerate(book.sheets_metadata):
        name = f"{source.name}, sheet {meta.name!r}"
        if meta.visible != calamine.SheetVisibleEnum.Visible:
            yield RawSheet(meta.name, iter(()), hidden=True)
            continue
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        with refusing(name, failures):
            sheet = book.get_sheet_by_name(meta.name)
            merged = sheet.merged_cell_ranges or []
        check_reach(sheet.total_height, sheet.total_width, name, limits)
        yield RawSheet(
            meta.name, _chunks(sheet, marks(i, meta.name) or SheetMarks(), name, failures), merged=merged
        )


def _chunks(sheet: Any, marks: SheetMarks, name: str, failures: type[Exception]) -> Iterator[Rows]:
    if sheet.start is None and not marks:
        return
    indent = [""] * (sheet.start[1] if sheet.start else 0)
    with refusing(name, failures):
        rows = sheet.iter_rows()
    first = 0
    while True:
        with refusing(name, failures):
            batch = [indent + row for row in islice(rows, CHUNK)]
        if not batch:
            return
        if marks:
            for i, row in enumerate(batch, first):
                _apply(row, i, marks)
        yield batch
        first += len(batch)


def _apply(row: list[Any], i: int, marks: SheetMarks) -> None:
    """Put special cells in place of what the reader gave; rows may be shorter than the mark's column."""
    for found, kind in ((marks.errors.get(i), ErrorCell), (marks.formulas.get(i), FormulaCell)):
        for column, text in (found or {}).items():
            row.extend([""] * (column + 1 - len(row)))
            row[column] = kind(text)
    for column in marks.percents.get(i, ()):
        if column < len(row) and type(row[column]) in (float, int):
            row[column] = PercentCell(row[column])
