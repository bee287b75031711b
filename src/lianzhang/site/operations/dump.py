"""The database as one file of a single instant, with what is known of that instant: rows, digests, root of the events.

SQLite: `VACUUM INTO`, one read transaction whatever is written meanwhile. (The stepwise backup of its interface begins
again after each foreign write and never ends under load.) PostgreSQL: `pg_dump` in a snapshot that this process
exported, so that rows are counted at the very instant which is dumped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from lianzhang.kernel import event_check
from lianzhang.kernel.models import Event
from lianzhang.site.operations import aside, content, pg


@dataclass
class Instant:
    """What the database held at the instant of the dump."""

    vendor: str
    server: str
    migrations: list[str]
    tables: dict[str, int]
    events: int
    root: str
    content: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For the manifest."""
        return dict(vars(self))


def dump(folder: Path, *, with_content: bool = False) -> tuple[Path, Instant]:
    """Write the database below the folder; returns (file, its instant)."""
    if connection.vendor == "sqlite":
        return _sqlite(folder / "db.sqlite3", with_content)
    return _postgresql(folder / "db.dump", with_content)


def _sqlite(path: Path, with_content: bool) -> tuple[Path, Instant]:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    with aside.opened(aside.sqlite_url(path)) as alias:
        found = look(alias, with_content)
        with aside.connections[
            alias
        ].cursor() as cursor:  # the copy is one file: nothing stays in a log beside it
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("PRAGMA journal_mode=DELETE")
    return path, found


def _postgresql(path: Path, with_content: bool) -> tuple[Path, Instant]:
    tool = pg.program("pg_dump", pg.server_version())
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        # Not compressed here: the archive around it is.
        pg.run([tool, "-Fc", "-Z0", "--no-owner", "--no-acl", f"--snapshot={snapshot}", "-f", path])
        return path, look("default", with_content)


def look(alias: str, with_content: bool = False) -> Instant:
    """What the database of the alias holds now."""
    chosen = aside.connections[alias]
    chosen.ensure_connection()
    if chosen.vendor == "sqlite":
        server = ".".join(map(str, chosen.Database.sqlite_version_info))  # type: ignore[attr-defined]
    else:
        server = str(pg.server_version(alias))
    return Instant(
        vendor=chosen.vendor, server=server, migrations=aside.migrations_of(alias), tables=aside.rows_of(alias),
        events=Event.objects.using(alias).count(), root=event_check.root(using=alias),
        content=content.digests(alias) if with_content else {},
    )  # fmt: skip
