"""The database: version, how it writes, shape, integrity."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.doctor import check
from lianzhang.site.operations import aside
from lianzhang.site.operations import check as checking

OLDEST_SQLITE, OLDEST_POSTGRESQL = (3, 38, 0), 14
WAL_LARGEST = 1 << 30


def _pragma(name: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


@check("database.answers", _("The database answers"), cure=_("Start it; compare DATABASE_URL."))
def answers() -> Iterable[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        if cursor.fetchone() != (1,):
            yield connection.vendor


@check("database.version", _("The database is new enough"), cure=_("SQLite 3.38 or PostgreSQL 14 at least."))
def version() -> Iterable[str]:
    if is_sqlite():
        found = connection.Database.sqlite_version_info  # type: ignore[attr-defined]
        if found < OLDEST_SQLITE:
            yield ".".join(map(str, found))
    else:
        connection.ensure_connection()
        if connection.pg_version // 10000 < OLDEST_POSTGRESQL:  # type: ignore[attr-defined]
            yield str(connection.pg_version)  # type: ignore[attr-defined]


@check("database.wal", _("SQLite writes ahead, so that readers do not wait"),
       cure=_("Leave the database's options as they are delivered."), severity="warning")  # fmt: skip
def wal() -> Iterable[str]:
    if is_sqlite() and not connection.is_in_memory_db() and (mode := _pragma("journal_mode")) != "wal":  # type: ignore[attr-defined]
        yield str(mode)


@check("database.durable", _("What was acknowledged is on the disk"),
       cure=_("SQLite: synchronous=FULL. PostgreSQL: synchronous_commit and fsync on."))  # fmt: skip
def durable() -> Iterable[str]:
    if is_sqlite():
        if (level := int(_pragma("synchronous"))) < 2:
            yield f"synchronous={level}"
        return
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute(f"SHOW {name}")
            if (value := cursor.fetchone()[0]) == "off":
                yield f"{name}={value}"


@check(
    "database.foreign_keys", _("Foreign keys are kept"), cure=_("Leave the database's options as delivered.")
)
def foreign_keys() -> Iterable[str]:
    if is_sqlite() and not int(_pragma("foreign_keys")):
        yield "foreign_keys=0"


@check(
    "database.encoding", _("The database holds UTF-8"), cure=_("Make the database anew with --encoding=UTF8.")
)
def encoding() -> Iterable[str]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA encoding" if is_sqlite() else "SHOW server_encoding")
        if (found := cursor.fetchone()[0]).replace("-", "") != "UTF8":
            yield str(found)


@check(
    "database.migrations", _("The database has the shape of this version"), cure=_("Run: lianzhang upgrade")
)
def migrations() -> Iterable[str]:
    executor = MigrationExecutor(connection)
    for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield f"{migration.app_label}.{migration.name}"


@check(
    "database.ahead",
    _("The database is not of a newer version"),
    cure=_("Install the version that was here before."),
)
def ahead() -> Iterable[str]:
    yield from sorted(set(aside.migrations_of()) - aside.known_migrations())


@check("database.integrity", _("The database finds itself whole"), slow=True,
       cure=_("Restore the newest good backup; look at the disk."))  # fmt: skip
def integrity() -> Iterable[str]:
    yield from checking.unsound("default")


@check("database.orphans", _("No row points at one that is not there"), slow=True,
       cure=_("Restore the newest good backup, or report it."))  # fmt: skip
def orphans() -> Iterable[str]:
    yield from checking.orphans("default")


def _log() -> Path:
    return Path(str(connection.settings_dict["NAME"]) + "-wal")


@check("database.log_size", _("SQLite's log beside the database is small"), severity="warning",
       cure=_("Start web and worker anew: a reader that never ends keeps it."))  # fmt: skip
def log_size() -> Iterable[str]:
    path = _log()
    if is_sqlite() and path.is_file() and path.stat().st_size > WAL_LARGEST:
        yield f"{path.name}: {path.stat().st_size >> 20} MB"
