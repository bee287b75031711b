"""Excel workbooks, new (.xlsx) and old (.xls)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from .cells import ErrorCell, FormulaCell, PercentCell
from .csvfile import CHUNK, too_many_columns
from .model import Limits, TableError
from .source import RawSheet, Rows, Source
from .xlsxscan import SheetMarks, percent_styles, scan_sheet, sheet_parts, too_many_rows
from .zipguard import broken, check_entities, check_workbook, open_zip


def read_workbook(source: Source, limits: Limits, *, zipped: bool) -> Iterator[RawSheet]:
    """The sheets of a workbook in its order; hidden ones are named but not read.

    Raises TableError for what is no plain workbook, is damaged, protected, or beyond the limits.
    """
    with source.open() as handle:
        marks = _examine(handle, source.name, limits) if zipped else {}
        yield from _sheets(handle, source, limits, marks)


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
        if part in there and "worksheets" in part
    }
    # Parts that no sheet names in the ordinary way may still be found by the reader: they obey the same limits.
    for part in there - set(parts.values()):
        if "worksheets/" in part.lower() and part.lower().endswith(".xml"):
            scan_sheet(archive, part, frozenset(), f"{name}, part {part!r}", limits)
    return marks


def _sheets(
    handle: IO[bytes], source: Source, limits: Limits, marks: dict[str, SheetMarks]
) -> Iterator[RawSheet]:
    import python_calamine as calamine

    handle.seek(0)
    try:
        book = calamine.CalamineWorkbook.from_filelike(handle)
    except calamine.PasswordError as error:
        raise TableError(
            "encrypted", f"{source.name} is protected by a password.", "Save it without one."
        ) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise broken(source.name, error) from error
    for meta in book.sheets_metadata:
        if meta.visible != calamine.SheetVisibleEnum.Visible:
            yield RawSheet(meta.name, iter(()), hidden=True)
            continue
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
        except (calamine.CalamineError, OSError, ValueError) as error:
            raise broken(f"{source.name}, sheet {meta.name!r}", error) from error
        _check_size(sheet, f"{source.name}, sheet {meta.name!r}", limits)
        yield RawSheet(
            meta.name,
            _chunks(sheet, marks.get(meta.name) or SheetMarks()),
            merged=sheet.merged_cell_ranges or [],
        )


def _check_size(sheet: Any, name: str, limits: Limits) -> None:
    if sheet.total_width > limits.columns:
        raise too_many_columns(name, sheet.total_width, limits)
    if sheet.total_height > limits.sheet_rows:
        raise too_many_rows(name, sheet.total_height, limits)


def _chunks(sheet: Any, marks: SheetMarks) -> Iterator[Rows]:
    if sheet.start is None and not marks:
        return
    indent = [""] * (sheet.start[1] if sheet.start else 0)
    rows = sheet.iter_rows()
    first = 0
    while batch := [indent + row for row in islice(rows, CHUNK)]:
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
