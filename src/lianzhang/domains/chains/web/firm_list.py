"""The list of the enterprises of a chain: where each stands and why."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lianzhang.city.models import Area
from lianzhang.domains.chains.models import Chain, Placement, Segment
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Column, Filter, Listing


def listing(chain: Chain, actor: Actor) -> Listing:
    """Columns and filters over `Placement`."""
    segments = [(s.code, s.label) for s in Segment.objects.visible_to(actor).filter(chain=chain)]
    districts = [(a.code, a.label) for a in Area.objects.visible_to(actor).filter(level=Area.Level.DISTRICT)]
    return Listing(
        code="chain-firms",
        columns=COLUMNS,
        filters=[
            Filter("segment", _("Segment"), lambda: segments, lambda q, v: q.filter(segment__code=v)),
            Filter(
                "district",
                _("District"),
                lambda: districts,
                lambda q, v: q.filter(enterprise__district__code=v),
            ),
            Filter("how", _("Placed"), lambda: Placement.How.choices, lambda q, v: q.filter(how=v)),
        ],
        search=["enterprise__name", "enterprise__uscc"],
        default_sort="-revenue",
        anchor="firms",
        keeps=("segments-sort",),
        url=lambda p: p.enterprise.get_absolute_url(),
        empty_title=_("No enterprise stands here"),
        empty_text=_(
            "Enterprises are placed by their registered industry, products and sales once these are imported."
        ),
    )


def _text(value: Any) -> str | None:
    return str(value or "") or None


COLUMNS = (
    Column("name", _("Enterprise"), lambda p: p.enterprise.name, sort="enterprise__name"),
    Column("segment", _("Segment"), lambda p: p.segment.label, sort="segment__order"),
    Column("how", _("Placed"), lambda p: p.get_how_display(), sort="how"),
    Column("evidence", _("Evidence"), lambda p: p.evidence, kind="code"),
    Column(
        "district", _("District"), lambda p: _text(p.enterprise.district), sort="enterprise__district__order"
    ),
    Column(
        "revenue",
        _("Revenue"),
        lambda p: p.enterprise.revenue,
        sort="enterprise__revenue",
        kind="money",
        unit=_("yuan"),
        verb="filing.view",
    ),
    Column("year", _("Year"), lambda p: p.enterprise.latest_year, kind="plain", verb="filing.view"),
)
