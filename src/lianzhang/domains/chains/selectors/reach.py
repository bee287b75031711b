"""How far an actor sees: the whole city, or sums over his own rows only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max, QuerySet

from lianzhang.domains.chains.models import Placement, SupplyLink
from lianzhang.kernel import memo
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise, YearFacts


def sees_city(actor: Actor) -> bool:
    """Whether sums are those of the city; otherwise they hold only the rows this actor may see, and say so."""
    return "city" in actor.kinds("enterprise.view")


def firms_of(
    actor: Actor, chain_id: int | None = None, segment_id: int | None = None
) -> QuerySet[Enterprise]:
    """The visible enterprises placed in a chain or segment, each once."""
    placed = Placement.objects.visible_to(actor)
    placed = placed.filter(segment__chain_id=chain_id) if chain_id else placed
    placed = placed.filter(segment_id=segment_id) if segment_id else placed
    firms = Enterprise.objects.registered().visible_to(actor)
    return firms.filter(pk__in=placed.order_by().values("enterprise_id"))


def latest_year() -> int | None:
    """The newest year for which any fact is known."""
    return YearFacts.objects.aggregate(last=Max("year"))["last"]


def links_period() -> str:
    """The newest year of the counted links; empty when there are none."""
    newest = SupplyLink.objects.filter(counted=True)
    return memo.once("chains.period", lambda: newest.aggregate(last=Max("period"))["last"] or "")


@dataclass(frozen=True)
class Basis:
    """What the figures of a page rest on."""

    year: int | None
    period: str
    city: bool
    synthetic: bool


def basis(actor: Actor) -> Basis:
    """Years, reach, and whether the data is drawn for demonstration."""
    some = Enterprise.objects.registered().visible_to(actor).order_by().first()
    return Basis(latest_year(), links_period(), sees_city(actor), bool(some and some.synthetic))
