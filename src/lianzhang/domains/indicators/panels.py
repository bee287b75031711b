"""The city's operation on the first page: the latest cumulative month of each indicator, with its growth."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lianzhang.domains.indicators import selectors
from lianzhang.domains.indicators.models import Observation
from lianzhang.kernel import panels
from lianzhang.kernel.panels import Panel
from lianzhang.kernel.scope import Actor

SHOWN = 6


def register() -> None:
    """Offer the panel."""
    panels.register("cockpit", operation_panel)


def operation_panel(_subject: Any, actor: Actor) -> Panel | None:
    """What the city as a whole made since the year began, by the last month published."""
    if "city" not in actor.kinds("indicator.view"):
        return None
    known = selectors.indicators(actor)
    amounts, growths = _latest(actor, "level_cum"), _latest(actor, "growth_cum")
    rows = [
        {
            "label": known[code].label,
            "amount": _figure(o, known[code].unit),
            "growth": _growth(growths.get(code), o),
        }
        for code, o in sorted(
            amounts.items(), key=lambda item: known[item[0]].order if item[0] in known else 0
        )
        if code in known
    ][:SHOWN]
    return (
        Panel("operation", _("Operation"), "indicators/_cockpit.html", {"rows": rows}, order=25)
        if rows
        else None
    )


def _latest(actor: Actor, measure: str) -> dict[str, Observation]:
    """The last observation of each indicator for the whole city and all industries."""
    rows = selectors.observations(actor).filter(measure=measure, industry="", area__level="city")
    return {o.indicator: o for o in rows.order_by("period", "pk")}


def _figure(o: Observation, unit: str) -> dict[str, Any]:
    return {"o": o, "shown": selectors.printed(o.value, o.measure, unit, o.precision)}


def _growth(o: Observation | None, beside: Observation) -> dict[str, Any] | None:
    """The growth of the same period, None when it was not published."""
    return _figure(o, "") if o is not None and o.period == beside.period else None
