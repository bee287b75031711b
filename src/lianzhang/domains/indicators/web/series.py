"""One indicator as a chart: a line over the periods of one area, industry, measure and calibre."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianzhang.city.words import in_words
from lianzhang.domains.indicators import selectors
from lianzhang.domains.indicators.models import Observation
from lianzhang.kernel.web import charts

SCALES = {
    "growth": (100.0, "%"),
    "percent": (100.0, "%"),
    "money": (1e-8, "10^8"),
    "electricity": (1e-8, "10^8 kWh"),
}
PERIODS = 60


def series_of(query: QuerySet[Observation]) -> list[tuple[tuple[str, str, str, str], int]]:
    """(measure, area, industry, calibre) → number of periods; the fullest series first."""
    counted: dict[tuple[str, str, str, str], int] = {}
    for o in query:
        key = o.measure, o.area.code if o.area else "", o.industry, o.calibre
        counted[key] = counted.get(key, 0) + 1
    return sorted(counted.items(), key=lambda item: (item[0][2] != "", -item[1], item[0]))


def chart_of(title: str, unit: str, rows: list[Observation], names: dict[str, str]) -> charts.Chart | None:
    """The last periods of one series; None with fewer than two of them."""
    rows = sorted(rows, key=lambda o: o.period)[-PERIODS:]
    if len(rows) < 2:
        return None
    first, last = rows[0], rows[-1]
    factor, shown_unit = SCALES.get(selectors.kind_of(first.measure, unit), (1.0, unit))
    scaled = {"10^8": pgettext("unit", "CNY 10^8"), "10^8 kWh": pgettext("unit", "10^8 kWh")}
    word = scaled.get(shown_unit) or in_words(shown_unit)
    finding = _("%(name)s: %(value)s in %(period)s") % {
        "name": title,
        "value": _text(last, unit),
        "period": last.period,
    }
    parts = [
        str(first.area or ""),
        names.get(first.industry, first.industry),
        selectors.measure_word(first.measure),
        first.calibre,
    ]
    periods, values = _drawn(rows, factor)
    line = charts.Line(selectors.measure_word(first.measure), values)
    return charts.lines(
        "indicator", finding, periods, [line], unit=word, subtitle=" · ".join(p for p in parts if p),
        source=selectors.source_label(last.source), synthetic=any(o.provenance == "synthetic" for o in rows),
    )  # fmt: skip


def _drawn(rows: list[Observation], factor: float) -> tuple[list[str], list[float | None]]:
    """Periods and values. A sum since January begins anew each year: no line joins December with the next year."""
    periods: list[str] = []
    values: list[float | None] = []
    for o in rows:
        january = f"{o.period[:4]}-01"
        if o.measure == "level_cum" and periods and periods[-1][:4] < o.period[:4] and january < o.period:
            periods.append(january)
            values.append(None)
        periods.append(o.period)
        values.append(round(o.value * factor, 4))
    return periods, values


def _text(o: Observation, unit: str) -> str:
    return strip_tags(selectors.printed(o.value, o.measure, unit, o.precision))


def choices(
    series: list[tuple[tuple[str, str, str, str], int]], areas: dict[str, str], names: dict[str, str]
) -> list[dict[str, Any]]:
    """The series of an indicator as links."""
    out = []
    for (measure, area, industry, calibre), count in series:
        parts = [
            areas.get(area, area),
            names.get(industry, industry),
            selectors.measure_word(measure),
            calibre,
        ]
        query = {"measure": measure, "area": area, "industry": industry, "calibre": calibre}
        out.append({"label": " · ".join(p for p in parts if p), "query": query, "count": count})
    return out
