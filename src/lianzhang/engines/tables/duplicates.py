"""Rows with the same key in one file: the first is kept, equal ones change nothing, different ones clash."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from .keystore import Entry, KeyStore
from .problems import Problem
from .rows import Row


class DuplicateGuard:
    """Remembers digests of the rows of one set of columns, not the rows; memory does not grow with their number."""

    def __init__(self, keys: Sequence[str], store: KeyStore | None = None) -> None:
        self._keys = tuple(keys)
        self._columns: tuple[str, ...] = ()
        self._known = store or KeyStore()
        self._sheets: list[str] = []

    def knows(self, row: Row) -> bool:
        """Whether an accepted row with this key was checked before."""
        return self._known.get(_digest(self._key(row))) is not None

    def contradicts(self, row: Row) -> bool:
        """Whether a checked row with this key, from a table of other columns, says something else in a column both have.

        If so, the row is rejected with `duplicate_in_file`. What one of them does not know contradicts nothing.
        """
        first = self._known.get(_digest(self._key(row)))
        if first is None:
            return False
        cells = array("q", first.cells)
        for i, column in enumerate(self._columns):
            said = _cell(row.values.get(column))
            if said and cells[i] not in (said, 0):
                self._reject(row, first)
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
        first = self._known.get(identity)
        if first is None:
            self._columns = self._columns or tuple(row.values)
            if row.sheet not in self._sheets[-1:]:
                self._sheets.append(row.sheet)
            cells = array("q", [_cell(row.values.get(c)) for c in self._columns])
            self._known.add(identity, Entry(contents, row.row_number, len(self._sheets) - 1, cells.tobytes()))
            return "first"
        if first.contents == contents:
            return "same"
        self._reject(row, first)
        return "different"

    def _key(self, row: Row) -> tuple[Any, ...]:
        return tuple(row.values.get(k) for k in self._keys)

    def _reject(self, row: Row, entry: Entry) -> None:
        sheet = self._sheets[entry.sheet]
        first = entry.row if sheet == row.sheet else f"{entry.row} ({sheet})"
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
