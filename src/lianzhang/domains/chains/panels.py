"""What the chains know of an enterprise: where it stands, with whom it trades, where it lies."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from lianzhang.city import outlines
from lianzhang.city.models import Area
from lianzhang.domains.chains.models import Anchor, Chain, Placement
from lianzhang.domains.chains.selectors import partners
from lianzhang.domains.chains.selectors.reach import links_period
from lianzhang.kernel import panels
from lianzhang.kernel.keys import number
from lianzhang.kernel.panels import Panel
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import maps
from lianzhang.registry import contests
from lianzhang.registry.contests import Value
from lianzhang.registry.models import Enterprise


def register() -> None:
    """Offer the panels of an enterprise's page."""
    for maker in (position_panel, partners_panel, place_panel):
        panels.register("enterprise", maker)
    contests.register("placement", placement_value)


def position_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """The segments it stands in, with the evidence; chains are linked where the actor may open them."""
    placed = Placement.objects.visible_to(actor).filter(enterprise=enterprise)
    rows = list(
        placed.select_related("segment", "segment__chain").order_by("segment__chain__order", "segment__order")
    )
    open_to = set(Chain.objects.visible_to(actor).values_list("pk", flat=True))
    leads = set(
        Anchor.objects.visible_to(actor).filter(enterprise=enterprise).values_list("chain_id", flat=True)
    )
    beside = contests.of(enterprise, actor)
    context = {
        "rows": [
            {
                "contest": beside(f"placement/{row.segment_id}"),
                "chain": row.segment.chain.label,
                "url": row.segment.chain.get_absolute_url() if row.segment.chain_id in open_to else None,
                "segment": row.segment.label,
                "position": row.segment.get_position_display(),
                "how": row.get_how_display(),
                "evidence": row.evidence,
                "leads": row.segment.chain_id in leads,
            }
            for row in rows
        ],
        "may_correct": actor.can("placement.correct"),
    }
    return Panel("chain-position", _("Position in the chains"), "chains/_position.html", context, order=20)


def placement_value(enterprise: Enterprise, key: str, actor: Actor) -> Value | None:
    """`12`: that it stands in a segment of a chain, as a value that may be disputed."""
    placed = Placement.objects.visible_to(actor).filter(enterprise=enterprise, segment_id=number(key))
    row = placed.select_related("segment__chain").first()
    if row is None:
        return None
    where = f"{row.segment.chain.label} · {row.segment.label}"
    shown = " · ".join(p for p in (str(row.get_how_display()), row.evidence) if p)
    return Value(f"placement/{row.segment_id}", _t("Placement: %(where)s") % {"where": where}, shown)


def partners_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """Its largest suppliers and customers inside the city, as far as the actor may see the links."""
    if not actor.can("link.view"):
        return None
    context: dict[str, Any] = {
        "period": links_period(),
        "sides": [
            (_t("Suppliers"), partners.suppliers(enterprise, actor)),
            (_t("Customers"), partners.customers(enterprise, actor)),
        ],
        "synthetic": enterprise.synthetic,
    }
    return Panel(
        "partners", _("Suppliers and customers in the city"), "chains/_partners.html", context, order=22
    )


def place_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """The point on the map, with the outline of its district."""
    if enterprise.longitude is None or enterprise.latitude is None:
        return None
    district = Area.objects.visible_to(actor).filter(pk=enterprise.district_id or 0)
    place = maps.Place(enterprise.name, enterprise.latitude, enterprise.longitude, note=enterprise.address)
    figure = maps.Map(
        "enterprise-map", _t("Where it lies"), outlines.collection(district, actor), points=[place],
        synthetic=enterprise.synthetic,
    )  # fmt: skip
    return Panel("place", _("Place"), "chains/_place.html", {"map": figure}, order=60)
