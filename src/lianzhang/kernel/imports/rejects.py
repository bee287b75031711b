"""The refused rows, handed back in the kind of file they came in, with sheet, row and reason beside each."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import IO, Any

from lianzhang.engines.tables import Row, TableResult, rejects_kind, rejects_writer
from lianzhang.kernel.home import folder


class RejectsFile:
    """Collects refused rows while a file is read; opened at the first one."""

    def __init__(self, language: str = "zh") -> None:
        self.language, self.kind = language, "csv"
        self._handle: IO[bytes] | None = None
        self._writer: Any = None

    def add(self, result: TableResult, row: Row) -> None:
        """Take one refused row."""
        if self._writer is None:
            self.kind = rejects_kind(result.kind)
            self._handle = tempfile.TemporaryFile()  # noqa: SIM115
            self._writer = rejects_writer(self._handle, self.kind, self.language)
        self._writer.add(row, next(s for s in result.sheets if s.name == row.sheet))

    def save(self, target: Path) -> bool:
        """Complete the file; False when nothing was refused."""
        if self._writer is None or self._handle is None:
            return False
        self._writer.close()
        self._handle.seek(0)
        draft = target.with_name(f".{target.name}.part")
        try:
            with draft.open("wb") as out:
                shutil.copyfileobj(self._handle, out)
            draft.replace(target)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        self._handle.close()
        return True

    def save_for(self, delivery_id: int) -> str:
        """Complete the file beside the delivery; returns its name, empty when nothing was refused."""
        name = f"{delivery_id}.rejected.{self.kind}"
        return name if self.save(path_of(name)) else ""


def path_of(name: str) -> Path:
    """Where a file of refused rows lies."""
    return folder("imports") / name
