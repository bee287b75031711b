"""From the answer to a what-if question to a situation: who is hit, who goes there, and what it will set going."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianzhang.casework.services import Invalid, Missing, NotPossible
from lianzhang.city.models import Organisation
from lianzhang.domains.chains.models import Chain, Scenario, ScenarioRun
from lianzhang.domains.chains.situations import hits, services
from lianzhang.domains.chains.situations.assign import Front, Liaisons, rear_offices
from lianzhang.domains.chains.situations.web.forms import DAYS, OpenForm, top_of
from lianzhang.kernel.keys import number, numbers
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs


@dataclass(frozen=True)
class Line:
    """One enterprise of the preview."""

    hit: hits.Hit
    front: Front
    rear: Organisation | None
    chosen: bool


@needs("situation.open")
def open_situation(request: HttpRequest) -> HttpResponse:
    """The form for `?scenario=`, with its consequence in numbers; a POST that carries the form's key opens the situation."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    scenario = _scenario(request)
    run = hits.latest_run(actor, scenario)
    sent = request.method == "POST" and "key" in request.POST
    form = OpenForm(
        actor, request.POST if sent else None, initial=None if sent else _initial(actor, scenario, run)
    )
    if sent and form.is_valid():
        try:
            situation = services.open_situation(
                actor=actor,
                scenario=scenario,
                about=form.about(),
                firms=_ids(request),
                key=form.cleaned_data["key"],
            )
        except Missing as error:
            raise Http404 from error
        except Invalid as error:
            for name, text in error.problems.items():
                form.add_error(name if name in form.fields else None, text)
        except NotPossible as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The situation is open; the liaisons have their matters."))
            return redirect(situation)
    return render(
        request,
        "chains/situation_open.html",
        _context(request, scenario, run, form, sent),
        status=422 if sent else 200,
    )


def _scenario(request: HttpRequest) -> Scenario:
    text = request.POST.get("scenario") or request.GET.get("scenario")
    found = Scenario.objects.visible_to(request.actor).filter(pk=number(text)).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _ids(request: HttpRequest) -> list[int]:
    return numbers(request.POST.getlist("firm"))


def _initial(actor: Actor, scenario: Scenario, run: ScenarioRun | None) -> dict[str, Any]:
    """The chain that loses most; a title that names nobody."""
    code = run.by_chain[0]["code"] if run and run.by_chain else None
    chain = (
        Chain.objects.visible_to(actor).filter(code=code).first() or Chain.objects.visible_to(actor).first()
    )
    title = _("%(chain)s: supply disturbed") % {"chain": chain.label} if chain else ""
    return {
        "key": uuid4().hex, "title": title, "chain": chain.code if chain else "", "days": DAYS,
        "cause": "input_shortage", "level": "general",
    }  # fmt: skip


def _context(
    request: HttpRequest, scenario: Scenario, run: ScenarioRun | None, form: OpenForm, sent: bool
) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    top = top_of(request.POST.get("top") or request.GET.get("top"))
    found = hits.of_run(actor, run, top) if run else []
    chosen = set(_ids(request)) if sent else {h.enterprise.pk for h in found}
    lines = _lines(actor, found, chosen, form)
    picked = [line for line in lines if line.chosen]
    return {
        "scenario": scenario, "run": run, "form": form, "top": top, "most": hits.MOST, "lines": lines,
        "consequence": _consequence(picked), "per_day": sum(line.hit.per_day or 0 for line in picked),
        "low": sum(line.hit.low or 0 for line in picked), "high": sum(line.hit.high or 0 for line in picked),
    }  # fmt: skip


def _lines(actor: Actor, found: list[hits.Hit], chosen: set[int], form: OpenForm) -> list[Line]:
    chain = Chain.objects.visible_to(actor).filter(code=form["chain"].value() or "").first()
    if chain is None:
        return []
    rear, liaisons = rear_offices([h.enterprise for h in found], chain), Liaisons()
    return [
        Line(h, liaisons.choose(h.enterprise) if h.enterprise.pk in chosen else Front(), rear.get(h.enterprise.pk), h.enterprise.pk in chosen)
        for h in found
    ]  # fmt: skip


def _consequence(picked: list[Line]) -> str:
    """E.g. "Opens matters for 24 enterprises in 6 districts, with 5 liaisons and 3 offices"."""
    districts = {line.hit.enterprise.district_id for line in picked} - {None}
    people = {line.front.lead for line in picked} - {""}
    offices = {line.rear.pk for line in picked if line.rear}
    text = ngettext(
        "Opens a matter for %(n)s enterprise", "Opens matters for %(n)s enterprises", len(picked)
    ) % {"n": len(picked)}
    rest = _("in %(districts)s districts, with %(people)s liaisons in front and %(offices)s offices in the rear.") % {
        "districts": len(districts), "people": len(people), "offices": len(offices),
    }  # fmt: skip
    return _("%(first)s %(rest)s") % {"first": text, "rest": rest}
