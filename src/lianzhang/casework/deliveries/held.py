"""Histories of the matters that a file of steps tells of, while it is read: few in memory, however many there are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from lianzhang.casework.deliveries.replay import History, Told, histories
from lianzhang.casework.models import Matter
from lianzhang.engines import scratch

if TYPE_CHECKING:
    import sqlite3

KEPT = 20_000
"""Histories held in memory."""


class Held:
    """Histories by key of the matter. Where what was told is written batch by batch, the log gives it back; a preview writes
    nothing, so what it was told of the others waits in a file that vanishes with this."""

    def __init__(self, *, written: bool) -> None:
        self._written = written
        self._histories: dict[int, History] = {}
        self._disk: sqlite3.Connection | None = None

    def of(self, matters: Iterable[Matter]) -> dict[int, History]:
        """Of these matters, with all that was told of each so far."""
        here = {m.pk: m for m in matters}
        if len(self._histories) > KEPT:
            self._let_go()
        fresh = histories(m for pk, m in here.items() if pk not in self._histories)
        for pk, history in fresh.items():
            history.resume(self._told(pk))
        self._histories |= fresh
        return {pk: self._histories[pk] for pk in here}

    def _let_go(self) -> None:
        if not self._written:
            self._move_out()
        self._histories.clear()

    def _move_out(self) -> None:
        if self._disk is None:
            self._disk = scratch.table("told (matter INTEGER PRIMARY KEY, steps TEXT)")
        rows = (
            (pk, json.dumps([(at.isoformat(), *rest) for at, *rest in history.told], ensure_ascii=False))
            for pk, history in self._histories.items()
            if history.told
        )
        self._disk.execute("BEGIN")
        self._disk.executemany("INSERT OR REPLACE INTO told VALUES (?, ?)", rows)
        self._disk.execute("COMMIT")

    def _told(self, pk: int) -> list[Told]:
        if self._disk is None:
            return []
        row = self._disk.execute("SELECT steps FROM told WHERE matter = ?", (pk,)).fetchone()
        steps = json.loads(row[0]) if row else []
        return [(datetime.fromisoformat(at), step, by, data) for at, step, by, data in steps]
