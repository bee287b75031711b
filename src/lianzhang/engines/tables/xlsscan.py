"""One pass over the records of an old workbook ([MS-XLS]): reach of each sheet, error cells, protection."""

from __future__ import annotations

import struct

from .marks import SheetMarks, check_reach
from .model import Limits, TableError
from .panics import broken

_BOF, _EOF, _FILEPASS, _BOUNDSHEET = 0x809, 0x0A, 0x2F, 0x85
_FORMULA, _BOOLERR, _MULRK, _DIMENSIONS, _TEXTS = 0x06, 0x205, 0xBD, 0x200, 0xFC
#: Records of filled cells: label, number, rk and formula kinds; row and column stand first.
_CELLS = frozenset({0x06, 0x203, 0x204, 0x205, 0x27E, 0xBD, 0xFD, 0xD6, 0x406, 0x206})
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def scan_records(stream: bytes, name: str, limits: Limits) -> list[SheetMarks]:
    """Marks of the sheets in the order of the workbook's list of sheets.

    Raises TableError `encrypted`, `broken_file`, `too_many_columns`, `too_many_rows`.
    """
    starts = _sheet_starts(stream, name)
    return [_scan_sheet(stream, start, f"{name}, sheet {i}", limits) for i, start in enumerate(starts, 1)]


def _sheet_starts(stream: bytes, name: str) -> list[int]:
    out: list[int] = []
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == _FILEPASS:
            raise TableError(
                "encrypted", f"{name} is protected by a password.", "Save it without a password."
            )
        if kind == _BOUNDSHEET and length >= 4 and place + 8 <= len(stream):
            out.append(struct.unpack_from("<I", stream, place + 4)[0])
        if (
            kind == _TEXTS
            and max(struct.unpack_from("<II", stream[place + 4 : place + 12].ljust(8, b"\0"))) > 1 << 24
        ):
            raise broken(name, "it announces more texts than it can hold")
        if kind == _EOF:
            break
        place += 4 + length
    return out


def _scan_sheet(stream: bytes, place: int, name: str, limits: Limits) -> SheetMarks:
    marks = SheetMarks()
    rows = columns = depth = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        body = place + 4
        place = body + length
        if kind & 0xFF == _BOF & 0xFF and length >= 4:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif kind == _DIMENSIONS:
            _check_announced(stream[body:place], name, limits)
        elif kind in _CELLS and length >= 6 and place <= len(stream):
            row, column = struct.unpack_from("<HH", stream, body)
            last = struct.unpack_from("<H", stream, place - 2)[0] if kind == _MULRK else column
            rows, columns = max(rows, row + 1), max(columns, column + 1, last + 1)
            if (error := _error(stream, kind, body, length)) is not None:
                marks.errors.setdefault(row, {})[column] = error
    check_reach(rows, columns, name, limits)
    return marks


def _check_announced(data: bytes, name: str, limits: Limits) -> None:
    """The reader sets memory aside for the rectangle a sheet announces, filled or not."""
    shape = "<IIHH" if len(data) >= 14 else "<HHHH"
    first_row, last_row, first_column, last_column = struct.unpack_from(shape, data.ljust(12, b"\0"))
    if first_row > last_row or first_column > last_column:
        raise broken(name, "the rectangle it announces is turned round")
    check_reach(last_row - first_row, last_column - first_column, name, limits)


def _error(stream: bytes, kind: int, body: int, length: int) -> str | None:
    """The error a cell shows: in a record of its own, or as the stored result of a formula."""
    if kind == _BOOLERR and length >= 8 and stream[body + 7]:
        return _ERRORS.get(stream[body + 6], "#ERROR")
    if (
        kind == _FORMULA
        and length >= 14
        and stream[body + 6] == 2
        and stream[body + 12 : body + 14] == b"\xff\xff"
    ):
        return _ERRORS.get(stream[body + 8], "#ERROR")
    return None
