"""The worker process: takes jobs from the queue one by one, and rescues those whose worker died."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection

from lianzhang.kernel.jobs import runner

logger = logging.getLogger(__name__)


_periodic: list[tuple[float, Callable[[], object]]] = []


def every(seconds: float, function: Callable[[], object]) -> None:
    """Let the worker call a quick, repeatable piece of housekeeping (due dates, reminders) about every so often."""
    _periodic.append((seconds, function))


def _housekeeping(last: dict[int, float]) -> None:
    for number, (seconds, function) in enumerate(_periodic):
        if time.monotonic() - last.get(number, -seconds) < seconds:
            continue
        last[number] = time.monotonic()
        try:
            function()
        except Exception:
            logger.exception("housekeeping %s failed; it is tried again", function)


def run(once: bool = False) -> int:
    """Work until told to stop (SIGINT, SIGTERM), or until nothing waits with `once`. Returns the number of jobs done."""
    from lianzhang.kernel.models import Job

    stopping = False

    def stop(*_: Any) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    done, looked = 0, 0.0
    kept: dict[int, float] = {}
    while not stopping:
        if not connection.in_atomic_block:  # a caller's transaction keeps its connection
            close_old_connections()
        if time.monotonic() - looked > settings.JOB_STALE_SECONDS / 2:
            runner.rescue()
            looked = time.monotonic()
        if not once:
            _housekeeping(kept)
        waiting = (
            Job.objects.filter(state=Job.State.WAITING).order_by("id").values_list("pk", flat=True).first()
        )
        if waiting is None:
            if once:
                break
            time.sleep(0.3)
            continue
        runner.run_job(waiting)
        done += 1
    return done
