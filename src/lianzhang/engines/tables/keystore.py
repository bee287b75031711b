"""Digests of the keys of a file: the newest in memory, older ones in a file that vanishes with the store.

A million keys need the memory of some ten thousand. A filter of bits (Bloom, 1970: "Space/time trade-offs in hash coding
with allowable errors") says of nearly every new key that it cannot be on the disk, so that only repeats are looked for.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from lianzhang.engines import scratch

KEPT = 40_000
_BITS = 1 << 25
_HALF = 1 << 63
_TABLE = "keys (key INTEGER PRIMARY KEY, contents INTEGER, row INTEGER, sheet INTEGER, cells BLOB)"


class Entry(NamedTuple):
    """What is remembered of a row: digest of its contents, its number, its sheet (from 0), fingerprints of its cells."""

    contents: int
    row: int
    sheet: int
    cells: bytes


class KeyStore:
    """Entries by 64-bit digests of keys; memory does not grow with their number."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._newest: dict[int, Entry] = {}
        self._filter = bytearray()
        self._disk: sqlite3.Connection | None = None

    def get(self, key: int) -> Entry | None:
        """The entry of a key, None where there is none."""
        found = self._newest.get(key)
        if found is not None or self._disk is None or not self._perhaps(key):
            return found
        row = self._disk.execute(
            "SELECT contents, row, sheet, cells FROM keys WHERE key = ?", (key - _HALF,)
        ).fetchone()
        return Entry(row[0] + _HALF, *row[1:]) if row else None

    def add(self, key: int, entry: Entry) -> None:
        """Remember a key that was not there."""
        self._newest[key] = entry
        if len(self._newest) >= self._kept:
            self._move_out()

    def _places(self, key: int) -> tuple[int, int, int]:
        return key % _BITS, (key >> 20) % _BITS, (key >> 39) % _BITS

    def _perhaps(self, key: int) -> bool:
        bits = self._filter
        return all(bits[p >> 3] & (1 << (p & 7)) for p in self._places(key))

    def _move_out(self) -> None:
        if self._disk is None:
            self._disk = scratch.table(_TABLE)
            self._filter = bytearray(_BITS // 8)
        for key in self._newest:
            for p in self._places(key):
                self._filter[p >> 3] |= 1 << (p & 7)
        rows = sorted(
            (key - _HALF, e.contents - _HALF, e.row, e.sheet, e.cells) for key, e in self._newest.items()
        )
        self._disk.execute("BEGIN")
        self._disk.executemany("INSERT INTO keys VALUES (?, ?, ?, ?, ?)", rows)
        self._disk.execute("COMMIT")
        self._newest = {}
