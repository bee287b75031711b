"""Needs by product: bought inside the city and from outside; the local supply ratio.

LSR of a set of products = purchases from suppliers in the city / (the same + purchases from outside), summed over
all buyers the actor may see. Unknown (None) where nothing is known to be bought, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from lianzhang.domains.chains.models import OutsidePurchase, SupplyLink
from lianzhang.domains.chains.selectors.reach import links_period, sees_city
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise


@dataclass
class Need:
    """Purchases of some products in a year, in yuan."""

    local: float = 0.0
    outside: float = 0.0

    @property
    def total(self) -> float:
        return self.local + self.outside

    @property
    def ratio(self) -> float | None:
        """Local supply ratio, 0..1."""
        return self.local / self.total if self.total > 0 else None


def needs_by_product(actor: Actor) -> dict[str, Need]:
    """Class of GB/T 4754 → need of the buyers this actor may see. A link without a class counts as its supplier's."""
    out: dict[str, Need] = {}
    links = local_purchases(actor)
    named = links.exclude(product_code="").order_by().values("product_code").annotate(sum=Sum("value"))
    for code, value in named.values_list("product_code", "sum"):
        out.setdefault(code, Need()).local += value
    unnamed = (
        links.filter(product_code="").order_by().values("supplier__industry_id").annotate(sum=Sum("value"))
    )
    for code, value in unnamed.values_list("supplier__industry_id", "sum"):
        out.setdefault(code or "", Need()).local += value
    outside = outside_purchases(actor).order_by().values("product_code").annotate(sum=Sum("value"))
    for code, value in outside.values_list("product_code", "sum"):
        out.setdefault(code, Need()).outside += value
    return out


def local_purchases(actor: Actor) -> QuerySet[SupplyLink]:
    """Links of the newest year whose buyer the actor may see."""
    links = SupplyLink.objects.visible_to(actor).filter(counted=True, period=links_period())
    return links if sees_city(actor) else links.filter(buyer__in=Enterprise.objects.visible_to(actor))


def outside_purchases(actor: Actor) -> QuerySet[OutsidePurchase]:
    """Purchases from outside of the newest year whose buyer the actor may see."""
    return OutsidePurchase.objects.visible_to(actor).filter(counted=True, period=links_period())


def need_of(prefixes: Iterable[str], needs: Mapping[str, Need]) -> Need:
    """The need of all products whose class begins with one of the prefixes."""
    starts = tuple(prefixes)
    found = [need for code, need in needs.items() if code.startswith(starts)]
    return Need(sum(n.local for n in found), sum(n.outside for n in found))


@dataclass(frozen=True)
class Missing:
    """A product that buyers get from outside."""

    code: str
    need: Need
    buyers: int


def missing(actor: Actor, prefixes: Iterable[str], needs: Mapping[str, Need]) -> list[Missing]:
    """Products of a chain bought from outside, the largest first."""
    starts = tuple(prefixes)
    codes = [code for code, need in needs.items() if code.startswith(starts) and need.outside > 0]
    rows = outside_purchases(actor).filter(product_code__in=codes).order_by().values("product_code")
    buyers = dict(rows.annotate(n=Count("enterprise", distinct=True)).values_list("product_code", "n"))
    found = [Missing(code, needs[code], buyers.get(code, 0)) for code in codes]
    return sorted(found, key=lambda m: -m.need.outside)
