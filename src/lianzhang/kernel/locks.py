"""One at a time across processes: locks that a dying process lets go of by itself."""

from __future__ import annotations

import fcntl
import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from lianzhang.kernel.home import folder


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait for one's turn at a file of this machine: for what takes moments and needs no database."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def only_one(name: str, wait: Callable[[], None] | None = None) -> Iterator[bool]:
    """Hold the installation's lock of this name; yields whether it was got.

    With `wait` one waits for it: `wait` is called ten times a second and may raise to give up. Without it one is told
    at once that somebody else holds it. A lock of the operating system on this machine; on PostgreSQL, where several
    machines may work, an advisory lock of the session as well.
    """
    with (folder("locks") / name).open("w") as handle:
        while not (held := _flock(handle) and _advisory(name)) and wait is not None:
            fcntl.flock(handle, fcntl.LOCK_UN)
            wait()
            time.sleep(0.1)
        try:
            yield held
        finally:
            if held:
                _release(name)


def _flock(handle: object) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
    except BlockingIOError:
        return False
    return True


def _advisory(name: str) -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_number(name)])
        return bool(cursor.fetchone()[0])


def _release(name: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_number(name)])


def _number(name: str) -> int:
    """The 64-bit number PostgreSQL knows the lock by."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
