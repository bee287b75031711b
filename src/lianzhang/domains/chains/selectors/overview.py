"""All chains at a glance, and the sums of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Sum

from lianzhang.domains.chains.models import Anchor, Chain, Segment
from lianzhang.domains.chains.selectors.reach import firms_of, latest_year
from lianzhang.domains.chains.selectors.supply import Need, need_of, needs_by_product
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise, YearFacts


@dataclass(frozen=True)
class ChainFigures:
    """A chain as the actor sees it: each enterprise counts once, however many segments it stands in.

    Output and revenue in yuan of the year, over the firms for which they are known; None: known for none.
    """

    chain: Chain
    firms: int | None
    output: float | None
    output_known: int
    revenue: float | None
    revenue_known: int
    anchors: int | None
    need: Need


def overview(actor: Actor) -> list[ChainFigures]:
    """All chains in the order of the catalogue."""
    needs = needs_by_product(actor)
    chains = Chain.objects.visible_to(actor).select_related("lead")
    return [figures(chain, actor, needs) for chain in chains]


def figures(chain: Chain, actor: Actor, needs: Mapping[str, Need]) -> ChainFigures:
    """The sums of one chain."""
    firms = firms_of(actor, chain_id=chain.pk)
    years = YearFacts.objects.visible_to(actor).filter(year=latest_year() or 0, enterprise__in=firms)
    sums = years.aggregate(
        total_output=Sum("output"),
        output_known=Count("output"),
        total_revenue=Sum("revenue"),
        revenue_known=Count("revenue"),
    )
    return ChainFigures(
        chain=chain,
        firms=firms.count(),
        anchors=Anchor.objects.visible_to(actor).filter(chain=chain).count(),
        need=need_of(prefixes_of(chain, actor), needs),
        output=sums["total_output"],
        output_known=sums["output_known"],
        revenue=sums["total_revenue"],
        revenue_known=sums["revenue_known"],
    )


def prefixes_of(chain: Chain, actor: Actor) -> set[str]:
    """All code prefixes of a chain's segments."""
    lists = Segment.objects.visible_to(actor).filter(chain=chain).values_list("prefixes", flat=True)
    return {prefix for prefixes in lists for prefix in prefixes}


def by_district(chain: Chain, actor: Actor, segment: Segment | None = None) -> dict[str, float | None]:
    """District code → output in yuan of the firms of the chain (or one segment) there; None where none is known."""
    firms = firms_of(actor, chain_id=chain.pk, segment_id=segment.pk if segment else None)
    years = YearFacts.objects.visible_to(actor).filter(year=latest_year() or 0, enterprise__in=firms)
    rows = years.order_by().values("enterprise__district__code").annotate(sum=Sum("output"))
    return {code: value for code, value in rows.values_list("enterprise__district__code", "sum") if code}


def anchors(chain: Chain, actor: Actor) -> list[Enterprise]:
    """The leading enterprises this actor may see, the largest first."""
    named = Anchor.objects.visible_to(actor).filter(chain=chain).order_by().values("enterprise_id")
    visible = Enterprise.objects.registered().visible_to(actor).filter(pk__in=named)
    if not actor.can("filing.view"):
        return list(visible.order_by("name", "pk"))
    return list(visible.order_by("-revenue", "pk"))
