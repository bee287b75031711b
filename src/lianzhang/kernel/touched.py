"""What a delivery touched, without the memory of a set: few keys are held, many go to a file that vanishes with this.

A delivery of a million rows names up to a million things that are projected after its last row. Read the keys in parts,
ascending, each once:

    touched = Touched(Filing.objects.filter(…).values_list("enterprise_id", flat=True).iterator(chunk_size=2000))
    for part in bulk.parts(touched, 900): …
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from lianzhang.engines import scratch
from lianzhang.kernel.bulk import parts

KEPT = 40_000
"""Keys held in memory, and taken from a stream at once."""
Key = TypeVar("Key", int, str)


class Touched(Generic[Key]):
    """Whole numbers of 64 bits with their sign, or texts. Iterate as often as wanted, after the last `update`."""

    def __init__(self, keys: Iterable[Key] = (), *, kept: int = KEPT) -> None:
        self._kept = kept
        self._newest: set[Key] = set()
        self._disk: sqlite3.Connection | None = None
        self.update(keys)

    def update(self, keys: Iterable[Key]) -> None:
        """Take these in; one that is there already changes nothing."""
        for part in parts(keys, self._kept):
            self._newest.update(part)
            if len(self._newest) >= self._kept:
                self._move_out()

    def __iter__(self) -> Iterator[Key]:
        if self._disk is None:
            yield from sorted(self._newest)
            return
        self._move_out()
        for (key,) in self._disk.execute("SELECT key FROM keys ORDER BY key"):
            yield key

    def _move_out(self) -> None:
        if self._disk is None:
            self._disk = scratch.table("keys (key PRIMARY KEY) WITHOUT ROWID")
        self._disk.execute("BEGIN")
        rows = ((key,) for key in sorted(self._newest))
        self._disk.executemany("INSERT OR IGNORE INTO keys VALUES (?)", rows)
        self._disk.execute("COMMIT")
        self._newest = set()
