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


def keep(chunks: Iterable[bytes], limit: int | None = None) -> tuple[str, int]:
    """Store the bytes; returns (sha256, size). A full disk or a file over the limit leaves nothing behind."""
    digest, size = hashlib.sha256(), 0
    handle = tempfile.NamedTemporaryFile(dir=folder("files"), delete=False)  # noqa: SIM115
    try:
        with handle:
            for chunk in chunks:
                size += len(chunk)
                if limit is not None and size > limit:
                    raise TooLarge
                digest.update(chunk)
                handle.write(chunk)
            handle.flush()
            os.fsync(handle.fileno())
        target = path_of(digest.hexdigest())
        os.replace(handle.name, target)
    except BaseException:
        Path(handle.name).unlink(missing_ok=True)
        raise
    return digest.hexdigest(), size


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
