"""The table page: measure by district and division of industry in a year, as far as it may be shown; its file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianzhang.kernel import exports
from lianzhang.kernel.web.access import needs
from lianzhang.registry.models import Release
from lianzhang.registry.statistics import said, selectors, services, sources
from lianzhang.registry.statistics.catalogue import settings
from lianzhang.registry.statistics.selectors import Shown


@needs("statistics.view")
def statistics(request: HttpRequest) -> HttpResponse:
    """One table; `?format=csv|xlsx` its file with what is withheld and the rules."""
    actor = request.actor  # type: ignore[attr-defined]
    asked = _asked(request)
    years = selectors.years(actor, asked["measure"], asked["basis"])
    year = asked["year"] if asked["year"] in years else (years[0] if years else None)
    released = request.GET.get("released") == "1"
    shown = (
        selectors.table(actor, asked["measure"], year, asked["basis"], released=released) if year else None
    )
    grid = _grid(shown) if shown else None
    if grid and shown and request.GET.get("format") in ("csv", "xlsx"):
        return _file(request, {**asked, "year": year}, shown, grid)
    query = urlencode({"measure": asked["measure"], "basis": asked["basis"], "year": year or ""})
    inside = selectors.inside(actor, asked["basis"])
    context = {
        **asked, "year": year, "years": years, "shown": shown, "grid": grid, "query": query, "made": said.made(shown, asked["measure"], year, asked["basis"]) if shown and year else (),
        "rules": said.rules(shown.release.rules if shown and shown.release else None),
        "title": services.named(asked["measure"]), "kind": said.kind(asked["measure"]), "inside": inside, "released": released or not inside,
        "measures": [(code, services.named(code)) for code in settings()["measures"]],
        "bases": Release.Basis.choices, "may_release": actor.can("statistics.release") and year,
        "releases": selectors.releases(actor, asked["measure"], asked["basis"]),
    }  # fmt: skip
    return render(request, "registry/statistics.html", context)


@require_POST
@needs("statistics.release")
def release(request: HttpRequest) -> HttpResponse:
    """Ask for a release of the table that is looked at."""
    actor = request.actor  # type: ignore[attr-defined]
    year = request.POST.get("year", "")
    if not year.isdecimal() or len(year) != 4:
        raise Http404
    try:
        job = services.ask(
            actor=actor, measure=request.POST.get("measure", ""), year=int(year), basis=request.POST.get("basis", "")
        )  # fmt: skip
    except services.Refused as error:
        messages.error(request, str(error))
        return redirect("registry:statistics")
    return redirect("kernel:job", job.pk)


def _asked(request: HttpRequest) -> dict[str, Any]:
    measures = settings()["measures"]
    measure, basis, year = (request.GET.get(n, "") for n in ("measure", "basis", "year"))
    return {
        "measure": measure if measure in measures else (measures[0] if measures else ""),
        "basis": basis if basis in Release.Basis.values else Release.Basis.ADMINISTRATIVE.value,
        "year": int(year) if year.isdecimal() and len(year) == 4 else None,
    }


def _grid(shown: Shown) -> dict[str, Any]:
    """Rows are divisions, columns districts, totals first."""
    keys = set(shown.cells) | set(shown.withheld)
    districts, divisions = (["", *sorted({k[i] for k in keys} - {""})] for i in (0, 1))
    names = {**selectors.labels({*districts, *divisions}), "": _("total"), sources.NONE: _("not known")}
    rows = [
        {
            "label": names.get(i, i),
            "cells": [
                {"value": shown.cells.get((d, i)), "withheld": (d, i) in shown.withheld, "why": shown.withheld.get((d, i), "")}
                for d in districts
            ],
        }
        for i in divisions
    ]  # fmt: skip
    return {"districts": [names.get(d, d) for d in districts], "rows": rows}


def _file(request: HttpRequest, asked: dict[str, Any], shown: Shown, grid: dict[str, Any]) -> HttpResponse:
    """The table as a file: a withheld cell is a word, never empty or 0; the notes tell how it was made."""
    word = _("withheld")
    header = [_("Division of industry"), *grid["districts"]]
    rows = [[r["label"], *(word if c["withheld"] else c["value"] for c in r["cells"])] for r in grid["rows"]]
    notes = [f"{what}: {how}" for what, how in said.made(shown, **asked)]
    if shown.release:
        rules = said.rules(shown.release.rules)
        notes.append(_("Withheld: %(rules)s.") % {"rules": rules})
    else:
        notes.append(_("Exact figures of the day, with those of single enterprises: not to be passed on."))
    stem = f"statistics_{asked['measure']}" + ("" if shown.release else "_" + _("exact"))
    return exports.answer(request, stem, header, rows, synthetic=shown.synthetic, notes=notes)
