"""The list of enterprises and the page of one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from lianzhang.city.services import in_language
from lianzhang.city.words import in_words
from lianzhang.kernel import exports, panels, tables, views_saved
from lianzhang.kernel.web import figures
from lianzhang.kernel.web.access import needs
from lianzhang.kernel.web.first_view import first_view
from lianzhang.kernel.web.source import Source
from lianzhang.registry import contests, history, known, selectors, sensitive
from lianzhang.registry.models import Enterprise, Filing, YearFacts
from lianzhang.registry.web.found import enterprise_or_404
from lianzhang.registry.web.listing import listing


@needs("enterprise.view")
def enterprises(request: HttpRequest) -> HttpResponse:
    """All enterprises this person may see, filtered and sorted; the export is exactly what is seen."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.scope.kind == "enterprise" and actor.scope.enterprise_id:
        return redirect("registry:enterprise", actor.scope.enterprise_id)
    query = Enterprise.objects.registered().light().visible_to(actor)
    first_view(request, {"there": "yes"}, decided="there" in request.GET or "status" in request.GET)
    declared = tables.for_actor(listing(actor), actor)
    if request.GET.get("format") in ("csv", "xlsx"):
        if not actor.can("enterprise.export"):
            raise Http404
        header, rows = tables.export_rows(declared, request.GET, query)
        return exports.answer(request, "enterprises", header, rows, synthetic=query.synthetic().exists())
    built = tables.build(declared, request, query)
    built.bulk_actions = [{"label": gettext("Compare"), "url": reverse("registry:compare_choose")}]  # type: ignore[attr-defined]
    if actor.can("list.edit"):
        built.bulk_actions.append({"label": gettext("Put on a list"), "url": reverse("registry:list_choose")})  # type: ignore[attr-defined]
    if not actor.can("enterprise.export"):
        built.export_urls = {}
    return render(
        request,
        "registry/enterprises.html",
        {
            "table": built,
            "may_import": actor.can("import.run"),
            "may_list": actor.can("list.edit"),
            "query": views_saved.kept(request.GET),
        },
    )


@needs("enterprise.view")
def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything the city knows of an enterprise, as far as this person may see it."""
    actor = request.actor  # type: ignore[attr-defined]
    found = enterprise_or_404(request, pk)
    if found.pk != pk:  # merged into this one
        return redirect(found)
    identity = selectors.identity(found, actor, sensitive.sight_of(actor, found))
    beside = contests.of(found, actor)
    context = {
        "enterprise": found,
        "identity": [{**line, "contest": beside(f"standing/{line['code']}")} for line in identity],
        "may_show": sensitive.may_ask(actor)
        and bool(sensitive.known(found))
        and not sensitive.own(actor, found),
        "panels": panels.collect("enterprise", found, actor),
        "statistical": selectors.statistical_returns(found, actor) if actor.can("filing.statistical") else [],
        "history": history.entries(found, actor),
        "may_see_changes": actor.can("filing.view"),
        "may_dispute": actor.can("dispute.raise") and actor.scope.kind == "enterprise",
    }
    return render(request, "registry/enterprise.html", context)


@needs("filing.view")
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Names, status and place over time, as each source told them."""
    actor = request.actor  # type: ignore[attr-defined]
    found = enterprise_or_404(request, pk)
    rows = known.changes(found, actor, sensitive.sight_of(actor, found))
    return render(request, "registry/changes.html", {"enterprise": found, "changes": rows})


@needs("filing.view")
def source_card(request: HttpRequest, pk: int, year: int, field: str) -> HttpResponse:
    """Where one figure comes from: value, definition, period, as-of, source, use, the import and its row of a file."""
    actor = request.actor  # type: ignore[attr-defined]
    row = get_object_or_404(
        YearFacts.objects.visible_to(actor).select_related("enterprise"), enterprise_id=pk, year=year
    )
    fact = next((f for f in selectors.facts() if f["code"] == field), None)
    if fact is None or row.value(field) is None:
        raise Http404
    filing = (
        Filing.objects.visible_to(actor).select_related("delivery").filter(pk=row.origin.get(field)).first()
    )
    labels = selectors.source_labels()
    kind = "money_full" if fact["type"] == "money" else "count"
    others = [
        {"source": labels.get(code, code), "value": _text(value, kind, fact["unit"])}
        for code, value, _ in row.conflicts.get(field, [])
    ]
    card = Source(
        label=in_language(fact["label"]), definition=fact["definition"], period=str(year), owner=in_words(fact["holder"] or ""),
        as_of=filing.as_of if filing else None, source=_source_line(filing, labels),
        rule=gettext("the last word of the source of the best rank"), synthetic=row.enterprise.synthetic,
    )  # fmt: skip
    shown = figures.show(row.value(field), kind)
    return render(
        request,
        "registry/_source_card.html",
        {
            "source": card,
            "value": shown.html() if shown else "",
            "others": others,
            "contest": contests.of(row.enterprise, actor)(f"fact/{field}/{year}"),
        },
    )


def _text(value: object, kind: str, unit: str | None) -> str:
    """A figure in words with its unit; amounts of money carry their own."""
    shown = figures.count(value, in_words(unit or "")) if kind == "count" else figures.show(value, kind)
    return shown.text if shown else "—"


def _source_line(filing: Filing | None, labels: dict[str, str]) -> str:
    """Source, use and the file that was delivered."""
    if filing is None:
        return ""
    parts = [labels.get(filing.source, filing.source), str(selectors.USES.get(filing.use, filing.use))]
    if filing.delivery:
        parts.append(f"{filing.delivery.file_name} (#{filing.delivery_id})")
    return " · ".join(parts)
