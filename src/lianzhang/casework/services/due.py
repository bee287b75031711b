"""What time does to matters: due times after a change of calendar, reminders, and moves the program makes itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lianzhang.casework.errors import Missing, Refused
from lianzhang.casework.history import engine_events, stand
from lianzhang.casework.models import Matter, Reminder
from lianzhang.casework.services.base import Work
from lianzhang.casework.services.moving import make_move
from lianzhang.engines.casework import automatic_moves, rungs_between
from lianzhang.kernel import time
from lianzhang.kernel.scope import SYSTEM

BATCH = 200


def refresh_due(matter_ids: Iterable[int] | None = None) -> int:
    """Rebuild the time index of the given matters (None: of all open ones). Returns how many changed."""
    wanted = (
        Matter.objects.still_open() if matter_ids is None else Matter.objects.filter(pk__in=list(matter_ids))
    )
    changed, ids = 0, list(wanted.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            for matter_id in ids[start : start + BATCH]:
                changed += _refresh(matter_id)
    return changed


def _refresh(matter_id: int) -> bool:
    work = Work(SYSTEM, matter_id)
    before = (work.matter.due_at, work.matter.breached, work.matter.next_step_at)
    work.keep()
    return before != (work.matter.due_at, work.matter.breached, work.matter.next_step_at)


@dataclass
class Scan:
    """What a scan did."""

    matters: int = 0
    reminders: int = 0
    moves: int = 0


def scan_due(now: datetime | None = None, limit: int = 5_000) -> Scan:
    """Take every step that fell due: remind roles, make automatic moves. Each step is taken once however often one looks."""
    moment = now or time.now()
    due = (
        Matter.objects.filter(next_step_at__lte=moment).order_by("next_step_at").values_list("pk", flat=True)
    )
    scan = Scan()
    for matter_id in list(due[:limit]):
        try:
            with transaction.atomic():
                scan.reminders += _remind(matter_id)
            scan.moves += _move(matter_id)
        except Missing:
            continue
        scan.matters += 1
    return scan


def _remind(matter_id: int) -> int:
    work = Work(SYSTEM, matter_id)
    events = engine_events(work.process, work.rows, matter_id)
    at = stand(work.matter, work.rows, work.at())
    taken = 0
    for rung in rungs_between(work.process, events, at.calendar, events[0].at, at.now):
        _matter, clock, org, step, generation = rung.key
        _row, new = Reminder.objects.get_or_create(
            matter=work.matter, clock=clock, org=org, step=step, generation=generation,
            defaults={"fell_due_at": rung.at, "taken_at": at.now, "roles": list(rung.notify), "mark": rung.mark or ""},
        )  # fmt: skip
        if new:
            given = {
                "clock": clock,
                "org": org,
                "step": step,
                "generation": generation,
                "roles": list(rung.notify),
            }
            work.tell_inside(
                "reminded", {"given": given, "mark": rung.mark, "fell_due_at": rung.at.isoformat()}
            )
            taken += 1
    work.keep()
    return taken


def _move(matter_id: int) -> int:
    matter = Matter.objects.get(pk=matter_id)
    for move, instant in automatic_moves(stand(matter)):
        if instant < time.now():
            try:
                make_move(actor=SYSTEM, matter_id=matter_id, move=move, version=None)
            except Refused:
                continue
            return 1
    return 0
