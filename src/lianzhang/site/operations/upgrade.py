"""The database to the shape of this version: a plan that can be read, then one command.

Refused while web or worker run and while there is no fresh backup. What fails in the middle of a step is rolled back by
the database; the same command goes on from there.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import AddField, AlterField, RunPython, RunSQL

from lianzhang.kernel import readonly
from lianzhang.site.operations import aside, health, state

ROWS_A_SECOND = 50_000
"""At which a table is written anew on a small server; what is measured stands in docs/quality.md."""


class Refused(Exception):
    """The upgrade was not begun; nothing changed."""


@dataclass(frozen=True)
class Step:
    """One migration: `app.name`, its SQL (comments where it runs Python), a guess of the seconds it takes."""

    migration: str
    sql: list[str]
    seconds: float


def plan() -> list[Step]:
    """The steps that wait, in their order."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    rows = aside.rows_of() if waiting else {}
    return [Step(f"{m.app_label}.{m.name}", _sql(m), _guess(m, rows)) for m, _back in waiting]


def _sql(migration: Any) -> list[str]:
    out = StringIO()
    try:
        call_command("sqlmigrate", migration.app_label, migration.name, stdout=out, no_color=True)
    except Exception as error:  # SQL that needs the rows of a step before it
        return [f"-- cannot be shown before the steps before it are done: {type(error).__name__}"]
    return [line for line in out.getvalue().splitlines() if line.strip()]


def _guess(migration: Any, rows: dict[str, int]) -> float:
    """Rows of the tables that a step writes anew, at a usual speed."""
    touched = 0
    for operation in migration.operations:
        if isinstance(operation, AddField | AlterField):
            touched += rows.get(f"{migration.app_label}_{operation.model_name.lower()}", 0)
        elif isinstance(operation, RunPython | RunSQL):
            touched += sum(n for t, n in rows.items() if t.startswith(f"{migration.app_label}_"))
    return 0.1 + touched / ROWS_A_SECOND


def upgrade(although_old: bool = False) -> dict[str, Any]:
    """Do the steps; returns how many and how long they took."""
    from lianzhang.site.operations import running

    started = time.monotonic()
    with running.alone():
        unknown = sorted(set(aside.migrations_of()) - aside.known_migrations())
        if unknown:
            raise Refused(f"the database is of a newer version ({', '.join(unknown[:3])}): install that one")
        steps = plan()
        age = state.age("backup")
        if steps and not although_old and (age is None or age > health.BACKUP_OLD):
            said = "there is none" if age is None else f"the newest is {age / 3600:.0f} h old"
            raise Refused(
                f"back up first (lianzhang backup): {said}. With --old-backup it goes on nevertheless."
            )
        with readonly.lifted():
            call_command("migrate", verbosity=0, interactive=False)
        integrity = [] if connection.vendor != "sqlite" else _quick_check()
    if integrity:
        raise Refused("after the upgrade the database finds faults: " + "; ".join(integrity[:5]))
    return state.keep("upgrade", steps=len(steps), seconds=round(time.monotonic() - started, 2))


def _quick_check() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(5)")
        return [row[0] for row in cursor.fetchall() if row[0] != "ok"]
