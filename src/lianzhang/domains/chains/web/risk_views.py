"""Systemic risk: the first ranks, the plateau, how it was computed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lianzhang.domains.chains import services
from lianzhang.domains.chains.models import RiskRun
from lianzhang.domains.chains.selectors import risk as selectors
from lianzhang.domains.chains.selectors.reach import links_period
from lianzhang.domains.chains.web import figures, sources
from lianzhang.domains.chains.web.risk_list import listing
from lianzhang.kernel import exports, tables
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs

CHARTED = 100


@needs("risk.view")
def risk(request: HttpRequest) -> HttpResponse:
    """The newest finished computation, and the state of one that is going on."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    run = selectors.latest_run(actor)
    context: dict[str, Any] = {
        "run": run,
        "waiting": selectors.open_run(actor),
        "may_run": actor.can("risk.run"),
        "has_links": bool(links_period()),
    }
    if run is None:
        return render(request, "chains/risk.html", context)
    query = selectors.scores(actor, run)
    first = list(query[:CHARTED])
    synthetic = bool(first and first[0].enterprise.synthetic)
    declared = listing(actor)
    if request.GET.get("format") in ("csv", "xlsx"):
        if not actor.can("enterprise.export"):
            raise Http404
        header, lines = tables.export_rows(declared, request.GET, query)
        return exports.answer(request, "systemic_risk", header, lines, synthetic=synthetic)
    context |= {
        "table": tables.build(declared, request, query),
        "chart": figures.plateau_chart(first, run.summary["plateau"], synthetic),
        "card": sources.index(run, synthetic),
        "synthetic": synthetic,
    }
    return render(request, "chains/risk.html", context)


@needs("risk.run")
@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Ask the worker for a new computation."""
    try:
        services.start_risk(actor=request.actor)  # type: ignore[attr-defined]
    except services.Refused as error:
        messages.error(request, str(error))
    return redirect("chains:risk")


@needs("risk.view")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress of one computation; moves on to the result when it is there."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    run = RiskRun.objects.visible_to(actor).select_related("job").filter(pk=pk).first()
    if run is None or run.job is None:
        raise Http404
    response = render(request, "chains/_progress.html", {"job": run.job, "url": request.path})
    if not run.job.is_open:
        response.headers["HX-Redirect"] = reverse("chains:risk")
    return response
