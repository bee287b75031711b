"""Strict reading of CSV text: every mistake with its line, cells kept as text.

UTF-8 with or without a byte-order mark, header line, any order of columns, further columns ignored, blank
lines skipped. Nothing is opened here: callers hand over the bytes and the name to be shown.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass

LARGEST = 1e200


@dataclass(frozen=True)
class Mistake:
    """One fault of an input file; as text ``file:line: what is wrong, what was expected``."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Table:
    """The wanted columns of one file as stripped text, and the line on which each row begins."""

    file: str
    columns: tuple[list[str], ...]
    lines: list[int]


def read_table(file: str, data: bytes, wanted: tuple[str, ...], mistakes: list[Mistake]) -> Table:
    """Read the ``wanted`` columns; faulty rows are left out and named in ``mistakes``."""
    empty = Table(file, tuple([] for _ in wanted), [])
    text = _decode(file, data, mistakes)
    if text is None:
        return empty
    rows = _rows(file, text, mistakes)
    head = next(rows, None)
    if head is None:
        mistakes.append(Mistake(file, 1, f"the file is empty, expected the header {','.join(wanted)}"))
        return empty
    line, names = head
    places = _places(file, line, names, wanted, mistakes)
    if places is None:
        return empty
    table, width = empty, len(names)
    for line, row in rows:
        if len(row) != width and (len(row) < width or any(row[width:])):
            mistakes.append(
                Mistake(file, line, f"the row has {len(row)} cells, expected {width} as in the header")
            )
            continue
        table.lines.append(line)
        for column, place in zip(table.columns, places, strict=True):
            column.append(row[place])
    return table


def number(text: str) -> float | str:
    """A plain decimal number >= 0, else the words that say what is wrong with it."""
    try:
        if "_" in text or not text.isascii():
            raise ValueError
        value = float(text)
    except ValueError:
        return f"{text!r} is not a number"
    if not math.isfinite(value) or value > LARGEST:
        return f"{text!r} is not a finite number"
    return f"{text} is negative" if value < 0 else value + 0.0


def _decode(file: str, data: bytes, mistakes: list[Mistake]) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        mistakes.append(
            Mistake(file, line, f"byte 0x{data[error.start]:02x} is not UTF-8, expected a UTF-8 file")
        )
        return None


def _rows(file: str, text: str, mistakes: list[Mistake]) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, cells stripped, with the line each begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begin = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield begin, cells
            begin = reader.line_num + 1
    except csv.Error as error:
        mistakes.append(
            Mistake(file, begin, f"the row cannot be read ({error}), expected comma-separated cells")
        )


def _places(
    file: str, line: int, names: list[str], wanted: tuple[str, ...], mistakes: list[Mistake]
) -> list[int] | None:
    """Where each wanted column stands; None when one is missing or stands twice."""
    faults = [f"column {name} is missing" for name in wanted if name not in names]
    faults += [f"column {name} stands twice" for name in wanted if names.count(name) > 1]
    mistakes += [Mistake(file, line, f"{fault}, expected the header {','.join(wanted)}") for fault in faults]
    return None if faults else [names.index(name) for name in wanted]
