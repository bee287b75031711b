"""The list of systemic risk: enterprises by rank."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianzhang.city.models import Area
from lianzhang.domains.chains.models import Chain, Placement, RiskScore
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Column, Filter, Listing


def listing(actor: Actor) -> Listing:
    """Columns and filters over `RiskScore`."""
    chains = [(c.code, c.label) for c in Chain.objects.visible_to(actor)]
    districts = [(a.code, a.label) for a in Area.objects.visible_to(actor).filter(level=Area.Level.DISTRICT)]

    def by_chain(query: QuerySet, code: str) -> QuerySet:
        placed = Placement.objects.visible_to(actor).filter(segment__chain__code=code)
        return query.filter(enterprise__in=placed.order_by().values("enterprise_id"))

    return Listing(
        code="risk",
        columns=COLUMNS,
        filters=[
            Filter("chain", _("Chain"), lambda: chains, by_chain),
            Filter(
                "district",
                _("District"),
                lambda: districts,
                lambda q, v: q.filter(enterprise__district__code=v),
            ),
        ],
        search=["enterprise__name", "enterprise__uscc"],
        default_sort="rank",
        url=lambda s: s.enterprise.get_absolute_url(),
        empty_title=_("No enterprise matches"),
        empty_text=_("Remove a filter to see all ranks."),
    )


def _multiple(score: RiskScore) -> float | None:
    """How many times its own size is lost."""
    return round(score.esri / score.own_share, 1) if score.own_share > 0 else None


COLUMNS = (
    Column("name", _("Enterprise"), lambda s: s.enterprise.name, sort="enterprise__name"),
    Column("rank", _("Rank"), lambda s: s.rank, sort="rank", kind="plain"),
    Column("district", _("District"), lambda s: str(s.enterprise.district or "") or None, sort="enterprise__district__order"),
    Column("industry", _("Industry"), lambda s: str(s.enterprise.industry or "") or None, sort="enterprise__industry__code"),
    Column("esri", _("Index"), lambda s: s.esri, sort="esri", kind="percent"),
    Column("low", _("at least"), lambda s: s.low, sort="low", kind="percent"),
    Column("high", _("at most"), lambda s: s.high, sort="high", kind="percent"),
    Column("down", _("by missing inputs"), lambda s: s.esri_down, sort="esri_down", kind="percent"),
    Column("up", _("by missing orders"), lambda s: s.esri_up, sort="esri_up", kind="percent"),
    Column("own", _("own share"), lambda s: s.own_share, sort="own_share", kind="percent"),
    Column("multiple", _("times its size"), _multiple, kind="number"),
)  # fmt: skip
