"""Reads of indicators; each starts at `visible_to`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext, pgettext_lazy

from lianzhang.city.models import Area, Industry, Source
from lianzhang.city.words import in_words
from lianzhang.domains.indicators.models import Indicator, Observation
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import figures

MEASURES: dict[str, Any] = {
    "level": pgettext_lazy("measure", "amount"),
    "level_cum": pgettext_lazy("measure", "amount since the year began"),
    "growth": pgettext_lazy("measure", "growth on the year before"),
    "growth_cum": pgettext_lazy("measure", "growth since the year began"),
    "share": pgettext_lazy("measure", "share"),
}


def observations(actor: Actor) -> QuerySet[Observation]:
    """The figures in force this person may see."""
    return Observation.objects.visible_to(actor).filter(current=True).select_related("area")


def indicators(actor: Actor) -> dict[str, Indicator]:
    """The catalogue's indicators by code."""
    return {i.code: i for i in Indicator.objects.visible_to(actor)}


def measure_word(measure: str) -> str:
    """The name of a measure."""
    return str(MEASURES.get(measure, measure))


def industries(codes: set[str]) -> dict[str, str]:
    """Names of the divisions and classes among these texts."""
    return {i.code: i.label for i in Industry.objects.filter(code__in=codes)}


def areas_seen(actor: Actor) -> list[tuple[str, str]]:
    """The areas of which this person sees figures."""
    ids = Observation.objects.visible_to(actor).filter(area__isnull=False).values("area_id")
    return [(a.code, a.label) for a in Area.objects.filter(pk__in=ids)]


def source_label(code: str) -> str:
    """The name of a source."""
    found = Source.objects.filter(code=code).first()
    return found.label if found else code


def kind_of(measure: str, unit: str) -> str:
    """How a value of this measure and unit is printed: a kind of figure."""
    if measure.startswith("growth"):
        return "growth"
    if measure == "share" or unit == "ratio":
        return "percent"
    return {"元": "money", "kWh": "electricity"}.get(unit, "count")


def printed(value: float, measure: str, unit: str, precision: str) -> SafeString:
    """A value as it may be quoted: with its unit, and with `about` or `over` where the source said no more."""
    kind = kind_of(measure, unit)
    shown = figures.count(value, in_words(unit)) if kind == "count" else figures.show(value, kind)
    if shown is None:
        return figures.unknown()
    words = {"about": pgettext("precision", "about %s"), "over": pgettext("precision", "over %s")}
    before, _, after = words.get(precision, "%s").partition("%s")
    return format_html("{}{}{}", before, shown.html(), after)
