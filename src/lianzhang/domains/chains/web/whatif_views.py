"""What if these stop: choose, ask, keep."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianzhang.city.models import Area
from lianzhang.domains.chains import services, stops
from lianzhang.domains.chains.models import Chain, Scenario, ScenarioRun
from lianzhang.domains.chains.selectors import risk as selectors
from lianzhang.domains.chains.selectors.reach import links_period
from lianzhang.domains.chains.web.forms import ScenarioForm
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs
from lianzhang.registry.models import Enterprise
from lianzhang.registry.names.search import matching, resembling

FOUND = 12
MOST = 200
"""So many entries a scenario may name."""


@needs("risk.view")
def whatif(request: HttpRequest) -> HttpResponse:
    """Choose what stops (kept in the address, so that it can be sent on), and the questions asked before."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    chosen, unknown = _chosen(request.GET.getlist("stop"), actor)
    for ref in unknown:
        messages.warning(
            request, _("'%(ref)s' was left out: it is unknown, or you may not see it.") % {"ref": ref}
        )
    return render(request, "chains/whatif.html", _context(request, actor, chosen, ScenarioForm()))


@needs("risk.run")
@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """Keep the question and compute the answer."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    chosen, unknown = _chosen(request.POST.getlist("stop"), actor)
    form = ScenarioForm(request.POST)
    if form.is_valid() and not unknown:
        try:
            run = services.open_scenario(
                actor=actor, title=form.cleaned_data["title"] or _title(chosen), stops=chosen,
                loss=form.cleaned_data["loss"] / 100,
            )  # fmt: skip
            return redirect(run.scenario)
        except services.Refused as error:
            form.add_error(None, str(error))
    for ref in unknown:
        form.add_error(None, _("'%(ref)s' is unknown, or you may not see it; choose again.") % {"ref": ref})
    return render(request, "chains/whatif.html", _context(request, actor, chosen, form), status=422)


@needs("risk.run")
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """The same question with the data of today."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    scenario = get_object_or_404(Scenario.objects.visible_to(actor), pk=pk)
    try:
        services.run_scenario(actor=actor, scenario=scenario)
    except services.Refused as error:
        messages.error(request, str(error))
    return redirect(scenario)


@needs("risk.view")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress of one answer."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    run = ScenarioRun.objects.visible_to(actor).select_related("job", "scenario").filter(pk=pk).first()
    if run is None or run.job is None:
        raise Http404
    response = render(request, "chains/_progress.html", {"job": run.job, "url": request.path})
    if not run.job.is_open:
        response.headers["HX-Redirect"] = run.scenario.get_absolute_url()
    return response


def _chosen(refs: list[str], actor: Actor) -> tuple[list[dict[str, Any]], list[str]]:
    """The stops behind the references, each once, and those that nothing stands behind."""
    chosen, unknown = [], []
    for ref in dict.fromkeys(refs[:MOST]):
        found = stops.find(ref, actor)
        if found is not None:
            chosen.append(found)
        elif ref:
            unknown.append(ref[:60])
    return chosen, unknown


def _title(chosen: list[dict[str, Any]]) -> str:
    names = ", ".join(stop["label"] for stop in chosen[:3])
    return (
        _("%(names)s stop") % {"names": names}
        if len(chosen) <= 3
        else _("%(names)s and others stop") % {"names": names}
    )


def _context(
    request: HttpRequest, actor: Actor, chosen: list[dict[str, Any]], form: ScenarioForm
) -> dict[str, Any]:
    refs = [f"{stop['kind']}:{stop['id']}" for stop in chosen]
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    base = reverse("chains:whatif")
    chips = [
        {"label": stop["label"], "remove_url": f"{base}?{urlencode([('stop', r) for r in refs if r != ref])}"}
        for stop, ref in zip(chosen, refs, strict=True)
    ]
    return {
        "chips": chips,
        "refs": refs,
        "q": text,
        "found": _found(text, actor, refs),
        "already": any(text in str(stop["label"]) for stop in chosen),
        "districts": Area.objects.visible_to(actor).filter(level=Area.Level.DISTRICT),
        "chains": Chain.objects.visible_to(actor),
        "form": form,
        "scenarios": selectors.scenarios(actor)[:30],
        "may_run": actor.can("risk.run"),
        "has_links": bool(links_period()),
    }


def _found(text: str, actor: Actor, refs: list[str]) -> list[Enterprise]:
    """Enterprises that hold the text in name or code, the largest first, else those alike; without those chosen."""
    if not text:
        return []
    query = (
        Enterprise.objects.registered().visible_to(actor).filter(matching(text)).select_related("district")
    )
    hits = list(query.order_by(F("revenue").desc(nulls_last=True), "-pk")[: FOUND + len(refs)])
    return [e for e in hits or resembling(text, actor, FOUND + len(refs)) if e.ref not in refs][:FOUND]
