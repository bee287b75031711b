"""Invented charts and an invented map for the style guide."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from lianzhang.kernel.web import charts, graphs, maps

SQUARES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"adcode": str(i), "name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, 23], [x + 0.2, 23], [x + 0.2, 23.15], [x, 23.15], [x, 23]]],
            },
        }
        for i, (name, x) in enumerate([("A", 113.0), ("B", 113.2), ("C", 113.4), ("D", 113.6)])
    ],
}


def drawn() -> dict[str, Any]:
    """The charts and the map."""
    months = [f"2022-{m:02d}" for m in range(1, 13)]
    actual = [5.1, 3.2, 4.4, 1.8, 2.6, 4.9, 5.0, 5.4, 5.2, 4.8, 4.9, 5.3]
    low, high = [None] * 9 + [4.8, 4.2, 4.1], [None] * 9 + [4.8, 5.6, 6.5]
    return {
        "bars": charts.bars(
            "sample-bars", _("Vehicles pull growth down by 1.2 points"), [_("Vehicles"), _("Electronics"), _("Chemicals")], [-1.2, 0.8, 0.5],
            unit="%", subtitle=_("Contribution to growth of output, city, 2022"), highlight=[0], size="s",
            source=_("Source: invented for this page"), synthetic=True,
        ),
        "lines": charts.lines(
            "sample-lines", _("Growth stays near its target of 5.5 %"), months,
            [charts.Line(_("Output"), actual, forecast_from=10, low=low, high=high)],
            unit="%", target=5.5, festival=["2022-02"], subtitle=_("Growth of output over the year before, monthly"), synthetic=True,
        ),
        "graph": graphs.graph(
            "sample-graph", _("One segment of the chain has no local firm"),
            [
                {"id": 1, "name": _("Materials"), "layer": 0, "size": 0.5, "tone": "green"},
                {"id": 2, "name": _("Chips"), "layer": 0, "size": 0.1, "tone": "red"},
                {"id": 3, "name": _("Parts"), "layer": 1, "size": 0.7, "tone": "amber"},
                {"id": 4, "name": _("Vehicles"), "layer": 2, "size": 1, "tone": "green"},
            ],
            [{"source": 1, "target": 3, "value": 0.6}, {"source": 2, "target": 3, "value": 0.2}, {"source": 3, "target": 4, "value": 1}],
            subtitle=_("Segments by layer; size is output, shape and colour the gap"), size="m",
        ),
        "map": maps.Map(
            "sample-map", _("Half of the output stands in area A"), SQUARES, {"0": 52.1, "1": 20.4, "2": 8, "3": None},
            unit="%", label=_("Share of output"), subtitle=_("Invented areas"), points=[maps.Place(_("Park"), 23.07, 113.1, note=_("invented"))],
        ),
    }  # fmt: skip
