"""Run, repeat, cancel and rescue jobs.

A job is a function `fn(job: Handle, **arguments) -> dict | None` registered with `@job("app.name")`. It must do its
writes in one transaction: a worker killed in the middle leaves nothing half done and the job is taken up again.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import timezone

from lianzhang.kernel import logs, metrics
from lianzhang.kernel.jobs import progress
from lianzhang.kernel.models.job import Job

logger = logging.getLogger(__name__)
told = logging.getLogger("lianzhang.job")
Function = Callable[..., dict[str, Any] | None]
_functions: dict[str, Function] = {}


class Cancelled(Exception):
    """Raised inside a job when somebody asked it to stop."""


class Refused(Exception):
    """A mistake of the input: told to the person, not repeated."""


class Handle:
    """What a job's function is given to tell its progress."""

    def __init__(self, job_id: int | None, echo: bool = False) -> None:
        self.job_id, self.echo, self._last = job_id, echo, 0.0

    def step(self, share: float, text: str = "") -> None:
        """Tell progress (0..1); raises Cancelled when the job was asked to stop."""
        if self.job_id is not None and progress.cancel_asked(self.job_id):
            raise Cancelled
        if time.monotonic() - self._last < 0.2 and share < 1:
            return
        self._last = time.monotonic()
        if self.job_id is not None:
            progress.write(self.job_id, share, text)
        if self.echo:
            sys.stderr.write(f"\r{share:6.1%} {text[:60]:<60}")
            sys.stderr.flush()


def job(name: str) -> Callable[[Function], Function]:
    """Register a function as a job under a stable name."""

    def register(fn: Function) -> Function:
        _functions[name] = fn
        return fn

    return register


def start(name: str, title: str, owner: Any, result_url: str = "", **arguments: Any) -> Job:
    """Put a job into the queue: the row itself, seen by the worker once the surrounding transaction commits."""
    if name not in _functions:
        raise KeyError(f"no job is called {name}")
    return Job.objects.create(
        function=name, title=title[:200], owner=owner, arguments=arguments, result_url=result_url,
        request_id=logs.now_bound("request_id") or "",
    )  # fmt: skip


def run_job(job_id: int) -> None:
    """Take the job if nobody has it, run it, keep what came out."""
    taken = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, started_at=timezone.now()
    )
    if not taken:
        return
    row = Job.objects.get(pk=job_id)
    row.attempts += 1
    row.save(update_fields=["attempts"])
    bound = {"job": job_id} | ({"request_id": row.request_id} if row.request_id else {})
    with logs.bound(**bound):
        started = time.perf_counter()
        _run_taken(row)
        seconds = time.perf_counter() - started
        facts = {
            "function": row.function,
            "state": row.state,
            "ms": round(seconds * 1000, 1),
            "user": row.owner_id,
        }
        told.info("job", extra={"facts": facts})
        metrics.add("lianzhang_jobs_total", function=row.function, state=row.state)
        metrics.observe("lianzhang_job_seconds", seconds, function=row.function)


def _run_taken(row: Job) -> None:
    """Run the function of a job that is ours, keep what came out."""
    job_id = row.pk
    stop = threading.Event()
    threading.Thread(target=_keep_beating, args=(job_id, stop), daemon=True).start()
    try:
        handle = Handle(job_id)
        handle.step(0.0)
        _finish(row, Job.State.DONE, result=_functions[row.function](handle, **row.arguments) or {})
    except Cancelled:
        _finish(row, Job.State.CANCELLED)
    except Refused as error:
        _finish(row, Job.State.FAILED, error=str(error))
    except Exception as error:
        logger.exception("job %s failed", job_id)
        _again_or_dead(row, f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=3)}")
    finally:
        stop.set()


def _keep_beating(job_id: int, stop: threading.Event) -> None:
    while not stop.is_set():
        progress.beat(job_id)
        progress.worker_beat()
        stop.wait(2)


def _finish(row: Job, state: str, result: dict[str, Any] | None = None, error: str = "") -> None:
    row.state, row.result, row.error, row.finished_at = state, result, error, timezone.now()
    row.save(update_fields=["state", "result", "error", "finished_at"])
    progress.clear(row.pk)


def _again_or_dead(row: Job, error: str) -> None:
    """Try again up to `JOB_ATTEMPTS` times, then leave the job failed with its text for a person."""
    if row.attempts >= settings.JOB_ATTEMPTS:
        _finish(row, Job.State.FAILED, error=error)
        return
    row.state, row.error = Job.State.WAITING, error
    row.save(update_fields=["state", "error"])


def rescue() -> int:
    """Take up jobs whose worker died (no sign of life for `JOB_STALE_SECONDS`); returns how many."""
    limit = time.time() - settings.JOB_STALE_SECONDS
    rescued = 0
    for row in Job.objects.filter(state=Job.State.RUNNING):
        started = row.started_at.timestamp() if row.started_at else 0.0
        if max(progress.last_beat(row.pk), started) < limit:
            _again_or_dead(row, "the worker stopped in the middle")
            rescued += 1
    return rescued


def cancel(row: Job) -> None:
    """Stop a waiting job at once, a running one at its next step."""
    if Job.objects.filter(pk=row.pk, state=Job.State.WAITING).update(
        state=Job.State.CANCELLED, finished_at=timezone.now()
    ):
        return
    if Job.objects.filter(pk=row.pk, state=Job.State.RUNNING).exists():
        progress.ask_cancel(row.pk)


def retry(row: Job) -> None:
    """Queue a failed or cancelled job again."""
    progress.clear(row.pk)
    Job.objects.filter(pk=row.pk, state__in=[Job.State.FAILED, Job.State.CANCELLED]).update(
        state=Job.State.WAITING, attempts=0, error="", finished_at=None
    )
