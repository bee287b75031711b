"""Large files written bit by bit to the disk: whoever else has to wait for that disk then waits for a bit, not for all.

Left alone, the system keeps a gigabyte in memory and brings it to the disk at once; a commit of the database that comes
meanwhile waits behind it.
"""

from __future__ import annotations

import contextlib
import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BIT = 8 << 20
"""Bytes that may wait for the disk."""
EVERY = 0.05
"""Seconds between two looks at a file that another program writes."""


class Steady(io.BufferedWriter):
    """A new file for its owner alone."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path, "xb", opener=lambda p, flags: os.open(p, flags, 0o600)))  # type: ignore[arg-type]
        self._waiting = 0

    def write(self, data: Any) -> int:
        """Take the next bytes; now and then all of them go to the disk first."""
        written = super().write(data)
        self._waiting += written
        if self._waiting >= BIT:
            self.to_disk()
        return written

    def to_disk(self) -> None:
        """What was written until now lies on the disk afterwards."""
        self.flush()
        os.fdatasync(self.fileno())
        self._waiting = 0


@contextmanager
def steadily(path: Path) -> Iterator[None]:
    """The same for a file that another program, or the database, writes during the block."""
    done = threading.Event()

    def follow() -> None:
        seen = 0
        while not done.wait(EVERY):
            with contextlib.suppress(FileNotFoundError):
                if (size := path.stat().st_size) - seen >= BIT:
                    with path.open("rb") as file:
                        os.fdatasync(file.fileno())
                    seen = size

    follower = threading.Thread(target=follow, daemon=True)
    follower.start()
    try:
        yield
    finally:
        done.set()
        follower.join()
