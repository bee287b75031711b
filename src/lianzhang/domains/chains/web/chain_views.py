"""All chains, and the page of one in four parts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianzhang.city.models import Industry
from lianzhang.domains.chains.models import Chain, Placement, Segment
from lianzhang.domains.chains.selectors import neighbours, overview, segments, supply
from lianzhang.domains.chains.selectors.overview import ChainFigures
from lianzhang.domains.chains.selectors.reach import Basis, basis
from lianzhang.domains.chains.selectors.segments import SegmentFigures
from lianzhang.domains.chains.web import columns, figures, rows, sources
from lianzhang.domains.chains.web.firm_list import listing
from lianzhang.kernel import exports, panels, tables
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import maps
from lianzhang.kernel.web.access import needs
from lianzhang.registry.models import Enterprise


@needs("chain.view")
def chains(request: HttpRequest) -> HttpResponse:
    """All chains with what this person may see of them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    ground = basis(actor)
    found = [_honest(row, actor) for row in overview.overview(actor)]
    if rows.wanted(request, "chains"):
        return rows.download(request, "chains", columns.CHAINS, found, ground.synthetic)
    table = rows.table(
        request, "chains", columns.CHAINS, found, url=lambda f: f.chain.get_absolute_url(),
        empty=(_("No chain is in the catalogue"), _("Chains stand in chains.csv of the city's catalogue.")),
    )  # fmt: skip
    return render(
        request, "chains/chains.html", {"table": table, "basis": ground, "cards": _cards(ground, None)}
    )


@needs("chain.view")
def chain(request: HttpRequest, code: str) -> HttpResponse:
    """What we have: segments, enterprises, districts."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _chain(actor, code)
    ground = basis(actor)
    query = Placement.objects.visible_to(actor).filter(segment__chain=found, enterprise__registered=True)
    query = query.select_related("enterprise", "enterprise__district", "segment")
    declared = tables.for_actor(listing(found, actor), actor)
    if rows.wanted(request, "chain-firms"):
        if not actor.can("enterprise.export"):
            raise Http404
        header, lines = tables.export_rows(declared, request.GET, query)
        return exports.answer(request, f"chain_{code}", header, lines, synthetic=ground.synthetic)
    needs_known = supply.needs_by_product(actor)
    parts = segments.figures(found, actor, needs_known)
    if request.GET.get("table") == "chain-parts" and rows.wanted(request, "chain-parts"):
        listed = _parts(found, actor, parts)
        return rows.download(
            request, f"chain_{code}_segments", columns.PARTS, listed, ground.synthetic, prefix="segments-"
        )
    chosen = next((p for p in parts if p.segment.code == request.GET.get("segment")), None)
    built = tables.build(declared, request, query)
    if not actor.can("enterprise.export"):
        built.export_urls = {}
    context = _frame(request, found, "have", overview.figures(found, actor, needs_known), ground) | {
        "opened": chosen,
        "map": _map(found, actor, ground, chosen.segment if chosen else None),
        "firms": built,
        "anchors": overview.anchors(found, actor)[:10],
    }
    return render(
        request, "chains/chain.html", context | _graph(request, found, actor, ground, parts, chosen)
    )


def _graph(
    request: HttpRequest,
    found: Chain,
    actor: Actor,
    ground: Basis,
    parts: list[SegmentFigures],
    chosen: SegmentFigures | None,
) -> dict[str, Any]:
    """The segments of the chain with their table, or one of them opened into its firms."""
    if chosen is not None:
        near = neighbours.opened(chosen.segment, actor)
        return {"graph": figures.firm_graph(chosen.segment, near, ground, sized=actor.can("filing.view"))}
    table = rows.table(
        request, "chain-parts", columns.PARTS, _parts(found, actor, parts), prefix="segments-", anchor="segments",
        url=lambda p: f"?segment={p['figures'].segment.code}",
        empty=(_("No segment is in the catalogue"), _("Segments stand in chain_segments.csv of the city's catalogue.")),
    )  # fmt: skip
    return {"graph": figures.segment_graph(parts, segments.flows(found, actor), ground), "parts": table}


def _parts(found: Chain, actor: Actor, parts: list[SegmentFigures]) -> list[dict[str, Any]]:
    names = neighbours.largest_names(found, actor)
    return [{"figures": part, "largest": names.get(part.segment.pk, [])} for part in parts]


def _map(found: Chain, actor: Actor, ground: Basis, segment: Segment | None) -> maps.Map:
    title = (
        _("Output of %(segment)s by district") % {"segment": segment.label}
        if segment
        else _("Output of the chain by district")
    )
    return figures.district_map(
        "chain-map", title, overview.by_district(found, actor, segment), actor, label=_("Gross output"),
        source=_("Source: yearly facts of %(year)s.") % {"year": ground.year or "—"}, synthetic=ground.synthetic,
    )  # fmt: skip


@needs("chain.view")
def stuck(request: HttpRequest, code: str) -> HttpResponse:
    """Where it is stuck: local supply and hints by segment."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _chain(actor, code)
    ground = basis(actor)
    needs_known = supply.needs_by_product(actor)
    parts = segments.figures(found, actor, needs_known)
    if rows.wanted(request, "chain-segments"):
        return rows.download(request, f"chain_{code}_segments", columns.SEGMENTS, parts, ground.synthetic)
    table = rows.table(
        request, "chain-segments", columns.SEGMENTS, parts,
        url=lambda f: reverse("chains:chain", args=[code]) + f"?segment={f.segment.code}",
    )  # fmt: skip
    context = _frame(request, found, "stuck", overview.figures(found, actor, needs_known), ground)
    return render(
        request, "chains/stuck.html", context | {"table": table, "bars": figures.ratio_bars(parts, ground)}
    )


