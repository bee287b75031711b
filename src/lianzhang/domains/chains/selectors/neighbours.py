"""A segment opened into its firms: the largest ones, and with whom they trade most inside the city."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Sum

from lianzhang.domains.chains.models import Chain, Placement, Segment
from lianzhang.domains.chains.selectors.reach import firms_of
from lianzhang.domains.chains.selectors.supply import local_purchases
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise

CORE, BESIDE, NAMED = 24, 8, 3
"""How many firms of the segment, how many suppliers and how many customers are drawn; how many a table names."""


@dataclass(frozen=True)
class Opened:
    """Firms of a segment with their largest suppliers and customers outside it; `links` holds yuan a year."""

    core: list[Enterprise]
    suppliers: list[Enterprise]
    customers: list[Enterprise]
    links: dict[tuple[int, int], float]
    all: int


def opened(segment: Segment, actor: Actor) -> Opened:
    """What the actor may see of it; by name where he may not know who is large."""
    firms = firms_of(actor, segment_id=segment.pk)
    order = ("-revenue", "pk") if actor.can("filing.view") else ("name", "pk")
    core = list(firms.order_by(*order)[:CORE])
    inside = {firm.pk for firm in core}
    into = _trade(actor, "buyer", "supplier", inside)
    outof = _trade(actor, "supplier", "buyer", inside)
    known = _largest(into, inside), _largest(outof, inside)
    visible = Enterprise.objects.registered().visible_to(actor).in_bulk({*known[0], *known[1]})
    suppliers = [visible[pk] for pk in known[0] if pk in visible]
    customers = [visible[pk] for pk in known[1] if pk in visible and pk not in set(known[0])]
    shown = inside | {firm.pk for firm in (*suppliers, *customers)}
    links = {pair: value for pair, value in {**into, **outof}.items() if set(pair) <= shown}
    return Opened(core, suppliers, customers, links, firms.count())


def largest_names(chain: Chain, actor: Actor) -> dict[int, list[str]]:
    """Segment → names of its largest firms; empty for a post that may not know who is large."""
    out: dict[int, list[str]] = defaultdict(list)
    if not actor.can("filing.view"):
        return out
    placed = Placement.objects.visible_to(actor).filter(segment__chain=chain, enterprise__registered=True)
    rows = placed.filter(enterprise__revenue__isnull=False).order_by("-enterprise__revenue", "pk")
    for segment, name in rows.values_list("segment_id", "enterprise__name"):
        if len(out[segment]) < NAMED:
            out[segment].append(name)
    return out


def _trade(actor: Actor, own: str, other: str, ids: set[int]) -> dict[tuple[int, int], float]:
    """(supplier, buyer) → yuan, over the links whose `own` side is one of `ids`."""
    links = local_purchases(actor).filter(**{f"{own}_id__in": ids}).exclude(**{f"{other}_id": None})
    rows = links.order_by().values("supplier_id", "buyer_id").annotate(sum=Sum("value"))
    return {(a, b): value for a, b, value in rows.values_list("supplier_id", "buyer_id", "sum") if a != b}


def _largest(trade: dict[tuple[int, int], float], inside: set[int]) -> list[int]:
    """The partners outside the segment with the most trade, largest first."""
    sums: dict[int, float] = defaultdict(float)
    for pair, value in trade.items():
        for pk in set(pair) - inside:
            sums[pk] += value
    return sorted(sums, key=lambda pk: -sums[pk])[:BESIDE]
