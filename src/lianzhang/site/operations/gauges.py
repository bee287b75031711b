"""What stands now, for /metrics: queue, deliveries, sizes, ages. A database that does not answer leaves its part out."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import Error, connection
from django.db.models import Count, Max, Min

from lianzhang.kernel import disk, readonly
from lianzhang.kernel.jobs import progress
from lianzhang.kernel.metrics import Counts, key
from lianzhang.kernel.models import Event, Import, Job
from lianzhang.site.operations import health, state

Gauges = dict[str, tuple[str, Counts]]


def gauges() -> Gauges:
    """name → (help, series → value)."""
    out: Gauges = {
        "lianzhang_read_only": ("1 in read-only mode.", {"lianzhang_read_only": float(readonly.mode() is not None)}),
        "lianzhang_disk_free_bytes": ("Free on the disk of the data directory.",
                                      {"lianzhang_disk_free_bytes": float(disk.free())}),
    }  # fmt: skip
    for name, age, about in (
        ("lianzhang_worker_age_seconds", progress.worker_age(), "Since a worker's last sign of life."),
        ("lianzhang_backup_age_seconds", state.age("backup"), "Since the newest backup."),
        ("lianzhang_drill_age_seconds", state.age("drill"), "Since the last rehearsal of a restore."),
    ):
        if age is not None:
            out[name] = (about, {name: age})
    up = health.look()["parts"]["database"]["status"] == "ok"
    out["lianzhang_database_up"] = ("1 if the database answers.", {"lianzhang_database_up": float(up)})
    for function in DATABASE if up else ():
        try:
            out |= function()
        except Error:
            out["lianzhang_database_up"] = ("1 if the database answers.", {"lianzhang_database_up": 0.0})
            break
    return out


def _jobs() -> Gauges:
    counts = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    series = {key("lianzhang_jobs", state=s): float(counts.get(s, 0)) for s in Job.State.values}
    oldest = Job.objects.filter(state=Job.State.WAITING).aggregate(at=Min("created_at"))["at"]
    age = 0.0 if oldest is None else max(time.time() - oldest.timestamp(), 0.0)
    return {
        "lianzhang_jobs": ("Jobs by state.", series),
        "lianzhang_queue_age_seconds": (
            "How long the oldest waiting job waits.",
            {"lianzhang_queue_age_seconds": age},
        ),
    }


def _deliveries() -> Gauges:
    counts = dict(Import.objects.order_by().values_list("state").annotate(Count("pk")))
    series = {key("lianzhang_imports", state=s): float(counts.get(s, 0)) for s in Import.State.values}
    return {"lianzhang_imports": ("Deliveries by state.", series)}


def _sizes() -> Gauges:
    last = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    return {
        "lianzhang_events": ("Number of the newest event.", {"lianzhang_events": float(last)}),
        "lianzhang_database_bytes": (
            "Size of the database.",
            {"lianzhang_database_bytes": float(database_bytes())},
        ),
    }


def database_bytes() -> int:
    """Size of the database in bytes."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


DATABASE: tuple[Callable[[], Gauges], ...] = (_jobs, _deliveries, _sizes)
