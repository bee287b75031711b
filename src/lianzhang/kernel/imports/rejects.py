"""The refused rows, handed back in the kind of file they came in, with sheet, row and reason beside each."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any

from lianzhang.engines.tables import Row, TableResult, rejects_kind, rejects_writer
from lianzhang.kernel.home import folder
from lianzhang.kernel.imports.parts import Failed


class _Table:
    """The refused rows of one table, collected in a temporary file."""

    def __init__(self, result: TableResult, language: str) -> None:
        self.name, self.kind = result.name, rejects_kind(result.kind)
        self.handle: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self.writer: Any = rejects_writer(self.handle, self.kind, language)
        self.complete = False

    def copy_to(self, out: IO[bytes]) -> None:
        """Complete the table and write it out."""
        self.writer.close()
        self.complete = True
        self.handle.seek(0)
        shutil.copyfileobj(self.handle, out)

    def close(self) -> None:
        """Forget the table; a writer left open would complain when the program ends."""
        with suppress(OSError):
            if not self.complete:
                self.writer.close()
        self.handle.close()


class RejectsFile:
    """Collects refused rows while a file is read; of a zip, a zip of the members that had any or could not be read."""

    def __init__(self, language: str = "zh", archive: bool = False) -> None:
        self.language, self.archive = language, archive
        self._tables: dict[int, _Table] = {}
        self._saved: Path | None = None

    @property
    def kind(self) -> str:
        """The ending of the file's name."""
        first = next(iter(self._tables.values()), None)
        return "zip" if self.archive else first.kind if first else "csv"

    def add(self, result: TableResult, row: Row) -> None:
        """Take one refused row."""
        table = self._tables.get(id(result))
        if table is None:
            table = self._tables[id(result)] = _Table(result, self.language)
        table.writer.add(row, next(s for s in result.sheets if s.name == row.sheet))

    def save(self, target: Path, failed: Sequence[Failed] = ()) -> bool:
        """Complete the file; False when nothing was refused. A full disk leaves nothing behind."""
        if not self._tables and not failed:
            return False
        if self._saved:
            shutil.copyfile(self._saved, target)
            return True
        draft = target.with_name(f".{target.name}.part")
        try:
            with draft.open("wb") as out:
                if self.archive:
                    self._zip(out, failed)
                else:
                    next(iter(self._tables.values())).copy_to(out)
            draft.replace(target)
            self._saved = target
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        return True

    def _zip(self, out: IO[bytes], failed: Sequence[Failed]) -> None:
        names: Counter[str] = Counter()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in self._tables.values():
                stem = PurePosixPath(table.name).stem
                with archive.open(_once(f"{stem}.{table.kind}", names), "w", force_zip64=True) as member:
                    table.copy_to(member)
            for each in failed:
                with archive.open(_once(each.name, names), "w", force_zip64=True) as member:
                    each.copy_to(member)

    def close(self) -> None:
        """Forget what was collected, saved or not."""
        for table in self._tables.values():
            table.close()
        self._tables.clear()

    def save_for(self, delivery_id: int, failed: Sequence[Failed] = ()) -> str:
        """Complete the file beside the delivery; returns its name, empty when nothing was refused."""
        name = f"{delivery_id}.rejected.{self.kind}"
        return name if self.save(path_of(name), failed) else ""


def _once(name: str, names: Counter[str]) -> str:
    """A name not yet taken in the archive."""
    names[name] += 1
    path = PurePosixPath(name)
    return name if names[name] == 1 else f"{path.stem}_{names[name]}{path.suffix}"


def path_of(name: str) -> Path:
    """Where a file of refused rows lies."""
    return folder("imports") / name
