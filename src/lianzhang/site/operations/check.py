"""Whether an unpacked backup is whole: the database opens, holds what the manifest says, its chain agrees with itself."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from lianzhang.kernel import event_check
from lianzhang.site.operations import aside, kept_tables, pg, stored

MOST_TOLD = 20


def check(folder: Path, manifest: dict[str, Any], alias: str) -> list[str]:
    """Faults of the restored database and of the files it names; none: all is as it was."""
    wanted = manifest["database"]
    with ThreadPoolExecutor(1) as pool:  # the database's own check needs nothing of the interpreter
        own = pool.submit(_integrity_apart, alias, get_language())
        faults = _tables(wanted, kept_tables.digests(alias))
        faults += own.result()
    if set(wanted["migrations"]) >= aside.known_migrations():
        faults += _meaning(folder, wanted, alias)
    return faults


def _tables(wanted: dict[str, Any], now: kept_tables.Digests) -> list[str]:
    """Tables with other rows than the backup counted, or as many of another content."""
    faults = []
    for table in sorted(wanted["tables"].keys() | now.keys()):
        before = wanted["tables"].get(table), wanted["content"].get(table)
        after = now.get(table, (None, None))
        if before[0] != after[0]:
            faults.append(
                _("%(table)s: %(after)s rows, the backup counted %(before)s")
                % {"table": table, "after": after[0], "before": before[0]}
            )
        elif before != after:
            faults.append(_("%(table)s: another content") % {"table": table})
    return faults


def _meaning(folder: Path, wanted: dict[str, Any], alias: str) -> list[str]:
    """The same seen by this version's models: chain, root, files named. A database of an older
    version has another shape: it is brought up to date after it was restored, and verified then."""
    root = event_check.root(using=alias)
    faults = []
    if root != wanted["root"]:
        faults = [_("the events' root is %(now)s, it was %(was)s") % {"now": root, "was": wanted["root"]}]
    faults += [told(f) for f in islice(event_check.verify(alias), MOST_TOLD)]
    faults += [
        _("%(file)s: named by the database, not among the files") % {"file": n}
        for n in stored.missing(alias, folder / "home")
    ]
    return faults


def told(fault: event_check.Fault) -> str:
    """A fault of the log of events, as a line among others."""
    return _("event %(which)s: %(what)s") % {"which": f"{fault.subject}#{fault.seq}", "what": fault.what}


def integrity(alias: str) -> list[str]:
    """What the database's own checks find (PostgreSQL checks its pages itself)."""
    return unsound(alias) + orphans(alias)


def unsound(alias: str) -> list[str]:
    """What SQLite finds wrong in its own file, in its words."""
    if connections[alias].vendor != "sqlite":
        return []
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(20)")
        found = [row[0] for row in cursor.fetchall()]
    return [_("the database's own check: %(found)s") % {"found": line} for line in found if line != "ok"]


def orphans(alias: str) -> list[str]:
    """Rows that point at one that is not there."""
    if connections[alias].vendor != "sqlite":
        return []
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA foreign_key_check")
        found = cursor.fetchmany(MOST_TOLD)
    return [
        _("%(table)s: row %(row)s points at a row of %(parent)s that is not there")
        % {"table": table, "row": row, "parent": parent}
        for table, row, parent, _key in found
    ]


def _integrity_apart(alias: str, language: str | None) -> list[str]:
    """The same in a thread of its own, with its own connection, in the words of the one that asks."""
    try:
        with override(language):
            return integrity(alias)
    finally:
        connections[alias].close()


@contextmanager
def loaded(folder: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """The unpacked backup's database opened under an alias; a PostgreSQL dump is read into a database of its own on
    the same server, which is dropped afterwards (the role needs the right to make one)."""
    if manifest["database"]["vendor"] == "sqlite":
        with aside.frozen(folder / "database" / "db.sqlite3") as alias:
            yield alias
        return
    with scratch_database() as name:
        read_dump(folder / "database" / "db.dump", name)
        with aside.with_config({"NAME": name}) as alias:
            yield alias


@contextmanager
def scratch_database() -> Iterator[str]:
    """A new, empty database on the server in use; dropped at the end."""
    if connection.vendor != "postgresql":
        raise RuntimeError("the backup holds a PostgreSQL database: set DATABASE_URL to a server of it")
    name = f"lianzhang_check_{secrets.token_hex(6)}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield name
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def read_dump(path: Path, database: str) -> None:
    """Read a dump into a database."""
    tool = pg.program("pg_restore", pg.server_version())
    pg.run(
        [tool, "--no-owner", "--no-acl", "--exit-on-error", "-j2", "-d", database, path], database=database
    )
