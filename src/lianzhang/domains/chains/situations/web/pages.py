"""The list of situations and the page of one in four parts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianzhang.casework.blocked import blocked
from lianzhang.casework.clocks import headline
from lianzhang.casework.history import stand
from lianzhang.casework.processes import title_of
from lianzhang.casework.projection import readings
from lianzhang.casework.sentence import sentence, state_title
from lianzhang.casework.services.moving import mover_of
from lianzhang.domains.chains.models import Situation
from lianzhang.domains.chains.situations import selectors
from lianzhang.domains.chains.situations.services.steps import still_open
from lianzhang.domains.chains.situations.web import drawn, history, tiles
from lianzhang.domains.chains.situations.web.columns import firm_listing, situation_listing
from lianzhang.domains.chains.situations.web.forms import AddForm, StepForm
from lianzhang.engines.casework import allowed_moves
from lianzhang.kernel import exports, tables, time
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs


@needs("situation.view")
def situations(request: HttpRequest) -> HttpResponse:
    """All situations this person may see."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    query, declared = selectors.situations(actor), situation_listing(actor)
    if request.GET.get("format") in ("csv", "xlsx"):
        header, rows = tables.export_rows(declared, request.GET, query)
        synthetic = selectors.synthetic(query)
        return exports.answer(request, "situations", header, rows, synthetic=synthetic)
    return render(request, "chains/situations.html", {"table": tables.build(declared, request, query)})


@needs("situation.view")
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """How it stands: numbers that lead to their rows, and the map."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = visible(request, pk)
    rows, made_up = list(selectors.firms(actor, found)), drawn_data(found)
    context = frame(request, found, "overview") | {
        "tiles": tiles.tiles(found, selectors.totals(found), made_up),
        "map": drawn.firms_map(found, rows, actor, synthetic=made_up),
    }
    return render(request, "chains/situation.html", context)


@needs("situation.view")
def firms(request: HttpRequest, pk: int) -> HttpResponse:
    """Enterprise by enterprise; the export is exactly what is seen."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = visible(request, pk)
    query, declared = selectors.firms(actor, found), firm_listing(actor, found)
    if request.GET.get("format") in ("csv", "xlsx"):
        header, rows = tables.export_rows(declared, request.GET, query)
        synthetic = drawn_data(found)
        return exports.answer(request, f"situation_{found.matter.number}", header, rows, synthetic=synthetic)
    context = frame(request, found, "firms") | {
        "table": tables.build(declared, request, query),
        "add_form": AddForm() if actor.can("situation.open") and found.matter.is_open else None,
    }
    return render(request, "chains/situation_firms.html", context)


@needs("situation.view")
def happened(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened, over the mother matter and all children this person may see."""
    found = visible(request, pk)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return render(
        request,
        "chains/situation_history.html",
        frame(request, found, "history") | {"entries": history.entries(actor, found)},
    )


def drawn_data(found: Situation) -> bool:
    """Whether the situation's enterprises come from data drawn for demonstration."""
    return selectors.synthetic(Situation.objects.filter(pk=found.pk))


def visible(request: HttpRequest, pk: int) -> Situation:
    """The situation, or 404 where this person sees none."""
    found = selectors.situation_for(request.actor, pk)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def frame(request: HttpRequest, found: Situation, tab: str) -> dict[str, Any]:
    """What every part of the page shows: state, sentence, tabs, and the steps this person may make."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    matter = found.matter
    clocks = readings(matter).clocks
    return {
        "situation": found,
        "state": state_title(matter),
        "sentence": sentence(matter, clocks, actor),
        "headline": headline(clocks),
        "tabs": _tabs(found, tab),
        "steps": steps(actor, found),
        "blocked": blocked(matter, stand(matter), mover_of(actor, matter)),
        "elsewhere": elsewhere(actor, found),
        "synthetic": drawn_data(found),
        "guard": still_open(found) if matter.state in ("responding", "closing") else "",
        "today": time.today(),
    }


#: Moves of the mother matter that this page offers by itself: what the form asks, and where it is sent.
STEPS = {
    "report": "chains:situation_file",
    "wind_down": "chains:situation_wind_down",
    "close": "chains:situation_close",
}


def steps(actor: Actor, found: Situation) -> list[dict[str, Any]]:
    """The moves open to this person, each with its short form; others stand on the mother matter's page."""
    at = stand(found.matter)
    labels = {
        "report": _("What was done today, what is needed"),
        "wind_down": _("Summary"),
        "close": _("Lessons"),
    }
    titles = {
        "report": _("File the report of the day"),
        "wind_down": _("Wind down"),
        "close": _("Close with lessons"),
    }
    open_to = {m.move for m in allowed_moves(at, mover_of(actor, found.matter))}
    return [
        {
            "code": code, "title": titles[code], "url": reverse(url, args=[found.pk]),
            "form": StepForm(label=labels[code], auto_id=f"{code}-%s", initial={"version": found.matter.version}),
        }
        for code, url in STEPS.items()
        if code in open_to
    ]  # fmt: skip


def elsewhere(actor: Actor, found: Situation) -> list[str]:
    """The other moves open to this person, by title: they stand on the mother matter's page."""
    at = stand(found.matter)
    names = [m.move for m in allowed_moves(at, mover_of(actor, found.matter)) if m.move not in STEPS]
    return [title_of(at.process.moves[name], name) for name in names]


def _tabs(found: Situation, current: str) -> list[dict[str, Any]]:
    parts = {
        "overview": (_("Overview"), found.get_absolute_url()),
        "firms": (_("Enterprises"), reverse("chains:situation_firms", args=[found.pk])),
        "reports": (_("Daily reports"), reverse("chains:situation_report_days", args=[found.pk])),
        "history": (_("What happened"), reverse("chains:situation_history", args=[found.pk])),
    }
    return [{"label": label, "url": url, "current": code == current} for code, (label, url) in parts.items()]
