"""The list of figures: columns, filters, order."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianzhang.domains.indicators import selectors
from lianzhang.domains.indicators.models import Observation
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Column, Filter, Listing


def _years() -> list[tuple[str, str]]:
    periods = Observation.objects.order_by().values_list("period", flat=True).distinct()
    return [(y, y) for y in sorted({p[:4] for p in periods}, reverse=True)]


def _from(query: QuerySet, year: str) -> QuerySet:
    return query.filter(period__gte=year)


def _until(query: QuerySet, year: str) -> QuerySet:
    return query.filter(period__lt=str(int(year) + 1))


def _by(lookup: str) -> Any:
    def narrow(query: QuerySet, value: str) -> QuerySet:
        return query.filter(**{lookup: value})

    return narrow


def listing(actor: Actor) -> Listing:
    """The list as this person sees it."""
    known = selectors.indicators(actor)
    units = {code: i.unit for code, i in known.items()}
    names = selectors.industries(
        set(selectors.observations(actor).exclude(industry="").values_list("industry", flat=True).distinct())
    )
    chosen = [(code, i.label) for code, i in known.items()]
    measures = [(code, str(word)) for code, word in selectors.MEASURES.items()]

    def label(o: Observation) -> str:
        return known[o.indicator].label if o.indicator in known else o.indicator

    def industry(o: Observation) -> str:
        name = names.get(o.industry, "")
        return name if o.industry in name else f"{o.industry} {name}".strip()

    def value(o: Observation) -> Any:
        return selectors.printed(o.value, o.measure, units.get(o.indicator, ""), o.precision)

    return Listing(
        code="indicators",
        columns=[
            Column("indicator", _("Indicator"), label, sort="indicator"),
            Column("period", _("Period"), lambda o: o.period, sort="period"),
            Column("area", _("Area"), lambda o: str(o.area) if o.area else None, sort="area__order"),
            Column("industry", _("Industry"), industry, sort="industry"),
            Column(
                "measure",
                pgettext_lazy("indicator", "Measure"),
                lambda o: selectors.measure_word(o.measure),
                sort="measure",
            ),
            Column("value", _("Value"), value, sort="value", kind="number", export=lambda o: o.value),
            Column("calibre", _("Calibre"), lambda o: o.calibre, sort="calibre"),
            Column("precision", _("Precision"), lambda o: o.get_precision_display(), sort="precision"),
            Column("vintage", _("Published"), lambda o: o.vintage, sort="vintage", kind="date"),
        ],
        filters=[
            Filter("indicator", _("Indicator"), lambda: chosen, _by("indicator")),
            Filter("area", _("Area"), lambda: selectors.areas_seen(actor), _by("area__code")),
            Filter("measure", pgettext_lazy("indicator", "Measure"), lambda: measures, _by("measure")),
            Filter("from", _("From year"), _years, _from),
            Filter("until", _("Until year"), _years, _until),
        ],
        search=["indicator", "industry", "calibre"],
        default_sort="-period",
        url=lambda o: o.get_absolute_url(),
        empty_title=_("No figures here yet"),
        empty_text=_("They come with deliveries of the data set “indicators”; or remove a filter."),
    )