@needs("chain.view")
def missing(request: HttpRequest, code: str) -> HttpResponse:
    """What is missing: products that buyers in the city get from outside."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _chain(actor, code)
    ground = basis(actor)
    needs_known = supply.needs_by_product(actor)
    lines = _missing(found, actor, needs_known)
    if rows.wanted(request, "chain-missing"):
        return rows.download(
            request,
            f"chain_{code}_missing",
            columns.MISSING,
            lines,
            ground.synthetic,
            default_sort="-outside",
        )
    table = rows.table(
        request, "chain-missing", columns.MISSING, lines, default_sort="-outside",
        empty=(_("No purchase from outside is known"), _("Import the purchases from outside of the chain's enterprises.")),
    )  # fmt: skip
    context = _frame(request, found, "missing", overview.figures(found, actor, needs_known), ground)
    return render(request, "chains/missing.html", context | {"table": table})


@needs("chain.view")
def matters(request: HttpRequest, code: str) -> HttpResponse:
    """What is being done: panels of other parts of the program."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _chain(actor, code)
    ground = basis(actor)
    sums = overview.figures(found, actor, supply.needs_by_product(actor))
    context = _frame(request, found, "matters", sums, ground)
    return render(request, "chains/matters.html", context | {"panels": panels.collect("chain", found, actor)})


def _chain(actor: Actor, code: str) -> Chain:
    return get_object_or_404(Chain.objects.visible_to(actor).select_related("lead"), code=code)


def _honest(row: ChainFigures, actor: Actor) -> ChainFigures:
    """A count that this person may not know is unknown, not zero."""
    firms = row.firms if actor.can("enterprise.view") else None
    return replace(row, firms=firms, anchors=row.anchors if actor.can("title.view") else None)


def _missing(found: Chain, actor: Actor, needs_known: dict[str, Any]) -> list[dict[str, Any]]:
    lines = supply.missing(actor, overview.prefixes_of(found, actor), needs_known)
    codes = [line.code for line in lines]
    names = {i.code: i.label for i in Industry.objects.visible_to(actor).filter(code__in=codes)}
    firms = Enterprise.objects.registered().visible_to(actor).filter(industry__in=codes).order_by()
    makers = dict(firms.values("industry_id").annotate(n=Count("pk")).values_list("industry_id", "n"))
    return [
        {
            "code": line.code, "name": names.get(line.code, line.code), "outside": line.need.outside,
            "buyers": line.buyers, "ratio": line.need.ratio, "makers": makers.get(line.code, 0),
        }
        for line in lines
    ]  # fmt: skip


def _frame(request: HttpRequest, found: Chain, tab: str, sums: ChainFigures, ground: Basis) -> dict[str, Any]:
    """What every part of the page shows: state, figures with their cards, tabs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    parts = (
        ("have", _("What we have"), "chains:chain"),
        ("stuck", _("Where it is stuck"), "chains:stuck"),
        ("missing", _("What is missing"), "chains:missing"),
        ("matters", _("Matters"), "chains:matters"),
    )
    return {
        "chain": found,
        "basis": ground,
        "sums": _honest(sums, actor),
        "cards": _cards(ground, sums),
        "tabs": [
            {"label": label, "url": reverse(name, args=[found.code]), "current": code == tab}
            for code, label, name in parts
        ],
        "firms_visible": actor.can("enterprise.view"),
        "figures_visible": actor.can("filing.view"),
    }


def _cards(ground: Basis, sums: ChainFigures | None) -> dict[str, Any]:
    cards = {
        "firms": sources.firms(ground),
        "anchors": sources.anchors(ground),
        "ratio": sources.ratio(ground),
    }
    if sums is not None:
        cards["output"] = sources.output(ground, sums.output_known, sums.firms)
    return cards
