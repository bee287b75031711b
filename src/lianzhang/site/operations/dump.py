"""The database as one file of a single instant, with what is known of that instant: rows, digests, root of the events.

SQLite: `VACUUM INTO`, one read transaction whatever is written meanwhile. (The stepwise backup of its interface begins
again after each foreign write and never ends under load.) PostgreSQL: `pg_dump` in a snapshot that this process
exported, and the rows are read meanwhile: at the very instant which is dumped.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from lianzhang.kernel import event_check
from lianzhang.kernel.models import Event
from lianzhang.site.operations import aside, kept_tables, pg, steady


@dataclass
class Instant:
    """What the database held at the instant of the dump."""

    vendor: str
    server: str
    migrations: list[str]
    tables: dict[str, int]
    events: int
    root: str
    content: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """For the manifest."""
        return dict(vars(self))


def dump(folder: Path) -> tuple[Path, Callable[[], Instant]]:
    """Write the database below the folder; returns the file, and what tells of its instant (takes a while; the file may
    be read meanwhile)."""
    if connection.vendor == "sqlite":
        path = folder / "db.sqlite3"
        with steady.steadily(path), connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        return path, partial(_look_at, path)
    path = folder / "db.dump"
    instant = _postgresql(path)
    return path, lambda: instant


def _look_at(path: Path) -> Instant:
    with aside.frozen(path) as alias:
        return look(alias)


def _postgresql(path: Path) -> Instant:
    tool = pg.program("pg_dump", pg.server_version())
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        # Not compressed here: the archive around it is.
        command = [tool, "-Fc", "-Z0", "--no-owner", "--no-acl", f"--snapshot={snapshot}", "-f", path]
        with steady.steadily(path), ThreadPoolExecutor(1) as pool:
            dumping = pool.submit(pg.run, command)
            instant = look("default")
            dumping.result()
        return instant


def look(alias: str) -> Instant:
    """What the database of the alias holds now."""
    chosen = aside.connections[alias]
    chosen.ensure_connection()
    if chosen.vendor == "sqlite":
        server = ".".join(map(str, chosen.Database.sqlite_version_info))  # type: ignore[attr-defined]
    else:
        server = str(pg.server_version(alias))
    tables = kept_tables.digests(alias)
    return Instant(
        vendor=chosen.vendor, server=server, migrations=aside.migrations_of(alias),
        tables={table: rows for table, (rows, _) in tables.items()},
        events=Event.objects.using(alias).count(), root=event_check.root(using=alias),
        content={table: digest for table, (_, digest) in tables.items()},
    )  # fmt: skip
