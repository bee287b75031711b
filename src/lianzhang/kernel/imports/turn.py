"""One delivery is applied at a time: a second one waits instead of running into the database's write lock."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from lianzhang.kernel.home import folder

POSTGRES_LOCK = 0x6C7A696D706F7274


@contextmanager
def turn(tell: Callable[[float, str], None] | None = None) -> Iterator[None]:
    """Hold the installation's turn for applying or undoing; `tell` is called while waiting, so that one can cancel.

    A lock of the operating system: it is released when the process dies. On PostgreSQL, where several machines may
    work, an advisory lock of the session is held as well.
    """
    with (folder("imports") / "turn").open("w") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if tell:
                    tell(0.0, "")
                time.sleep(0.1)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [POSTGRES_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [POSTGRES_LOCK])
