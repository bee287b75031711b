"""A second database beside the one that serves: a copy to be checked, a target to be filled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from lianzhang.site.environment import database_config

ALIAS = "aside"


def opened(url: str) -> AbstractContextManager[str]:
    """The alias under which the database of the URL can be read and written until the end of the block."""
    return with_config(database_config(url, settings.HOME))


def frozen(path: Path) -> AbstractContextManager[str]:
    """The same for a SQLite file that nobody alters: it is read only, and nothing is put beside it."""
    name = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    options = {"init_command": "PRAGMA cache_size=-65536;PRAGMA temp_store=MEMORY;"}
    return with_config({"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options})


@contextmanager
def with_config(own: dict[str, Any], alias: str = ALIAS) -> Iterator[str]:
    """The same from Django's settings of a database; what they leave out is as for the one that serves."""
    config = {**connections.databases["default"], **own, "CONN_MAX_AGE": 0}
    # Django keeps the default's settings of tests in the same dictionary; they do not concern a second database.
    config["TEST"] = {"CHARSET": None, "COLLATION": None, "MIGRATE": True, "MIRROR": None, "NAME": None}
    connections.databases[alias] = config
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path.resolve()}"


def rows_of(alias: str = "default") -> dict[str, int]:
    """Rows of every table."""
    connection = connections[alias]
    out = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            out[table] = int(cursor.fetchone()[0])
    return out


def migrations_of(alias: str = "default") -> list[str]:
    """Applied migrations as `app.name`, oldest first."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def known_migrations() -> set[str]:
    """All migrations of this version as `app.name`, those replaced by a later one included."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}
