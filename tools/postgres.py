"""A private PostgreSQL on a socket in a temporary folder; as root it runs under another user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl, the newest version installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    which = shutil.which("initdb")
    return Path(which).parent if which else None


def _as_other() -> list[str]:
    """PostgreSQL refuses to run as root: its own user takes over, or nobody."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return ["runuser", "-u", name, "--"]
    return []


FOR_TESTS = {"fsync": "off", "shared_buffers": "128MB"}


def main_process(url: str) -> int:
    """The process of the server that `server` started."""
    return int((Path(url.split("host=")[1]) / "data" / "postmaster.pid").read_text().split()[0])


@contextmanager
def server(settings: Mapping[str, str] = FOR_TESTS, folder_above: Path | None = None) -> Iterator[str | None]:
    """DATABASE_URL of a fresh server, None when PostgreSQL is not installed. Where the path above is long, the socket
    would not fit: it must stay under a hundred characters."""
    folder = binaries()
    if folder is None:
        yield None
        return
    other = _as_other()
    place = Path(tempfile.mkdtemp(prefix="lz-pg-", dir=folder_above or "/tmp"))  # noqa: S108
    if other:
        shutil.chown(place, other[2])
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": place}
    data = place / "data"
    subprocess.run(
        [
            *other,
            folder / "initdb",
            "-D",
            data,
            "-U",
            "lianzhang",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ],
        **quiet,
    )
    options = " ".join([f"-k {place} -c listen_addresses=''", *(f"-c {k}={v}" for k, v in settings.items())])
    subprocess.run(
        [*other, folder / "pg_ctl", "-D", data, "-w", "-o", options, "-l", place / "log", "start"], **quiet
    )
    try:
        subprocess.run([*other, folder / "createdb", "-h", place, "-U", "lianzhang", "lianzhang"], **quiet)
        yield f"postgresql://lianzhang@/lianzhang?host={place}"
    finally:
        subprocess.run(
            [*other, folder / "pg_ctl", "-D", data, "-m", "immediate", "stop"],
            check=False,
            stdout=subprocess.DEVNULL,
            cwd=place,
        )
        shutil.rmtree(place, ignore_errors=True)
