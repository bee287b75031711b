"""Backup of an installation that goes on working: the database first, then the files that it names."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from lianzhang.kernel.home import catalogues
from lianzhang.site.operations import archive, dump, keep, state

LEFT_OUT = {
    "backups", "demo-files", "imports/turn", "jobs", "locks", "logs", "metrics", "operations",
    "static", "running.lock", "read-only.json", "ballast",
}  # fmt: skip
"""Entries of the data directory that are no content: made anew, or belonging to this machine."""


def default_folder() -> Path:
    """Where backups go when nobody says: `LIANZHANG_BACKUPS`, else `backups` in the data directory."""
    return Path(settings.BACKUPS)


def backup(to: Path | None = None, secret: bytes | None = None) -> dict[str, Any]:
    """Write one backup and remember it; of those with names of ours in its folder the old ones go. `to`: a folder, or
    the file's name. Returns what it holds and how long it took."""
    moment, target = datetime.now(UTC), to or default_folder()
    named_here = to is None or to.is_dir() or not to.suffix
    if named_here:
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = target / keep.name(settings.CITY, moment, sealed=secret is not None)
    facts = write(target, moment, secret)
    if named_here:
        facts["removed"] = [p.name for p in keep.prune(target.parent, settings.CITY)]
    return state.keep("backup", **facts)


def write(target: Path, moment: datetime, secret: bytes | None = None) -> dict[str, Any]:
    """Write one backup into a file; returns what it holds and how long it took.

    Files are kept under their digest and never altered, so files taken after the database hold all that it names.
    """
    started = time.monotonic()
    need_room(target.parent)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as place:
        database, look = dump.dump(Path(place))
        dumped = time.monotonic() - started
        content = [(database, f"database/{database.name}"), *files()]
        with archive.writing(target, secret) as out:
            with ThreadPoolExecutor(1) as pool:  # packing needs little of the interpreter, looking all of it
                packing = pool.submit(out.add_all, content)
                instant = look()
                packing.result()
            out.finish(
                {"version": version("lianzhang"), "city": settings.CITY, "at": moment.isoformat(),
                 "database": instant.as_json()}
            )  # fmt: skip
    return {
        "file": str(target), "bytes": target.stat().st_size, "seconds": round(time.monotonic() - started, 2),
        "dump_seconds": round(dumped, 2), "files": len(out.files), "rows": sum(instant.tables.values()),
        "events": instant.events, "root": instant.root, "sealed": secret is not None,
    }  # fmt: skip


def files() -> Iterator[tuple[Path, str]]:
    """(path, name in the backup) of everything that lies in the data directory and of the city's catalogue."""
    home, databases = Path(settings.HOME), _database_files()
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home)
        if not path.is_file() or path.is_symlink() or path in databases:
            continue
        if str(name) in LEFT_OUT or name.parts[0] in LEFT_OUT or name.parts[0].startswith("."):
            continue
        yield path, f"home/{name.as_posix()}"
    for folder in (catalogues() / settings.CITY, catalogues() / "_reference"):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path, f"catalogue/{path.relative_to(catalogues()).as_posix()}"


def _database_files() -> set[Path]:
    if connection.vendor != "sqlite":
        return set()
    path = Path(settings.DATABASES["default"]["NAME"])
    return {path.with_name(path.name + ending) for ending in ("", "-wal", "-shm", "-journal")}


class NoRoom(Exception):
    """The disk has no room for a backup."""


def need_room(folder: Path) -> None:
    """`NoRoom` unless the folder's disk holds the database once plain and everything once packed."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        size = int(cursor.fetchone()[0])
    need = 2 * size + sum(p.stat().st_size for p, _ in files())
    free = shutil.disk_usage(folder).free
    if free < need:
        raise NoRoom(f"{folder}: {free >> 20} MB free, a backup may need {need >> 20} MB")
