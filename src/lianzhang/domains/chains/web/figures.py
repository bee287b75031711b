"""Charts and maps of the chains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lianzhang.city import outlines
from lianzhang.city.models import Area
from lianzhang.domains.chains.models import RiskScore, Segment
from lianzhang.domains.chains.selectors.neighbours import Opened
from lianzhang.domains.chains.selectors.reach import Basis
from lianzhang.domains.chains.selectors.segments import SegmentFigures
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import charts, figures, graphs, maps

YI, BILLION = 1e8, 1e9
MOST_LINKS = 120


def segment_graph(
    segments: Sequence[SegmentFigures], flows: Mapping[tuple[int, int], float], basis: Basis
) -> charts.Chart:
    """Segments by layer; size is revenue, colour and shape the hint, width the trade."""
    largest = max((f.revenue or 0.0 for f in segments), default=0.0) or 1.0
    widest = max(flows.values(), default=0.0) or 1.0
    nodes = [
        {
            "id": f.segment.pk, "name": f.segment.label, "layer": f.segment.layer,
            "size": ((f.revenue or 0.0) / largest) ** 0.5, "tone": f.tone, "url": f"?segment={f.segment.code}",
        }
        for f in segments
    ]  # fmt: skip
    strongest = sorted(flows.items(), key=lambda item: -item[1])[:60]
    links = [
        {"source": a, "target": b, "value": value / widest, "note": _money(value)}
        for (a, b), value in strongest
    ]
    broken = sum(f.gap == "break" for f in segments)
    title = (
        ngettext("%(n)s segment has no local maker", "%(n)s segments have no local maker", broken)
        % {"n": broken}
        if broken
        else _("The chain from upstream to downstream")
    )
    subtitle = _(
        "Segments by layer; size is revenue, shape and colour the hint, width the trade inside the city; a click opens the enterprises"
    )
    return graphs.graph(
        "chain-graph", title, nodes, links, subtitle=subtitle, source=_note(basis), synthetic=basis.synthetic
    )


def firm_graph(segment: Segment, found: Opened, basis: Basis, sized: bool) -> charts.Chart:
    """A segment opened into firms: suppliers left, the segment's firms in the middle, customers right."""
    largest = max((firm.revenue or 0.0 for firm in found.core), default=0.0) or 1.0
    columns = 3 if len(found.core) > 8 else 1
    layers: list[tuple[Any, int, str]] = [(firm, 0, "grey") for firm in found.suppliers]
    layers += [(firm, 1 + i % columns, "") for i, firm in enumerate(found.core)]
    layers += [(firm, 1 + columns, "grey") for firm in found.customers]
    nodes = [
        {
            "id": firm.pk, "name": firm.name, "layer": layer, "tone": tone, "url": firm.get_absolute_url(),
            "size": _size(firm.revenue, largest, beside=tone == "grey") if sized else 0.3,
        }
        for firm, layer, tone in layers
    ]  # fmt: skip
    widest = max(found.links.values(), default=0.0) or 1.0
    strongest = sorted(found.links.items(), key=lambda item: -item[1])[:MOST_LINKS]
    links = [
        {"source": a, "target": b, "value": value / widest, "note": _money(value)}
        for (a, b), value in strongest
    ]
    title = _("%(segment)s: %(shown)s of %(all)s enterprises and their largest partners in the city")
    return graphs.graph(
        "segment-graph", title % {"segment": segment.label, "shown": len(found.core), "all": found.all}, nodes, links,
        subtitle=_("Suppliers on the left, the segment in the middle, customers on the right; size is revenue, width the trade; a click opens the enterprise"),
        source=_note(basis), synthetic=basis.synthetic,
    )  # fmt: skip


def _size(revenue: float | None, largest: float, *, beside: bool) -> float:
    """Size of a node by revenue; partners beside stay small, so that the segment is what one looks at."""
    return (0.3 if beside else 1.0) * min(1.0, ((revenue or 0.0) / largest) ** 0.5)


def district_map(
    id: str,
    title: str,
    values: Mapping[str, float | None],
    actor: Actor,
    *,
    label: str,
    source: str,
    synthetic: bool,
) -> maps.Map:
    """Yuan by district in the reader's large unit; districts without an outline stand in the table only."""
    areas = list(Area.objects.visible_to(actor).filter(level=Area.Level.DISTRICT))
    large, unit = (YI, _("hundred million yuan"))
    if (get_language() or "").startswith("en"):
        large, unit = BILLION, "CNY bn"
    shown = {a.code: _scaled(values.get(a.code), large) for a in areas}
    return maps.Map(
        id, title, outlines.collection(areas, actor), shown,
        names={a.code: a.label for a in areas}, unit=unit, label=label,
        subtitle=label, source=source, synthetic=synthetic,
    )  # fmt: skip


def ratio_bars(segments: Sequence[SegmentFigures], basis: Basis) -> charts.Chart:
    """The local supply ratio of each segment whose need is known."""
    known = sorted((f for f in segments if f.need.ratio is not None), key=lambda f: f.need.ratio or 0.0)
    values = [round((f.need.ratio or 0.0) * 100, 1) for f in known]
    title = (
        _("%(name)s is supplied least from the city") % {"name": known[0].segment.label}
        if known
        else _("No purchases are known")
    )
    return charts.bars(
        "chain-ratio", title, [f.segment.label for f in known], values, unit="%", label=_("Local supply ratio"),
        head=_("Segment"),
        subtitle=_("Share of the need that suppliers in the city cover, by segment"),
        highlight=[i for i, f in enumerate(known) if f.tone in ("red", "amber")], source=_note(basis),
        synthetic=basis.synthetic, size="l" if len(known) > 10 else "m",
    )  # fmt: skip


def plateau_chart(scores: Sequence[RiskScore], plateau: int, synthetic: bool) -> charts.Chart:
    """Rank and index of the first enterprises: a plateau means many are equally bad."""
    title = ngettext(
        "%(n)s enterprise stands at the core",
        "%(n)s enterprises stand at the core, one as critical as the other",
        plateau,
    ) % {"n": plateau}
    percent = [round(score.esri * 100, 3) for score in scores]
    low = [None if s.low is None else round(s.low * 100, 3) for s in scores]
    high = [None if s.high is None else round(s.high * 100, 3) for s in scores]
    line = charts.Line(_("index"), percent, low=low, high=high)
    chart = charts.lines(
        "risk-plateau", title, [str(score.rank) for score in scores], [line], unit="%",
        subtitle=_("Share of all revenue lost, by rank; the band: inputs in proportion to cost … all indispensable"),
        synthetic=synthetic,
    )  # fmt: skip
    return replace(chart, columns=[_("Rank"), *chart.columns[1:]])


def _scaled(value: float | None, large: float) -> float | None:
    return None if value is None else round(value / large, 2)


def _money(value: float) -> str:
    shown = figures.money(value)
    return shown.text if shown else ""


def _note(basis: Basis) -> str:
    text: Any = _("Source: supply links and revenue of %(year)s.") % {
        "year": basis.period or basis.year or "—"
    }
    return text if basis.city else f"{text} {_('Only the enterprises you may see are counted.')}"
