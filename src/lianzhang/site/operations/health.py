"""How the installation is, in parts, for monitors: quick, without a signed-in person, and while it is read-only."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lianzhang.kernel import disk, readonly, time
from lianzhang.kernel.jobs import progress
from lianzhang.site.operations import state

logger = logging.getLogger(__name__)
WORKER_SILENT = 60.0
BACKUP_OLD = 36 * 3600.0
_migrated: set[tuple[int, str]] = set()


@dataclass(frozen=True)
class Part:
    """`ok`, `warning` (works, somebody should look) or `error` (not ready), with facts for people."""

    state: str
    facts: dict[str, Any]


def database() -> Part:
    """Whether it answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Part("ok", {"vendor": connection.vendor})


def migrations() -> Part:
    """Whether the database has the shape that this version wants; looked at until it has."""
    known = (id(connection.connection), str(connection.settings_dict["NAME"]))
    if known in _migrated:
        return Part("ok", {"waiting": 0})
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if not waiting:
        _migrated.add(known)
    return Part("error" if waiting else "ok", {"waiting": waiting})


def room() -> Part:
    """Room on the disk of the data directory."""
    free = disk.free()
    return Part("error" if free < settings.DISK_LEAST_BYTES else "ok", {"free_mb": free >> 20})


def worker() -> Part:
    """Whether a worker gave a sign of life within a minute."""
    age = progress.worker_age()
    if age is None:
        return Part("error", {"seconds_ago": None})
    return Part("ok" if age <= WORKER_SILENT else "error", {"seconds_ago": round(age, 1)})


def calendar() -> Part:
    """Whether the working calendar knows this year; without it due dates are provisional."""
    from lianzhang.city.models import CalendarDay

    year = time.today().year
    known = CalendarDay.objects.filter(date__year=year).exists()
    return Part("ok" if known else "warning", {"year": year, "known": known})


def backup() -> Part:
    """How old the newest backup is."""
    age = state.age("backup")
    hours = None if age is None else round(age / 3600, 1)
    return Part("ok" if age is not None and age <= BACKUP_OLD else "warning", {"hours_ago": hours})


PARTS: dict[str, Callable[[], Part]] = {
    "database": database, "migrations": migrations, "disk": room, "worker": worker, "calendar": calendar,
    "backup": backup,
}  # fmt: skip


def look() -> dict[str, Any]:
    """All parts, and the worst of them as the whole; `mode` says whether it is read-only."""
    parts = {name: _tried(name, function) for name, function in PARTS.items()}
    states = {part.state for part in parts.values()}
    whole = "error" if "error" in states else "warning" if "warning" in states else "ok"
    return {
        "status": whole, "mode": "read-only" if readonly.mode() else "ordinary",
        "parts": {name: {"status": part.state, **part.facts} for name, part in parts.items()},
    }  # fmt: skip


def _tried(name: str, function: Callable[[], Part]) -> Part:
    try:
        return function()
    except Exception as error:
        logger.warning("health: %s: %s", name, type(error).__name__)
        return Part("error", {"error": type(error).__name__})
