"""Long work as people see it: a list, one job's progress, cancel, retry."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lianzhang.kernel import tables
from lianzhang.kernel.jobs import runner, schedule
from lianzhang.kernel.models import Job
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Column, Filter, Listing
from lianzhang.kernel.web.access import needs

LISTING = Listing(
    code="jobs",
    columns=[
        Column("title", _("Work"), lambda j: j.title, sort="title"),
        Column("state", _("State"), lambda j: j.get_state_display(), sort="state"),
        Column("owner", _("Started by"), lambda j: str(j.owner or "—")),
        Column("created", _("Started"), lambda j: j.created_at, sort="created_at", kind="datetime"),
    ],
    filters=[Filter("state", _("State"), lambda: Job.State.choices, lambda q, v: q.filter(state=v))],
    search=["title"],
    default_sort="-created",
    url=lambda j: f"/jobs/{j.pk}/",
    empty_title=_("No work has been started yet"),
    empty_text=_("Imports, risk runs and reports will stand here with their progress."),
)


@needs("job.view")
def jobs(request: HttpRequest) -> HttpResponse:
    """All work this person may see."""
    query = Job.objects.visible_to(request.actor).select_related("owner")  # type: ignore[attr-defined]
    context = {"table": tables.build(LISTING, request, query), "regular": _regular(request.actor)}  # type: ignore[attr-defined]
    return render(request, "kernel/jobs.html", context)


def _regular(actor: Actor) -> list[dict[str, Any]]:
    """What the worker does by itself, as the page shows it; where in the program an error arose is not told."""
    return [
        {
            "title": state.work.title,
            "every": every_words(state.work.seconds),
            "light": state.light,
            "word": _word(state),
            "reason": state.last.reason if state.last else "",
            "last": state.last.taken_at if state.last else None,
            "result": state.last.result if state.last else "",
            "next": state.next_at,
        }
        for state in schedule.states(actor)
    ]


def _word(state: schedule.State) -> str:
    if state.last is None:
        return str(_("never run yet"))
    if state.late:
        return str(_("overdue: is a worker running?"))
    return str(state.last.get_outcome_display())


def every_words(seconds: float) -> str:
    """An interval in words: every 5 minutes."""
    if seconds >= 86_400 and seconds % 86_400 == 0:
        n = int(seconds // 86_400)
        return ngettext("every day", "every %(n)s days", n) % {"n": n}
    if seconds >= 3600 and seconds % 3600 == 0:
        n = int(seconds // 3600)
        return ngettext("every hour", "every %(n)s hours", n) % {"n": n}
    if seconds >= 60 and seconds % 60 == 0:
        n = int(seconds // 60)
        return ngettext("every minute", "every %(n)s minutes", n) % {"n": n}
    n = max(round(seconds), 1)
    return ngettext("every second", "every %(n)s seconds", n) % {"n": n}


def _job(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.actor), pk=pk)  # type: ignore[attr-defined]


def may_steer(actor: Actor, job: Job) -> bool:
    """Whether the actor may stop or repeat the work: who asked for it, and who keeps the installation. To look is less."""
    return job.owner_id == actor.user_id or actor.can("job.run")


def _steered(request: HttpRequest, pk: int) -> Job:
    job = _job(request, pk)
    if not may_steer(request.actor, job):  # type: ignore[attr-defined]
        raise Http404
    return job


def _context(request: HttpRequest, job: Job) -> dict[str, Any]:
    """What the pages show; where in the program an error arose is for those who keep the installation."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whole = actor.can("job.run")
    return {
        "job": job,
        "may_steer": may_steer(actor, job),
        "error": job.error if whole else job.reason,
    }


@needs("job.view")
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of work: how far it is, what came out, what went wrong."""
    return render(request, "kernel/job.html", _context(request, _job(request, pk)))


@needs("job.view")
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress block, asked for again until the work is done; then the page moves on to its result."""
    job = _job(request, pk)
    response = render(request, "kernel/_job_progress.html", _context(request, job))
    if not job.is_open:
        response.headers["HX-Redirect"] = (
            job.result_url if job.state == Job.State.DONE and job.result_url else f"/jobs/{job.pk}/"
        )
    return response


@needs("job.view")
@require_POST
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the work at its next step; nothing half done remains."""
    job = _steered(request, pk)
    runner.cancel(job)
    return redirect("kernel:job", pk)


@needs("job.view")
@require_POST
def job_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the work again."""
    job = _steered(request, pk)
    runner.retry(job)
    return redirect("kernel:job", pk)
