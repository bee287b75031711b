"""Uploaded files by content: the same bytes are kept once, under their sha256, never under a name from outside."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from lianzhang.kernel.home import folder


class TooLarge(Exception):
    """The file is larger than the installation takes."""


class Draft:
    """A file being received. A full disk or a file over the limit leaves nothing behind."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit, self.size, self._digest = limit, 0, hashlib.sha256()
        self._handle = tempfile.NamedTemporaryFile(dir=folder("files"), delete=False)  # noqa: SIM115

    def write(self, chunk: bytes) -> None:
        """Take the next bytes; TooLarge beyond the limit, OSError on a full disk."""
        self.size += len(chunk)
        try:
            if self.limit is not None and self.size > self.limit:
                raise TooLarge
            self._digest.update(chunk)
            self._handle.write(chunk)
        except BaseException:
            self.abort()
            raise

    def finish(self) -> tuple[str, int]:
        """Put the file in its place; returns (sha256, size)."""
        try:
            self._handle.flush()
            os.fsync(self._handle.fileno())
            self._handle.close()
            os.replace(self._handle.name, path_of(self._digest.hexdigest()))
        except BaseException:
            self.abort()
            raise
        return self._digest.hexdigest(), self.size

    def abort(self) -> None:
        """Forget what was received."""
        try:
            self._handle.close()
        except OSError:
            pass  # closing flushes; on a full disk it may fail, and the file goes anyway
        finally:
            Path(self._handle.name).unlink(missing_ok=True)


def keep(chunks: Iterable[bytes], limit: int | None = None) -> tuple[str, int]:
    """Store the bytes; returns (sha256, size)."""
    draft = Draft(limit)
    try:
        for chunk in chunks:
            draft.write(chunk)
    except BaseException:
        draft.abort()
        raise
    return draft.finish()


def keep_file(path: Path) -> tuple[str, int]:
    """Store a file of this machine."""
    with path.open("rb") as source:
        return keep(iter(lambda: source.read(1 << 20), b""))


def path_of(sha256: str) -> Path:
    """Where the bytes with this digest lie."""
    return folder("files", sha256[:2]) / sha256


def room_for(size: int) -> bool:
    """Whether the disk has room for a file of this size and what is made of it."""
    return shutil.disk_usage(folder("files")).free > 3 * size + (64 << 20)
