"""Charts and maps of the chains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianzhang.city.models import Area
from lianzhang.domains.chains.models import RiskScore
from lianzhang.domains.chains.selectors.reach import Basis
from lianzhang.domains.chains.selectors.segments import SegmentFigures
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import charts, figures, graphs, maps

YI = 1e8


def segment_graph(
    segments: Sequence[SegmentFigures], flows: Mapping[tuple[int, int], float], basis: Basis
) -> charts.Chart:
    """Segments by layer; size is revenue, colour and shape the hint, width the trade."""
    largest = max((f.revenue or 0.0 for f in segments), default=0.0) or 1.0
    widest = max(flows.values(), default=0.0) or 1.0
    nodes = [
        {
            "id": f.segment.pk, "name": f.segment.label, "layer": f.segment.layer,
            "size": ((f.revenue or 0.0) / largest) ** 0.5, "tone": f.tone, "url": f"?segment={f.segment.code}#firms",
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
        "Segments by layer; size is revenue, shape and colour the hint, width the trade inside the city"
    )
    return graphs.graph(
        "chain-graph", title, nodes, links, subtitle=subtitle, source=_note(basis), synthetic=basis.synthetic
    )


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
    """Yuan by district, shown in hundred millions; districts without an outline stand in the table only."""
    areas = list(Area.objects.visible_to(actor).filter(level=Area.Level.DISTRICT))
    features = [
        {"type": "Feature", "properties": {"adcode": a.code, "name": a.label}, "geometry": a.shape}
        for a in areas
        if a.shape
    ]
    shown = {a.code: _yi(values.get(a.code)) for a in areas}
    return maps.Map(
        id, title, {"type": "FeatureCollection", "features": features}, shown,
        names={a.code: a.label for a in areas}, unit=_("hundred million yuan"), label=label,
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


def _yi(value: float | None) -> float | None:
    return None if value is None else round(value / YI, 2)


def _money(value: float) -> str:
    shown = figures.money(value)
    return shown.text if shown else ""


def _note(basis: Basis) -> str:
    text: Any = _("Source: supply links and revenue of %(year)s.") % {
        "year": basis.period or basis.year or "—"
    }
    return text if basis.city else f"{text} {_('Only the enterprises you may see are counted.')}"
