"""The worker and what waits for it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.doctor import check
from lianzhang.kernel.jobs import progress, schedule
from lianzhang.kernel.models import Job
from lianzhang.kernel.scope import SYSTEM
from lianzhang.site.operations.health import WORKER_SILENT

QUEUE_HOURS = 1
STALE_SESSIONS = 1000


@check("work.worker", _("A worker is at work"), cure=_("Start: lianzhang worker"))
def worker() -> Iterable[str]:
    age = progress.worker_age()
    if age is None or age > WORKER_SILENT:
        never, silent = gettext("none was ever here"), gettext("silent for %(n)s seconds")
        yield never if age is None else silent % {"n": f"{age:.0f}"}


@check(
    "work.queue", _("No job waits longer than an hour"), severity="warning", cure=_("Start another worker.")
)
def queue() -> Iterable[str]:
    limit = timezone.now() - timedelta(hours=QUEUE_HOURS)
    for job in Job.objects.filter(state=Job.State.WAITING, created_at__lt=limit).order_by("created_at")[:20]:
        yield f"{job.pk} {job.title}"


@check("work.dead", _("No job was given up in the last week"), severity="warning",
       cure=_("Read why on the page of long work, mend it, and try again there."))  # fmt: skip
def dead() -> Iterable[str]:
    limit = timezone.now() - timedelta(days=7)
    for job in Job.objects.filter(state=Job.State.FAILED, finished_at__gte=limit, error__contains="\n")[:20]:
        yield f"{job.pk} {job.title}: {job.reason[:120]}"


@check(
    "work.hanging",
    _("Every running job gives signs of life"),
    cure=_("Start the worker: it takes the job up again."),
)
def hanging() -> Iterable[str]:
    for job in Job.objects.filter(state=Job.State.RUNNING):
        began = job.started_at.timestamp() if job.started_at else 0.0
        if time.time() - max(progress.last_beat(job.pk), began) > 300:
            yield f"{job.pk} {job.title}"


@check("work.regular", _("Regular work is done and succeeds"), severity="warning",
       cure=_("Look at it on the page of long work; start the worker."))  # fmt: skip
def regular() -> Iterable[str]:
    for state in schedule.states(SYSTEM):
        if state.light in ("red", "amber"):
            why = state.last.reason if state.last and state.light == "red" else gettext("overdue")
            yield f"{state.work.title}: {why}"


@check(
    "work.sessions",
    _("Sessions that ended are removed"),
    severity="warning",
    cure=_("Run: lianzhang retention"),
)
def sessions() -> Iterable[str]:
    stale = Session.objects.filter(expire_date__lt=timezone.now() - timedelta(days=2)).count()
    if stale > STALE_SESSIONS:
        yield gettext("%(n)s of them ended two days ago or earlier") % {"n": stale}
