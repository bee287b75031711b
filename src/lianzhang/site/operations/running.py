"""Who works in the data directory: web and worker share a lock on it, what replaces the database wants it alone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

_held: list[IO[bytes]] = []


class Busy(Exception):
    """Web or worker run, and this work needs them stopped."""


def _lock() -> IO[bytes]:
    path = Path(settings.HOME) / "running.lock"
    return open(path, "ab", opener=lambda p, flags: os.open(p, flags, 0o600))


def hold() -> None:
    """Say, until this process ends, that it serves; waits for who has the directory alone. Told twice it holds once."""
    if not _held:
        handle = _lock()
        fcntl.flock(handle, fcntl.LOCK_SH)
        _held.append(handle)


@contextmanager
def alone() -> Iterator[None]:
    """Have the data directory alone for the block; `Busy` while web or worker run."""
    with _lock() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy("web or worker still run in this data directory: stop them first") from error
        yield
