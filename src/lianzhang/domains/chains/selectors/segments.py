"""The segments of a chain with their figures, and the flows between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum

from lianzhang.domains.chains.models import Chain, Placement, Segment
from lianzhang.domains.chains.selectors import gaps
from lianzhang.domains.chains.selectors.reach import sees_city
from lianzhang.domains.chains.selectors.supply import Need, local_purchases, need_of
from lianzhang.domains.chains.settings import chain_settings
from lianzhang.kernel.scope import Actor


@dataclass(frozen=True)
class SegmentFigures:
    """A segment as the actor sees it. Money in yuan of the last year; `known` firms have a revenue.

    firms: None for a post that does not see enterprises. gap: not known to those who do not see the whole city,
    since makers next door would be missing.
    """

    segment: Segment
    firms: int | None
    known: int
    revenue: float | None
    need: Need
    gap: str

    @property
    def cover(self) -> float | None:
        """Revenue of the makers in the city over the need of the buyers in the city."""
        return self.revenue / self.need.total if self.revenue is not None and self.need.total > 0 else None

    @property
    def tone(self) -> str:
        return gaps.TONES[self.gap]

    @property
    def word(self) -> str:
        return str(gaps.WORDS[self.gap])


def figures(chain: Chain, actor: Actor, needs: Mapping[str, Need]) -> list[SegmentFigures]:
    """All segments in the order of the catalogue."""
    limits = chain_settings()
    placed = Placement.objects.visible_to(actor).filter(segment__chain=chain, enterprise__registered=True)
    sums = (
        placed.order_by()
        .values("segment_id")
        .annotate(n=Count("pk"), known=Count("enterprise__revenue"), total=Sum("enterprise__revenue"))
    )
    by_segment: dict[int, Any] = {row["segment_id"]: row for row in sums}
    out = []
    for segment in Segment.objects.visible_to(actor).filter(chain=chain):
        row = by_segment.get(segment.pk, {"n": 0, "known": 0, "total": None})
        if not actor.can("filing.view"):
            row |= {"known": 0, "total": None}  # a figure of an enterprise, also as a sum over one
        need = need_of(segment.prefixes, needs)
        revenue = row["total"] if row["known"] else 0.0 if row["n"] == 0 else None
        cover = revenue / need.total if revenue is not None and need.total > 0 else None
        gap = gaps.label(need.ratio, cover, row["n"], limits) if sees_city(actor) else "unknown"
        firms = row["n"] if actor.can("enterprise.view") else None
        out.append(SegmentFigures(segment, firms, row["known"], row["total"], need, gap))
    return out


def flows(chain: Chain, actor: Actor) -> dict[tuple[int, int], float]:
    """(supplying segment, buying segment) → yuan: links by the class of the product and the place of the buyer.

    A class in two segments, or a buyer in several, counts in each: flows show direction, they do not add up.
    """
    segments = list(Segment.objects.visible_to(actor).filter(chain=chain))
    codes = _codes(segments, actor)
    rows = (
        local_purchases(actor)
        .filter(product_code__in=list(codes), buyer__placements__segment__chain=chain)
        .order_by()
        .values("product_code", "buyer__placements__segment_id")
        .annotate(sum=Sum("value"))
    )
    out: dict[tuple[int, int], float] = defaultdict(float)
    for code, buying, value in rows.values_list("product_code", "buyer__placements__segment_id", "sum"):
        for supplying in codes[code]:
            if supplying != buying:
                out[supplying, buying] += value
    return dict(out)


def _codes(segments: list[Segment], actor: Actor) -> dict[str, list[int]]:
    """Class that is traded → the segments of the chain that hold it."""
    traded = local_purchases(actor).order_by().values_list("product_code", flat=True).distinct()
    held = {code: [s.pk for s in segments if s.holds(code)] for code in traded if code}
    return {code: pks for code, pks in held.items() if pks}
