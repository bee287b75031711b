"""The list of losses of a scenario: who, how much, why."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianzhang.city.models import Area
from lianzhang.domains.chains.models import Chain, Placement, ScenarioLoss
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Column, Filter, Listing


def listing(actor: Actor) -> Listing:
    """Columns and filters over `ScenarioLoss`."""
    chains = [(c.code, c.label) for c in Chain.objects.visible_to(actor)]
    districts = [(a.code, a.label) for a in Area.objects.visible_to(actor).filter(level=Area.Level.DISTRICT)]

    def by_chain(query: QuerySet, code: str) -> QuerySet:
        placed = Placement.objects.visible_to(actor).filter(segment__chain__code=code)
        return query.filter(enterprise__in=placed.order_by().values("enterprise_id"))

    return Listing(
        code="losses",
        columns=COLUMNS,
        filters=[
            Filter(
                "cause", _("Reason"), lambda: ScenarioLoss.Cause.choices[1:], lambda q, v: q.filter(cause=v)
            ),
            Filter("chain", _("Chain"), lambda: chains, by_chain),
            Filter(
                "district",
                _("District"),
                lambda: districts,
                lambda q, v: q.filter(enterprise__district__code=v),
            ),
        ],
        search=["enterprise__name", "enterprise__uscc"],
        default_sort="-yuan",
        url=lambda loss: loss.enterprise.get_absolute_url(),
        empty_title=_("No enterprise matches"),
        empty_text=_("Remove a filter to see all losses."),
    )


def _partner(loss: ScenarioLoss) -> str | None:
    return loss.partner.name if loss.partner else None


COLUMNS = (
    Column("name", _("Enterprise"), lambda s: s.enterprise.name, sort="enterprise__name"),
    Column("district", _("District"), lambda s: str(s.enterprise.district or "") or None, sort="enterprise__district__order"),
    Column("loss", _("Loss"), lambda s: s.loss, sort="loss", kind="percent"),
    Column("down", _("by missing inputs"), lambda s: s.down, sort="down", kind="percent"),
    Column("up", _("by missing orders"), lambda s: s.up, sort="up", kind="percent"),
    Column("yuan", _("Loss"), lambda s: s.yuan, sort="yuan", kind="money", unit=_("yuan a year")),
    Column("low", _("at least"), lambda s: s.low, sort="low", kind="money", unit=_("yuan a year")),
    Column("high", _("at most"), lambda s: s.high, sort="high", kind="money", unit=_("yuan a year")),
    Column("cause", _("Reason"), lambda s: s.get_cause_display(), sort="cause"),
    Column("product", _("Missing product"), lambda s: s.product_code or None, kind="code"),
    Column("partner", _("Mostly through"), _partner),
)  # fmt: skip
