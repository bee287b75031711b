"""The map of a situation: output at risk by district, the enterprises as points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from lianzhang.city import outlines
from lianzhang.city.models import Area
from lianzhang.domains.chains.models import Situation, SituationFirm
from lianzhang.domains.chains.situations.web.columns import light_of
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.maps import Map, Place

WAN = 1e4


def firms_map(situation: Situation, rows: Sequence[SituationFirm], actor: Actor, *, synthetic: bool) -> Map:
    """Districts by output at risk over the expected days (ten thousand yuan), enterprises with a known place as points."""
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        if row.enterprise.district is not None and row.per_day is not None:
            sums[row.enterprise.district.code] += row.per_day * situation.days / WAN
    areas = list(Area.objects.visible_to(actor).filter(level=Area.Level.DISTRICT))
    points = [
        Place(
            r.enterprise.name,
            r.enterprise.latitude,
            r.enterprise.longitude,
            r.matter.get_absolute_url(),
            light_of(r.matter)[1],
        )
        for r in rows
        if r.enterprise.latitude is not None and r.enterprise.longitude is not None
    ]
    base = reverse("chains:situation_firms", args=[situation.pk])
    return Map(
        "situation-map", _("Where the output is at risk"), outlines.collection(areas, actor),
        {code: round(value, 1) for code, value in sums.items()}, names={a.code: a.label for a in areas}, points=points,
        links={code: f"{base}?district={code}" for code in sums}, unit=_("ten thousand yuan"), label=_("Output at risk"),
        subtitle=_("Output at risk over %(n)s days by district; points are enterprises") % {"n": situation.days},
        source=_("Source: scenario %(scenario)s") % {"scenario": situation.scenario_id or "—"},
        synthetic=synthetic,
    )  # fmt: skip
