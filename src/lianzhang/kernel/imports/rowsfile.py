"""Row by row as a csv file, written while a file is read: what would become of each row, for the command line."""

from __future__ import annotations

import csv
from pathlib import Path
from uuid import uuid4

from lianzhang.engines.tables import Row, TableResult
from lianzhang.kernel import exports
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports import planread
from lianzhang.kernel.imports.fate import Fate
from lianzhang.kernel.imports.wording import Words, cells, header


class RowsFile:
    """Takes its name only when it is whole: leave the block with an error, and nothing of it remains."""

    def __init__(self, path: Path, dataset: str) -> None:
        self.path, self._draft = path, path.with_name(f".{path.name}.{uuid4().hex}")
        self._key, self._words = datasets.get(dataset).key, Words(dataset)

    def __enter__(self) -> RowsFile:
        self._handle = self._draft.open("x", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._handle)
        self._writer.writerow([exports.safe(h) for h in header()])
        return self

    def see(self, _result: TableResult, row: Row, fate: Fate) -> None:
        """Write one row."""
        line = planread.of_row(row, fate, self._key)
        self._writer.writerow([exports.plain(v) for v in cells(line, self._words)])

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._handle.close()
        if kind is None:
            self._draft.replace(self.path)
        else:
            self._draft.unlink(missing_ok=True)
