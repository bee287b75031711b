"""The tables of a delivered file: one, or the members of a zip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lianzhang.engines.tables import (
    ColumnMap,
    TableError,
    TableResult,
    TableSpec,
    copy_member,
    is_archive,
    read_table,
    unpacked,
)
from lianzhang.kernel.imports.dataset import Dataset


@dataclass(frozen=True)
class Failed:
    """A member of a zip that cannot be read: its name, where it lies in which archive (to hand it back), and why."""

    name: str
    archive: Path
    number: int
    error: TableError

    def copy_to(self, out: IO[bytes]) -> None:
        """Write the member as it came."""
        copy_member(self.archive, self.number, out)


Part = TableResult | Failed


def tables(
    path: Path, name: str, dataset: Dataset, mapping: ColumnMap | None, units: Mapping[str, str], period: str
) -> Iterator[Part]:
    """Open a file as tables of a data set. A single file that cannot be read raises TableError, a member is told as Failed.

    A member is read through once before it is given out: what was taken of it could not be put back when its end
    turned out to be broken.
    """
    spec = TableSpec(dataset.code, dataset.fields())
    how: dict[str, Any] = {"mapping": mapping, "default_units": units, "period": period or None}
    if not is_zip(path):
        yield read_table(path, spec, name=name, **how)
        return
    found = 0
    for member in unpacked(path, name):
        found += 1
        try:
            if member.error is not None or member.path is None:
                raise member.error or TableError("broken_file", member.name)
            for _ in read_table(member.path, spec, name=member.name, **how).batches():
                pass
            yield read_table(member.path, spec, name=member.name, within=member.name, **how)
        except TableError as error:
            yield Failed(member.name, path, member.number, error)
    if not found:
        raise TableError(
            "empty_file", f"{name} holds no file.", "Put the tables into the archive and send it again."
        )


def is_zip(path: Path) -> bool:
    """Whether the file is an archive of files rather than a workbook."""
    with path.open("rb") as handle:
        return is_archive(handle)
