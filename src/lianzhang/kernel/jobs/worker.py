"""The worker process: takes jobs from the queue one by one, and rescues those whose worker died."""

from __future__ import annotations

import logging
import signal
import time
from typing import Any

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection

from lianzhang.kernel.jobs import runner, schedule

logger = logging.getLogger(__name__)


def _keep_house(regular: schedule.Watch) -> None:
    """Regular work that is due; a database that does not answer just now must not end the worker."""
    try:
        regular.look()
    except OperationalError:
        logger.exception("the schedule could not be read; it is tried again")


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
    regular = schedule.Watch()
    while not stopping:
        if not connection.in_atomic_block:  # a caller's transaction keeps its connection
            close_old_connections()
        if time.monotonic() - looked > settings.JOB_STALE_SECONDS / 2:
            runner.rescue()
            looked = time.monotonic()
        if not once:
            _keep_house(regular)
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
