"""What each source gave us, when, and what is late; a source's own page with its deliveries and the periods covered."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianzhang.kernel import tables
from lianzhang.kernel.imports import sources
from lianzhang.kernel.imports.forms import dataset_word
from lianzhang.kernel.imports.sources import Line
from lianzhang.kernel.imports.web.lists import LISTING
from lianzhang.kernel.models import Import
from lianzhang.kernel.panels import Panel
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import dates
from lianzhang.kernel.web.access import needs

COVERAGE = 16
"""Periods shown on a source's page."""
SHOWN = 6


def may_judge(actor: Actor) -> bool:
    """Whether the actor sees the deliveries of the whole city: from a part of them nobody could say what is late."""
    return "city" in actor.kinds("import.view")


@needs("import.view")
def overview(request: HttpRequest) -> HttpResponse:
    """Sources and data sets: last delivery, period, rows, what is not mended, when the next is due."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not may_judge(actor):
        raise Http404
    givers = [
        {
            "source": g.source,
            "lines": [shown(line, g.source.code) for line in g.lines],
            "count": max(len(g.lines), 1),
        }
        for g in sources.overview(actor)
    ]
    late = sum(line["standing"].state == "late" for g in givers for line in g["lines"])
    return render(
        request,
        "kernel/imports/sources.html",
        {"givers": givers, "late": late, "may_run": actor.can("import.run")},
    )


@needs("import.view")
def source(request: HttpRequest, code: str) -> HttpResponse:
    """One source: what was agreed, which periods came and which did not, all its deliveries."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = sources.overview(actor, code) if may_judge(actor) else []
    if not found:
        raise Http404
    query = (
        Import.objects.visible_to(actor)
        .filter(source=code)
        .select_related("owner")
        .defer("report", "mapping")
    )
    context = {
        "source": found[0].source,
        "lines": [shown(line, code) | {"coverage": coverage(line)} for line in found[0].lines],
        "table": tables.build(LISTING, request, query),
        "may_run": actor.can("import.run"),
    }
    return render(request, "kernel/imports/source.html", context)


def shown(line: Line, code: str) -> dict[str, Any]:
    """A data set of a source as the pages show it."""
    return {
        "line": line,
        "dataset": line.dataset,
        "title": dataset_word(line.dataset),
        "standing": line.standing,
        "light": line.standing.light,
        "word": word(line),
        "rule": rule(line),
        "last": line.last,
        "refused_url": f"{reverse('imports:refused')}?state=open&source={code}&dataset={line.dataset}",
        "list_url": f"{reverse('imports:deliveries')}?source={code}&dataset={line.dataset}",
    }


def word(line: Line) -> str:
    """The state in a word or two."""
    standing = line.standing
    if standing.state == "late":
        n = standing.late_by
        return ngettext("%(n)s working day late", "%(n)s working days late", n) % {"n": n}
    if standing.state == "gap":
        n = len(standing.missing)
        return ngettext("%(n)s period missing", "%(n)s periods missing", n) % {"n": n}
    words = {"fresh": _("in time"), "open": _("not due yet")}
    return words.get(standing.state, _("no cycle agreed"))


def rule(line: Line) -> list[str]:
    """How the light comes about, in sentences."""
    standing, agreed = line.standing, line.agreed
    if standing.state == "none":
        return [
            _(
                "Nothing was agreed in sources.yaml on how often this is delivered, so nobody can say that it is late."
            )
        ]
    cycles = {"monthly": _("monthly"), "quarterly": _("quarterly"), "yearly": _("yearly")}
    out = [
        _("Agreed: %(cycle)s, by the %(grace)sth working day after the end of the period.")
        % {"cycle": cycles[agreed["cycle"]], "grace": max(agreed["grace"], 1)}
    ]
    if line.covered:
        out.append(_("Last period that came: %(period)s.") % {"period": max(line.covered)})
    if standing.missing:
        out.append(
            _("Over their day and not here: %(periods)s.") % {"periods": "、".join(standing.missing[-12:])}
        )
    out.append(
        _("Next: %(period)s, due on %(day)s.")
        % {"period": standing.next_period, "day": dates.day(standing.next_due)}
    )
    return out


def coverage(line: Line) -> list[dict[str, Any]]:
    """The last periods, each with the delivery that covers it, or that it is missing or not due yet."""
    out = []
    for label in line.standing.periods[-COVERAGE:]:
        delivery = line.covered.get(label)
        missing = label in line.standing.missing
        out.append({
            "period": label, "delivery": delivery, "light": "green" if delivery else "red" if missing else "grey",
            "word": _("came") if delivery else _("missing") if missing else _("not due yet"),
        })  # fmt: skip
    return out


def late_panel(_subject: Any, actor: Actor) -> Panel | None:
    """For those who run deliveries: what is late, worst first."""
    if not may_judge(actor) or not actor.can("import.run"):
        return None
    found = sources.late(actor)
    rows = [{"source": s, **shown(line, s.code)} for s, line in found[:SHOWN]]
    context = {"rows": rows, "count": len(found), "url": reverse("imports:sources")}
    return (
        Panel("late_sources", _("Data that is late"), "kernel/imports/_late_sources.html", context, order=33)
        if rows
        else None
    )
