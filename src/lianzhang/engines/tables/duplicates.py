"""Rows with the same key in one file: the first is kept, equal ones change nothing, different ones clash."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from .problems import Problem
from .rows import Row


class DuplicateGuard:
    """Remembers a digest per key, not the rows: about 150 bytes a key."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)
        self._place: dict[int, int] = {}
        self._digests = array("Q")
        self._rows = array("Q")

    def knows(self, row: Row) -> bool:
        """Whether an accepted row with this key was checked before."""
        return _digest(tuple(row.values.get(k) for k in self._keys)) in self._place

    def check(self, row: Row) -> str:
        """`first`, `same` or `different`; a different row is rejected with `duplicate_in_file`.

        Rows that are rejected already, or whose key is wholly unknown, count as first and are not remembered.
        """
        found = tuple(row.values.get(k) for k in self._keys)
        if row.rejected or all(v is None for v in found):
            return "first"
        identity, contents = _digest(found), _digest(_ordered(row.values))
        place = self._place.setdefault(identity, len(self._rows))
        if place == len(self._rows):
            self._digests.append(contents)
            self._rows.append(row.row_number)
            return "first"
        if self._digests[place] == contents:
            return "same"
        shown = " ".join("" if v is None else str(v) for v in found)
        row.reject(
            Problem(
                "error",
                row.sheet,
                row.row_number,
                None,
                shown,
                "duplicate_in_file",
                field=self._keys[0],
                params={"first": self._rows[place]},
            )
        )
        return "different"


def _ordered(values: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Contents without the order of columns and without what is unknown."""
    return tuple(sorted((k, v) for k, v in values.items() if v is not None))


def _digest(content: tuple[Any, ...]) -> int:
    return int.from_bytes(blake2b(repr(content).encode(), digest_size=8).digest(), "big")
