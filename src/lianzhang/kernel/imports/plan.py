"""What becomes of every row of a delivery, kept in a file beside it: written while the file is read, paged by the pages.

A file of its own and not rows of the database: a preview of a million rows must not weigh on the registers, and goes
when the delivery is read again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from lianzhang.engines.tables import Problem, Row, TableResult
from lianzhang.kernel.home import folder
from lianzhang.kernel.imports.dataset import CREATED, REJECTED, UPDATED
from lianzhang.kernel.imports.fate import Fate
from lianzhang.kernel.imports.storable import storable

BATCH = 2_000
TEXT = 200
SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE rows (n INTEGER PRIMARY KEY, status TEXT NOT NULL, sheet TEXT NOT NULL, row INTEGER NOT NULL, key TEXT NOT NULL,
                   body TEXT NOT NULL, from_delivery INTEGER, from_sheet TEXT, from_row INTEGER);
"""
_encoded = json.JSONEncoder(ensure_ascii=False, default=str).encode
INDEX = "CREATE INDEX by_status ON rows (status, n)"


def path_of(delivery_id: int) -> Path:
    """Where the plan of a delivery lies."""
    return folder("imports") / f"{delivery_id}.plan.sqlite3"


class Plan:
    """Writes the plan while a file is read; `close` puts it in place. `key` are the fields that name a row."""

    def __init__(self, key: tuple[str, ...]) -> None:
        self.key = key
        self._draft = folder("imports") / f"{uuid4().hex}.part"
        self._file = sqlite3.connect(self._draft)
        self._file.executescript(SCHEMA)
        self._waiting: list[tuple[Any, ...]] = []

    def see(self, result: TableResult, row: Row, fate: Fate) -> None:
        """Note one row."""
        self._waiting.append((fate.status, row.sheet, row.row_number, named(row, self.key), body(row, fate)))
        if len(self._waiting) >= BATCH:
            self._flush()

    def expect_origins(self) -> None:
        """Rows are going to be looked up by where they stand."""
        self._flush()
        self._file.execute("CREATE INDEX by_place ON rows (row, sheet)")

    def bearing(self, keys: Iterable[str]) -> list[tuple[str, str, str, int]]:
        """(key, status, sheet, row) of the rows that bear one of these keys, where one row alone bears it."""
        self._flush()
        with _Disk():
            self._file.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (key TEXT PRIMARY KEY)")
            self._file.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((key,) for key in keys))
        found = self._file.execute(
            "SELECT wanted.key, min(status), min(sheet), min(row) FROM rows JOIN wanted ON wanted.key = substr(rows.key, 1, ?) "
            "GROUP BY wanted.key HAVING count(*) = 1 ORDER BY min(n)", (TEXT,)
        )  # fmt: skip
        return found.fetchall()

    def came_from(self, sheet: str, row: int, delivery: int, old_sheet: str, old_row: int) -> None:
        """Note that a row is the mended form of one that an earlier delivery had refused."""
        self._file.execute(
            "UPDATE rows SET from_delivery = ?, from_sheet = ?, from_row = ? WHERE sheet = ? AND row = ?",
            (delivery, old_sheet, old_row, sheet, row),
        )

    def _flush(self) -> None:
        with _Disk():
            self._file.executemany(
                "INSERT INTO rows (status, sheet, row, key, body) VALUES (?, ?, ?, ?, ?)", self._waiting
            )
        self._waiting.clear()

    def close(self, delivery_id: int) -> None:
        """The plan is complete; it becomes that of this delivery."""
        self._flush()
        with _Disk():
            self._file.execute(INDEX)
            self._file.commit()
        self._file.close()
        self._draft.replace(path_of(delivery_id))

    def abandon(self) -> None:
        """Nothing came of the reading."""
        with suppress(sqlite3.Error):  # a full disk; the draft goes anyway
            self._file.close()
        self._draft.unlink(missing_ok=True)


class _Disk:
    """A full disk is told as the operating system tells it."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
            import errno

            raise OSError(errno.ENOSPC, "no room left on the disk") from error


def named(row: Row, key: tuple[str, ...]) -> str:
    """What a row names, by its key fields."""
    return " ".join(str(v) for k in key if (v := row.values.get(k)) is not None)


def body(row: Row, fate: Fate) -> str:
    """Of a new row what it says, of a changed one what it changes, of a refused one why; and the doubts. JSON."""
    return _encoded(_body(row, fate))


def _body(row: Row, fate: Fate) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if fate.status == CREATED:
        out["new"] = {k: short(v) for k, v in row.values.items() if v is not None}
    elif fate.status == UPDATED:
        out["changes"] = [
            [c.field, short(c.before), short(c.after), c.source, c.period] for c in fate.changes
        ]
    problems = [*(row.problems if fate.status == REJECTED else ()), *fate.doubts]
    if problems:
        out["problems"] = [packed(p) for p in problems[:20]]
    return out


def short(value: Any) -> Any:
    """A value as the plan keeps it: JSON, dates ISO, long texts cut."""
    if isinstance(value, list | tuple):
        return "、".join(str(v) for v in value)[:TEXT]
    if isinstance(value, date):
        return value.isoformat()
    value = storable(value)
    return value[:TEXT] if isinstance(value, str) else value


def packed(problem: Problem) -> list[Any]:
    """A problem without its words, which are made in the reader's language."""
    value = None if problem.value is None else str(problem.value)[:TEXT]
    params = {k: v if isinstance(v, int | float | str | None) else str(v) for k, v in problem.params.items()}
    return storable(
        [
            problem.severity,
            problem.column,
            value,
            problem.code,
            problem.detail,
            problem.letter,
            problem.field,
            params,
        ]
    )


def unpacked(sheet: str, row: int, parts: list[Any]) -> Problem:
    """The problem again."""
    severity, column, value, code, detail, letter, field, params = parts
    return Problem(severity, sheet, row, column, value, code, detail, letter, field, params)
