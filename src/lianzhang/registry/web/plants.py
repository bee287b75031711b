"""Plants, counted where they lie."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lianzhang.city.models import Area
from lianzhang.kernel import exports, tables
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Column, Filter, Listing
from lianzhang.kernel.web.access import needs
from lianzhang.registry import groups
from lianzhang.registry.models import Enterprise, Establishment


def _districts() -> list[tuple[str, str]]:
    return [(a.code, a.label) for a in Area.objects.filter(level=Area.Level.DISTRICT)]


def _firm(plant: Establishment) -> Enterprise:
    return plant.enterprise.survivor or plant.enterprise


def listing(actor: Actor) -> Listing:
    """The declaration of the list; a plant leads to its enterprise where the actor may open that."""
    visible = Enterprise.objects.registered().visible_to(actor)

    def url(plant: Any) -> str:
        firm = _firm(plant)
        return firm.get_absolute_url() if visible.filter(pk=firm.pk).exists() else ""

    return Listing(
        code="plants",
        columns=[
            Column("site", _("Plant"), lambda p: p.site, sort="site"),
            Column("enterprise", _("Enterprise"), lambda p: _firm(p).name, sort="enterprise__name"),
            Column("uscc", _("Unified social credit code"), lambda p: _firm(p).uscc, kind="code", shown=False),
            Column("district", _("District"), lambda p: str(p.district or "") or None, sort="district__order"),
            Column("address", _("Address"), lambda p: p.address, kind="long"),
            Column("industry", _("Industry"), lambda p: str(p.industry or "") or None, sort="industry__code"),
            Column("employees", _("Employees"), lambda p: p.employees, sort="employees", kind="number", verb="filing.view"),
            Column("output", _("Output"), lambda p: p.output, sort="output", kind="money", unit=_("yuan"), verb="filing.view"),
            Column("opened", _("Plant opened"), lambda p: p.opened, sort="opened", kind="date"),
            Column("closed", _("Plant closed"), lambda p: p.closed, sort="closed", kind="date"),
        ],
        filters=[
            Filter("district", _("District"), _districts, lambda q, v: q.filter(district__code=v)),
            Filter("open", _("Production"), lambda: [("yes", _("in production")), ("no", _("out of production"))], lambda q, v: q.filter(closed__isnull=v == "yes")),
        ],
        search=["site", "enterprise__name", "address"],
        default_sort="site",
        url=url,
        empty_title=_("No plant is known"),
        empty_text=_("Plants come with deliveries of the data set “establishments”."),
    )  # fmt: skip


@needs("enterprise.view")
def plants(request: HttpRequest) -> HttpResponse:
    """Plants this person may see: in his area, or of his enterprises."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    query, declared = groups.all_plants(actor), tables.for_actor(listing(actor), actor)
    if request.GET.get("format") in tables.FILES:
        if not actor.can("enterprise.export"):
            raise Http404
        header, rows = tables.export_rows(declared, request.GET, query)
        return exports.answer(
            request, "plants", header, rows, synthetic=any(p.enterprise.synthetic for p in query[:50])
        )
    built = tables.build(declared, request, query)
    if not actor.can("enterprise.export"):
        built.export_urls = {}
    return render(request, "registry/plants.html", {"table": built})
