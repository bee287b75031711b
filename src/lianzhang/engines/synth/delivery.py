"""What is written: a folder, its words, and the list of files for the manifest."""

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .city import City
from .sheets import Sheet, write_workbook


@dataclass(frozen=True)
class Entry:
    """A line of the manifest: what to import, in which order, and what must come of it."""

    file: str
    dataset: str
    source: str
    period: str
    use: str
    rows: int
    rejected: int
    load: bool
    sha256: str


@dataclass
class Delivery:
    """Writes files of `city` into `folder` and remembers them in load order."""

    city: City
    folder: Path
    entries: list[Entry] = field(default_factory=list)

    @property
    def words(self) -> dict[str, Any]:
        """The words of the bureau's files."""
        return self.city.ref.layout

    def label(self, field_code: str) -> str:
        """Return the Chinese column head of a field."""
        return self.words["fields"][field_code]

    def workbook(self, name: str, sheets: Sequence[Sheet]) -> Path:
        """Write a workbook and return its path."""
        write_workbook(self.folder / name, sheets)
        return self.folder / name

    def table(
        self, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]], encoding: str = "utf-8-sig"
    ) -> Path:
        """Write a CSV file (None: empty cell) and return its path."""
        path = self.folder / name
        with path.open("w", encoding=encoding, newline="") as stream:
            writer = csv.writer(stream, lineterminator="\r\n")
            writer.writerow(head)
            writer.writerows(rows)
        return path

    def parquet(self, name: str, columns: dict[str, Any]) -> Path:
        """Write columns to a Parquet file and return its path."""
        import polars as pl

        path = self.folder / name
        pl.DataFrame(columns).write_parquet(path, compression="zstd", statistics=True)
        return path

    def record(
        self,
        path: Path,
        dataset: str,
        source: str,
        rows: int,
        period: str = "",
        use: str = "administrative",
        rejected: int = 0,
        load: bool = True,
    ) -> None:
        """Append a written file to the manifest; `source` is a key of the layout's sources."""
        name = self.words["sources"][source]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self.entries.append(Entry(path.name, dataset, name, period, use, rows, rejected, load, digest))
