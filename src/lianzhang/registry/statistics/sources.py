"""The rows a table is made of: enterprise, district, division of industry, value."""

from __future__ import annotations

from dataclasses import dataclass

from lianzhang.registry.models import Enterprise, Filing, Release, YearFacts
from lianzhang.registry.models.year import TYPED

NONE = "?"
"""Where district or industry is not known: a cell of its own, so that totals are whole."""

Row = list[str | float]


@dataclass(frozen=True)
class Basis:
    """Rows with a value, how many enterprises have none, and whether any is drawn for demonstration."""

    rows: list[Row]
    unknown: int
    synthetic: bool


def rows(measure: str, year: int, basis: str) -> Basis:
    """All registered enterprises of the city: for the services of this package, which decide who sees what."""
    firms = Enterprise.objects.registered()
    values = (
        _statistical(measure, year) if basis == Release.Basis.STATISTICAL else _administrative(measure, year)
    )
    found: list[Row] = []
    unknown = 0
    places = firms.order_by("pk").values_list("pk", "district__code", "industry_id")
    for pk, district, industry in places.iterator(5000):
        value = values.get(pk)
        if value is None:
            unknown += 1
        else:
            found.append([str(pk), district or NONE, (industry or NONE)[:2], value])
    return Basis(found, unknown, firms.synthetic().exists())


def _administrative(measure: str, year: int) -> dict[int, float]:
    facts = YearFacts.objects.filter(year=year)
    if measure in TYPED:
        pairs = facts.filter(**{f"{measure}__isnull": False}).values_list("enterprise_id", measure)
        return {pk: float(value) for pk, value in pairs}
    others = facts.values_list("enterprise_id", "other")
    return {pk: float(o[measure]) for pk, o in others if isinstance(o.get(measure), int | float)}


def _statistical(measure: str, year: int) -> dict[int, float]:
    """The last word of each enterprise's statistical returns of the year."""
    filings = Filing.objects.filter(use="statistical", period=str(year)).order_by("id")
    out: dict[int, float] = {}
    for pk, values in filings.values_list("enterprise_id", "values"):
        if isinstance(values.get(measure), int | float):
            out[pk] = float(values[measure])
    return out
