"""Deliveries that nobody applied within their time, and what lies beside deliveries that are gone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lianzhang.kernel import events
from lianzhang.kernel.imports import store
from lianzhang.kernel.models import Import, Job
from lianzhang.kernel.scope import SYSTEM
from lianzhang.kernel.time import now
from lianzhang.site.operations import stored

State = Import.State
NEVER = (State.UPLOADED, State.READ, State.FAILED)


def remove(before: datetime, really: bool) -> int:
    """Deliveries that came before this and were never applied: row, problems, plan and refused rows, and the file, unless
    another row names it. The log keeps that they came, and that they went. Nothing of them stands in a register.

    They are dated by the program's clock, which in a demonstration is not that of the machine; one at work stays.
    """
    since = before + (now() - timezone.now())
    at_work = Job.objects.filter(state__in=(Job.State.WAITING, Job.State.RUNNING))
    rows = Import.objects.filter(state__in=NEVER, uploaded_at__lt=since).exclude(job__in=at_work)
    if not really:
        return rows.count()
    count, gone = 0, set()
    for row in list(rows.order_by("pk")):
        with transaction.atomic():
            gone.add(row.sha256)
            beside = _beside(row.pk)
            events.record(SYSTEM, f"import:{row.pk}", "expired", {"state": row.state})
            row.delete()
        for path in beside:
            path.unlink(missing_ok=True)
        count += 1
    for sha256 in gone and gone - set(stored.named()):
        store.path_of(sha256).unlink(missing_ok=True)
    return count


def left_beside(before: datetime) -> list[Path]:
    """Plans and files of refused rows whose delivery is gone."""
    there = set(Import.objects.values_list("pk", flat=True))
    old = (p for p in _beside() if p.stat().st_mtime < before.timestamp())
    return [p for p in old if _delivery_of(p) not in there]


def _beside(delivery: int | str = "*") -> list[Path]:
    """What lies beside a delivery, or beside all."""
    place = Path(settings.HOME) / "imports"
    return [*place.glob(f"{delivery}.plan.sqlite3"), *place.glob(f"{delivery}.rejected.*")]


def _delivery_of(path: Path) -> int | None:
    number = path.name.partition(".")[0]
    return int(number) if number.isdecimal() else None
