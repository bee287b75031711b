"""The list of losses of a scenario: who, how much, why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianzhang.city.models import Area, Industry
from lianzhang.domains.chains.models import Chain, Placement, ScenarioLoss
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Column, Filter, Listing
from lianzhang.kernel.web import figures


def listing(actor: Actor) -> Listing:
    """Columns and filters over `ScenarioLoss`."""
    chains = [(c.code, c.label) for c in Chain.objects.visible_to(actor)]
    districts = [(a.code, a.label) for a in Area.objects.visible_to(actor).filter(level=Area.Level.DISTRICT)]

    def by_chain(query: QuerySet, code: str) -> QuerySet:
        placed = Placement.objects.visible_to(actor).filter(segment__chain__code=code)
        return query.filter(enterprise__in=placed.order_by().values("enterprise_id"))

    return Listing(
        code="losses",
        columns=_columns(_product_names()),
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
        anchor="losses",
        keeps=("chains-sort", "districts-sort"),
    )


def _partner(loss: ScenarioLoss) -> str | None:
    return loss.partner.name if loss.partner else None


def _product_names() -> Callable[[str], str]:
    """Code of a product → its name; the classification is read once, when the first one is asked for."""

    @cache
    def names() -> dict[str, str]:
        return {i.code: i.label for i in Industry.objects.filter(level=4)}

    return lambda code: names().get(code, code)


def _interval(loss: ScenarioLoss) -> str | None:
    return figures.interval(loss.low, loss.high, "money_case") or None


def _columns(product: Callable[[str], str]) -> Sequence[Column]:
    def reason(loss: ScenarioLoss) -> str:
        """Why in one line: the cause, the missing product, through whom."""
        parts = [str(loss.get_cause_display())]
        if loss.product_code:
            parts.append(product(loss.product_code))
        if loss.partner:
            parts.append(_("mostly through %(name)s") % {"name": loss.partner.name})
        return " · ".join(parts)

    yuan = _("yuan a year")
    return (
        Column("name", _("Enterprise"), lambda s: s.enterprise.name, sort="enterprise__name"),
        Column("district", _("District"), lambda s: str(s.enterprise.district or "") or None, sort="enterprise__district__order"),
        Column("yuan", _("Loss a year"), lambda s: s.yuan, sort="yuan", kind="money", unit=yuan),
        Column("interval", _("at least – at most"), _interval, kind="range", sort="high", exported=False),
        Column("low", _("at least"), lambda s: s.low, sort="low", kind="money", unit=yuan, shown=False),
        Column("high", _("at most"), lambda s: s.high, sort="high", kind="money", unit=yuan, shown=False),
        Column("loss", _("Share lost"), lambda s: s.loss, sort="loss", kind="percent"),
        Column("down", _("by missing inputs"), lambda s: s.down, sort="down", kind="percent", shown=False),
        Column("up", _("by missing orders"), lambda s: s.up, sort="up", kind="percent", shown=False),
        Column("reason", _("Reason"), reason, sort="cause", kind="long", exported=False),
        Column("cause", _("Reason"), lambda s: s.get_cause_display(), sort="cause", shown=False),
        Column("product", _("Missing product"), lambda s: s.product_code or None, kind="code", shown=False),
        Column("partner", _("Mostly through"), _partner, shown=False),
    )  # fmt: skip
