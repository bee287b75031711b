"""A PostgreSQL server that a test may kill: durable (fsync on), on a socket of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import postgres


@dataclass
class OwnServer:
    """A cluster in a folder."""

    place: Path
    binaries: Path
    other: list[str]

    @property
    def url(self) -> str:
        return f"postgresql://lianzhang@/lianzhang?host={self.place}"

    @classmethod
    @contextmanager
    def fresh(cls) -> Iterator[OwnServer | None]:
        """A server with an empty database, or None where PostgreSQL is not installed."""
        binaries = postgres.binaries()
        if binaries is None:
            yield None
            return
        place = Path(tempfile.mkdtemp(prefix="lz-own-", dir="/tmp"))
        server = cls(place, binaries, postgres._as_other())
        if server.other:
            shutil.chown(place, server.other[2])
        init = ["-D", str(place / "data"), "-U", "lianzhang", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        server.run("initdb", *init)
        server.start()
        server.run("createdb", "-h", str(place), "-U", "lianzhang", "lianzhang")
        try:
            yield server
        finally:
            server.kill()
            shutil.rmtree(place, ignore_errors=True)

    def run(self, name: str, *arguments: str) -> int:
        """Run one of PostgreSQL's programs."""
        command = [*self.other, str(self.binaries / name), *arguments]
        return subprocess.run(command, cwd=self.place, check=False, capture_output=True).returncode

    def start(self, longest: float = 60) -> None:
        """Start, again and again while the children of a killed server still hold its lock; one that still recovers when
        `pg_ctl` has waited long enough is waited for."""
        began = time.monotonic()
        options = f"-k {self.place} -c listen_addresses='' -c fsync=on -c shared_buffers=64MB"
        while self.run(
            "pg_ctl",
            "-D",
            str(self.place / "data"),
            "-w",
            "-t",
            "10",
            "-o",
            options,
            "-l",
            str(self.place / "log"),
            "start",
        ) and self.run("pg_isready", "-q", "-h", str(self.place)):
            assert time.monotonic() - began < longest, (self.place / "log").read_text()[-2000:]
            time.sleep(0.2)

    def kill(self) -> None:
        """kill -9 of the postmaster and all its children."""
        pid_file = self.place / "data" / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split()[0])
        children = subprocess.run(
            ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
        ).stdout.split()
        for each in (pid, *map(int, children)):
            try:
                os.kill(each, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def stop(self) -> None:
        """An orderly stop."""
        self.run("pg_ctl", "-D", str(self.place / "data"), "-m", "fast", "stop")
