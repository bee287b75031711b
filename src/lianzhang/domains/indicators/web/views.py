"""The list of figures, one indicator, where one figure comes from."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from lianzhang.domains.indicators import selectors
from lianzhang.domains.indicators.models import Observation
from lianzhang.domains.indicators.web import series
from lianzhang.domains.indicators.web.listing import listing
from lianzhang.kernel import exports, tables
from lianzhang.kernel.web.access import needs
from lianzhang.kernel.web.source import Source

SHOWN = 200


@needs("indicator.view")
def indicators(request: HttpRequest) -> HttpResponse:
    """All figures in force this person may see."""
    actor = request.actor  # type: ignore[attr-defined]
    query, declared = selectors.observations(actor), listing(actor)
    if request.GET.get("format") in ("csv", "xlsx"):
        header, rows = tables.export_rows(declared, request.GET, query)
        return exports.answer(
            request, "indicators", header, rows, synthetic=query.filter(provenance="synthetic").exists()
        )
    return render(
        request,
        "indicators/indicators.html",
        {"table": tables.build(declared, request, query), "may_import": actor.can("import.run")},
    )


@needs("indicator.view")
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: the chosen series as a chart and as a table, each figure with its source."""
    actor = request.actor  # type: ignore[attr-defined]
    query = selectors.observations(actor).filter(indicator=code)
    known = selectors.indicators(actor).get(code)
    found = series.series_of(query)
    if not found and known is None:
        raise Http404
    title, unit = (known.label, known.unit) if known else (code, "")
    names = selectors.industries({key[2] for key, _ in found})
    chosen = _chosen(request, [key for key, _ in found])
    rows = _rows(query, chosen)
    areas = {o.area.code: str(o.area) for o in query if o.area}
    links = series.choices(found, areas, names)
    for link in links:
        link["current"] = tuple(link["query"].values()) == chosen
        link["url"] = "?" + urlencode(link["query"])
    context = {
        "title": title,
        "definition": known.definition if known else "",
        "chart": series.chart_of(title, unit, rows, names),
        "lines": [_line(o, unit) for o in sorted(rows, key=lambda o: o.period, reverse=True)[:SHOWN]],
        "series": links,
        "code": code,
        "last": max((o.vintage for o in rows if o.vintage), default=None),
    }
    return render(request, "indicators/indicator.html", context)


def _chosen(request: HttpRequest, keys: list[tuple[str, str, str, str]]) -> tuple[str, str, str, str] | None:
    """The series the address asks for, else the fullest one."""
    asked = tuple(request.GET.get(name, "") for name in ("measure", "area", "industry", "calibre"))
    return next((k for k in keys if k == asked), keys[0] if keys else None)


def _rows(query: Any, chosen: tuple[str, str, str, str] | None) -> list[Observation]:
    if chosen is None:
        return []
    measure, area, industry, calibre = chosen
    where = {"area__code": area} if area else {"area__isnull": True}
    return list(query.filter(measure=measure, industry=industry, calibre=calibre, **where))


def _line(o: Observation, unit: str) -> dict[str, Any]:
    shown = selectors.printed(o.value, o.measure, unit, o.precision)
    return {"o": o, "shown": shown, "source": selectors.source_label(o.source)}


@needs("indicator.view")
def source_card(request: HttpRequest, pk: int) -> HttpResponse:
    """Where one figure comes from: definition, period, published when, source, calibre, the file."""
    actor = request.actor  # type: ignore[attr-defined]
    row = get_object_or_404(Observation.objects.visible_to(actor).select_related("area", "delivery"), pk=pk)
    known = selectors.indicators(actor).get(row.indicator)
    file = f" · {row.delivery.file_name} (#{row.delivery_id})" if row.delivery else ""
    card = Source(
        label=known.label if known else row.indicator,
        definition=known.definition if known else "",
        period=row.period,
        as_of=row.vintage or row.as_of,
        source=selectors.source_label(row.source) + file,
        rule=" · ".join(
            p
            for p in (selectors.measure_word(row.measure), row.calibre, str(row.get_precision_display()))
            if p
        ),
        synthetic=row.provenance == "synthetic",
    )
    value = selectors.printed(row.value, row.measure, known.unit if known else "", row.precision)
    return render(request, "kernel/ui/source_card.html", {"source": card, "value": value})
