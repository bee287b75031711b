"""Rows with the same key in one file: the first is kept, equal ones change nothing, different ones clash."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from .problems import Problem
from .rows import Row


class DuplicateGuard:
    """Remembers digests of the rows of one set of columns, not the rows: about 150 bytes a key and 8 a cell."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)
        self._columns: tuple[str, ...] = ()
        self._place: dict[int, int] = {}
        self._digests = array("Q")
        self._rows = array("Q")
        self._sheets: list[str] = []
        self._sheet_of = array("L")
        self._cells = array("q")

    def knows(self, row: Row) -> bool:
        """Whether an accepted row with this key was checked before."""
        return _digest(self._key(row)) in self._place

    def contradicts(self, row: Row) -> bool:
        """Whether a checked row with this key, from a table of other columns, says something else in a column both have.

        If so, the row is rejected with `duplicate_in_file`. What one of them does not know contradicts nothing.
        """
        place = self._place.get(_digest(self._key(row)))
        if place is None:
            return False
        first = place * len(self._columns)
        for i, column in enumerate(self._columns):
            said = _cell(row.values.get(column))
            if said and self._cells[first + i] not in (said, 0):
                self._reject(row, place)
                return True
        return False

    def check(self, row: Row) -> str:
        """`first`, `same` or `different`; a different row is rejected with `duplicate_in_file`.

        Rows that are rejected already, or whose key is wholly unknown, count as first and are not remembered.
        """
        found = self._key(row)
        if row.rejected or all(v is None for v in found):
            return "first"
        identity, contents = _digest(found), _digest(_ordered(row.values))
        place = self._place.setdefault(identity, len(self._rows))
        if place == len(self._rows):
            self._columns = self._columns or tuple(row.values)
            self._digests.append(contents)
            self._rows.append(row.row_number)
            if row.sheet not in self._sheets[-1:]:
                self._sheets.append(row.sheet)
            self._sheet_of.append(len(self._sheets) - 1)
            self._cells.extend([_cell(row.values.get(c)) for c in self._columns])
            return "first"
        if self._digests[place] == contents:
            return "same"
        self._reject(row, place)
        return "different"

    def _key(self, row: Row) -> tuple[Any, ...]:
        return tuple(row.values.get(k) for k in self._keys)

    def _reject(self, row: Row, place: int) -> None:
        sheet = self._sheets[self._sheet_of[place]]
        number = self._rows[place]
        first = number if sheet == row.sheet else f"{number} ({sheet})"
        shown = " ".join("" if v is None else str(v) for v in self._key(row))
        row.reject(
            Problem(
                "error",
                row.sheet,
                row.row_number,
                None,
                shown,
                "duplicate_in_file",
                field=self._keys[0],
                params={"first": first},
            )
        )


def _cell(value: Any) -> int:
    """A fingerprint of a value within this process; 0 where it is not known."""
    return 0 if value is None else hash(value) or 1


def _ordered(values: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Contents without the order of columns and without what is unknown."""
    return tuple(sorted((k, v) for k, v in values.items() if v is not None))


def _digest(content: tuple[Any, ...]) -> int:
    return int.from_bytes(blake2b(repr(content).encode(), digest_size=8).digest(), "big")
