"""Regular work: functions the worker calls by itself every so often, each by one worker only.

    schedule.every("backups.take", 24 * 3600, take, _("Take a backup"))     # in AppConfig.ready

The last run stands in the database: it survives a restart, several workers share it, and the page of long work shows
it. A function must be safe to call again; one that takes more than a few seconds starts a job (`runner.start`), so
that other work does not wait for it. Times are wall time, not the city's clock.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from lianzhang.kernel.locks import only_one
from lianzhang.kernel.models.periodic import Periodic

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """One piece of regular work: what the function answers is kept as its result if it is a text or a number."""

    code: str
    seconds: float
    function: Callable[[], object]
    title: Any


_works: dict[str, Work] = {}


def every(code: str, seconds: float, function: Callable[[], object], title: Any) -> None:
    """Let the worker call `function` about every `seconds`; `title` is what people read. One code, one work."""
    if seconds <= 0:
        raise ValueError(f"{code}: the interval is {seconds} seconds, expected more than 0")
    _works[code] = Work(code, float(seconds), function, title)


def works() -> list[Work]:
    """All regular work, in order of registration."""
    return list(_works.values())


def run(code: str) -> bool:
    """Do a piece of regular work now; False where another worker is at it."""
    return _run(_works[code], due_only=False)


class Watch:
    """One worker's look at the schedule: the database is asked only about when something may be due."""

    def __init__(self) -> None:
        self._look_at: dict[str, float] = {}

    def look(self) -> int:
        """Do what is due and nobody else is doing; returns how much was done. A failing function stops nothing."""
        done = 0
        for work in works():
            if time.monotonic() < self._look_at.get(work.code, 0.0):
                continue
            wait = _seconds_left(work, timezone.now())
            if wait <= 0:
                done += _run(work, due_only=True)
                wait = work.seconds
            self._look_at[work.code] = time.monotonic() + wait
        return done


def _seconds_left(work: Work, now: datetime) -> float:
    """Until the work is due; a clock that was set back does not put it off."""
    taken = Periodic.objects.filter(code=work.code).values_list("taken_at", flat=True).first()
    return 0.0 if taken is None or taken > now else work.seconds - (now - taken).total_seconds()


def _run(work: Work, due_only: bool) -> bool:
    with only_one(f"schedule.{work.code}") as held:
        if not held or (due_only and _seconds_left(work, timezone.now()) > 0):
            return False  # another worker has just done it, or is at it
        row, _new = Periodic.objects.update_or_create(
            code=work.code,
            defaults={"taken_at": timezone.now(), "finished_at": None, "outcome": Periodic.Outcome.RUNNING},
        )
        try:
            answer = work.function()
            row.outcome, row.failures, row.error = Periodic.Outcome.DONE, 0, ""
            row.result = str(answer)[:300] if isinstance(answer, str | int) else ""
        except Exception as error:
            logger.exception("regular work %s failed; it is tried again", work.code)
            row.outcome, row.failures = Periodic.Outcome.FAILED, row.failures + 1
            row.error = f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=3)}"
        row.finished_at = timezone.now()
        row.save(update_fields=["finished_at", "outcome", "result", "error", "failures"])
    return True


@dataclass(frozen=True)
class State:
    """How a piece of regular work stands, for pages and checks: its last run, if it ever ran, and when the next is due."""

    work: Work
    last: Periodic | None
    next_at: datetime | None

    @property
    def late(self) -> bool:
        """Not run for three intervals (at least ten minutes): most likely no worker runs."""
        if self.last is None or self.next_at is None:
            return False
        return timezone.now() - self.last.taken_at > timedelta(seconds=max(3 * self.work.seconds, 600))

    @property
    def light(self) -> str:
        """green, amber (overdue), red (failed), grey (never ran, or runs)."""
        if self.last is None:
            return "grey"
        if self.last.outcome == Periodic.Outcome.FAILED:
            return "red"
        return "amber" if self.late else "green"


def states(actor: Any) -> list[State]:
    """All regular work this person may see with its last run."""
    if "city" not in actor.kinds("job.view"):
        return []
    rows = {row.code: row for row in Periodic.objects.visible_to(actor)}
    out = []
    for work in works():
        last = rows.get(work.code)
        out.append(State(work, last, last.taken_at + timedelta(seconds=work.seconds) if last else None))
    return out
