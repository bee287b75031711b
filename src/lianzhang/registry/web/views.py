"""The list of enterprises and the page of one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from lianzhang.kernel import exports, panels, tables
from lianzhang.kernel.web.access import needs
from lianzhang.registry import selectors
from lianzhang.registry.models import Enterprise, Filing, YearFacts
from lianzhang.registry.web.listing import listing


@needs("enterprise.view")
def enterprises(request: HttpRequest) -> HttpResponse:
    """All enterprises this person may see, filtered and sorted; the export is exactly what is seen."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.scope.kind == "enterprise" and actor.scope.enterprise_id:
        return redirect("registry:enterprise", actor.scope.enterprise_id)
    query = Enterprise.objects.registered().visible_to(actor).select_related("district", "industry")
    declared = listing()
    if request.GET.get("format") in ("csv", "xlsx"):
        if not actor.can("enterprise.export"):
            raise Http404
        header, rows = tables.export_rows(declared, request.GET, query)
        return exports.answer(request, "enterprises", header, rows, synthetic=query.filter(uscc__contains="4499").exists())
    built = tables.build(declared, request, query)
    return render(request, "registry/enterprises.html", {"table": built, "may_export": actor.can("enterprise.export")})


@needs("enterprise.view")
def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything the city knows of an enterprise, as far as this person may see it."""
    actor = request.actor  # type: ignore[attr-defined]
    found = selectors.enterprise_for(actor, pk)
    if found is None:
        raise Http404
    context = {
        "enterprise": found,
        "panels": panels.collect("enterprise", found, actor),
        "statistical": selectors.statistical_returns(found, actor) if actor.can("filing.statistical") else {},
    }
    return render(request, "registry/enterprise.html", context)


@needs("filing.view")
def source_card(request: HttpRequest, pk: int, year: int, field: str) -> HttpResponse:
    """Where one figure comes from: value, definition, period, as-of, source, use, the import and its row of a file."""
    actor = request.actor  # type: ignore[attr-defined]
    row = get_object_or_404(YearFacts.objects.visible_to(actor).select_related("enterprise"), enterprise_id=pk, year=year)
    fact = next((f for f in selectors.facts() if f["code"] == field), None)
    if fact is None or row.value(field) is None:
        raise Http404
    filing = Filing.objects.visible_to(actor).select_related("delivery").filter(pk=row.origin.get(field)).first()
    others = [{"source": selectors.source_label(s), "value": v} for s, v, _ in row.conflicts.get(field, [])]
    context = {"row": row, "fact": fact, "value": row.value(field), "filing": filing, "others": others,
               "source": selectors.source_label(filing.source) if filing else ""}  # fmt: skip
    return render(request, "registry/_source_card.html", context)
