"""Which row of the file became what: kept beside the delivery, so that every count leads to its rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from lianzhang.engines.tables import Row, TableResult
from lianzhang.kernel.home import folder

Line = tuple[str, str, int, str]
"""status, sheet, row number, key"""


def path_of(delivery_id: int) -> Path:
    """Where the log of a delivery lies."""
    return folder("imports") / f"{delivery_id}.rows.csv"


class RowLog:
    """Writes the log while a file is read; `close` puts it in place. `key` are the fields that name a row."""

    def __init__(self, key: tuple[str, ...]) -> None:
        self.key = key
        self._draft = folder("imports") / f"{uuid4().hex}.part"
        self._handle = self._draft.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._handle)

    def see(self, result: TableResult, row: Row, status: str) -> None:
        """Note one row."""
        name = " ".join(str(v) for k in self.key if (v := row.values.get(k)) is not None)
        self._writer.writerow((status, row.sheet, row.row_number, name))

    def close(self, delivery_id: int) -> None:
        """The log is complete; it becomes that of this delivery."""
        self._handle.close()
        self._draft.replace(path_of(delivery_id))

    def abandon(self) -> None:
        """Nothing came of the reading."""
        with suppress(
            OSError
        ):  # closing writes what is left; on a full disk it may fail, and the log goes anyway
            self._handle.close()
        self._draft.unlink(missing_ok=True)


def lines(delivery_id: int, status: str = "") -> Iterator[Line]:
    """The noted rows with this status (all without one), in the order of the file."""
    path = path_of(delivery_id)
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as handle:
        for found, sheet, number, name in csv.reader(handle):
            if not status or found == status:
                yield found, sheet, int(number), name


def page(delivery_id: int, status: str, number: int, size: int) -> tuple[list[Line], bool]:
    """The lines of a page (from 1), and whether more follow."""
    found: list[Any] = list(islice(lines(delivery_id, status), (number - 1) * size, number * size + 1))
    return found[:size], len(found) > size
