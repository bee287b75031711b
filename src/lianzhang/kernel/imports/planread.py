"""Read the kept plan of a delivery: pages by what becomes of the rows, all of them for a file."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lianzhang.engines.tables import Problem, Row
from lianzhang.kernel.home import folder
from lianzhang.kernel.imports.fate import Fate
from lianzhang.kernel.imports.plan import body, named, path_of, unpacked

COLUMNS = "status, sheet, row, key, body, from_delivery, from_sheet, from_row"


@dataclass(frozen=True)
class Line:
    """One row: where it stands, what it names, what becomes of it, what it says or changes, why it is refused."""

    status: str
    sheet: str
    row: int
    key: str
    new: dict[str, Any] = field(default_factory=dict)
    changes: list[list[Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    origin: tuple[int, str, int] | None = None


def kept(delivery_id: int) -> bool:
    """Whether there is a plan of this delivery, or the plain list that version 0.1 kept."""
    return path_of(delivery_id).exists() or _old(delivery_id).exists()


def counts(delivery_id: int) -> dict[str, int]:
    """How many rows of each kind the plan holds."""
    if not path_of(delivery_id).exists():
        return {}
    with closing(_open(delivery_id)) as file:
        return dict(file.execute("SELECT status, count(*) FROM rows GROUP BY status"))


def page(delivery_id: int, status: str, number: int, size: int) -> tuple[list[Line], bool]:
    """The rows of a page (from 1), and whether more follow."""
    found = list(_lines(delivery_id, status, (number - 1) * size, size + 1))
    return found[:size], len(found) > size


def lines(delivery_id: int, status: str = "") -> Iterator[Line]:
    """The rows that become this (all without one), in the order of the file."""
    return _lines(delivery_id, status, 0, -1)


def _lines(delivery_id: int, status: str, skip: int, most: int) -> Iterator[Line]:
    if not path_of(delivery_id).exists():
        yield from _old_lines(delivery_id, status, skip, most)
        return
    where = "WHERE status = ?" if status else "WHERE ? = ''"
    with closing(_open(delivery_id)) as file:
        query = f"SELECT {COLUMNS} FROM rows {where} ORDER BY n LIMIT ? OFFSET ?"  # noqa: S608  # no part from outside
        for line in file.execute(query, (status, most, skip)):
            yield _line(*line)


def _line(status: str, sheet: str, row: int, key: str, body: str, delivery: Any, old_sheet: Any, old_row: Any) -> Line:  # fmt: skip
    said = json.loads(body)
    problems = [unpacked(sheet, row, parts) for parts in said.get("problems", [])]
    origin = (delivery, old_sheet, old_row) if delivery is not None else None
    return Line(status, sheet, row, key, said.get("new", {}), said.get("changes", []), problems, origin)


def of_row(row: Row, fate: Fate, key: tuple[str, ...]) -> Line:
    """A row that was just read, as the plan would tell it."""
    return _line(fate.status, row.sheet, row.row_number, named(row, key), body(row, fate), None, None, None)


def _open(delivery_id: int) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path_of(delivery_id)}?mode=ro", uri=True)


def _old(delivery_id: int) -> Path:
    return folder("imports") / f"{delivery_id}.rows.csv"


def _old_lines(delivery_id: int, status: str, skip: int, most: int) -> Iterator[Line]:
    """The rows as version 0.1 noted them: without changes and reasons."""
    if not _old(delivery_id).exists():
        return
    with _old(delivery_id).open(encoding="utf-8", newline="") as handle:
        seen = 0
        for found, sheet, number, name in csv.reader(handle):
            if status and found != status:
                continue
            seen += 1
            if seen > skip:
                yield Line(found, sheet, int(number), name)
            if 0 <= most <= seen - skip:
                return
