"""The worker process: takes jobs from the queue one by one, and rescues those whose worker died."""

from __future__ import annotations

import logging
import signal
import time
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from lianzhang.kernel import disk, readonly
from lianzhang.kernel.jobs import progress, runner, schedule
from lianzhang.kernel.models import Job

logger = logging.getLogger(__name__)


def _keep_house(regular: schedule.Watch) -> None:
    """Regular work that is due; a database that does not answer just now must not end the worker."""
    try:
        regular.look()
    except OperationalError:
        logger.exception("the schedule could not be read; it is tried again")


def run(once: bool = False) -> int:
    """Work until told to stop (SIGINT, SIGTERM), or until nothing waits with `once`. Returns the number of jobs done.

    In read-only mode it waits; a database that goes away and comes back is waited for.
    """
    stopping = False

    def stop(*_: Any) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    done, turn = 0, Turn(once)
    while not stopping:
        progress.worker_beat()
        disk.watch()
        if not connection.in_atomic_block:  # a caller's transaction keeps its connection
            close_old_connections()
        try:
            found = readonly.mode() is None and turn.take()
        except (OperationalError, InterfaceError, readonly.ReadOnly) as error:
            logger.error("the worker waits: %s", str(error).partition("\n")[0])
            found = False
        done += found
        if not found:
            if once:
                break
            time.sleep(0.3)
    return done


class Turn:
    """One look after another at what there is to do."""

    def __init__(self, once: bool) -> None:
        self._once, self._looked, self._regular = once, 0.0, schedule.Watch()

    def take(self) -> bool:
        """Do one job; whether there was one."""
        if time.monotonic() - self._looked > settings.JOB_STALE_SECONDS / 2:
            runner.rescue()
            self._looked = time.monotonic()
        if not self._once:
            _keep_house(self._regular)
        queue = Job.objects.filter(state=Job.State.WAITING).order_by("id")
        waiting = queue.values_list("pk", flat=True).first()
        if waiting is not None:
            runner.run_job(waiting)
        return waiting is not None
