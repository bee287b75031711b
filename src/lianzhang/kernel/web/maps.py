"""Maps from our own GeoJSON: areas coloured in declared or quantile classes, and points; no tile server.

The same figures stand as a table beside, for keyboards, paper and screen readers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext

from lianzhang.kernel.web import figures

CLASSES = 5


@dataclass(frozen=True)
class Place:
    """A point: name, latitude, longitude (WGS 84 as the GeoJSON), an address and a note if any."""

    name: str
    lat: float
    lon: float
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Map:
    """A map figure.

    geojson: a FeatureCollection, or the address of one. values: area key → number (None: unknown).
    key, name: the feature properties that hold the area's key and label. breaks: lower bounds of classes 1…4,
    quantiles when absent. links: area key → address. unit: of the values. label: what is plotted, for the table.
    """

    id: str
    title: str
    geojson: dict[str, Any] | str
    values: Mapping[str, float | None] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    key: str = "adcode"
    name: str = "name"
    breaks: Sequence[float] | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    points: Sequence[Place] = ()
    unit: str = ""
    label: str = ""
    subtitle: str = ""
    source: str = ""
    synthetic: bool = False

    @property
    def script_id(self) -> str:
        """The id of the data block."""
        return f"{self.id}-data"

    @property
    def bounds(self) -> list[float]:
        """The lower bounds of the classes above the lowest."""
        return (
            list(self.breaks)
            if self.breaks is not None
            else quantiles([v for v in self.values.values() if v is not None])
        )

    @property
    def classes(self) -> list[tuple[str, str]]:
        """(class, its range in words), for the legend; the last one for unknown values if there are any."""
        if not self.values:
            return []
        bounds = [_text(b) for b in self.bounds]
        unit = f" {self.unit}" if self.unit else ""
        if not bounds:
            out = [("0", gettext("all equal") + unit)]
        else:
            out = [("0", gettext("below %(n)s") % {"n": bounds[0] + unit})]
            out += [(str(i + 1), f"{a}–{b}{unit}") for i, (a, b) in enumerate(pairwise(bounds))]
            out.append((str(len(bounds)), gettext("%(n)s and more") % {"n": bounds[-1] + unit}))
        return [*out, ("none", gettext("not known"))] if None in self.values.values() else out

    @property
    def columns(self) -> list[str]:
        """Table head."""
        head = self.label or gettext("Value")
        return [gettext("Area or place"), f"{head} ({self.unit})" if self.unit else head]

    @property
    def rows(self) -> list[list[Any]]:
        """Table rows, largest first, unknown last, then the points."""
        ordered = sorted(self.values.items(), key=lambda item: (item[1] is None, -(item[1] or 0)))
        areas = [[self._label(key), None if value is None else _text(value)] for key, value in ordered]
        return areas + [[place.name, place.note] for place in self.points]

    @property
    def data(self) -> dict[str, Any]:
        """What `map.js` reads."""
        bounds = self.bounds
        areas = {
            key: {
                "class": None if value is None else bisect_right(bounds, value),
                "text": None if value is None else f"{_text(value)} {self.unit}".strip(),
                "url": self.links.get(key, ""),
                "name": self._label(key),
            }
            for key, value in self.values.items()
        }
        points = [
            {"name": p.name, "lat": p.lat, "lon": p.lon, "url": p.url, "note": p.note} for p in self.points
        ]
        return {"geojson": self.geojson, "key": self.key, "name": self.name, "areas": areas, "points": points}

    def _label(self, key: str) -> str:
        if key in self.names or not isinstance(self.geojson, dict):
            return self.names.get(key, key)
        properties = (feature["properties"] for feature in self.geojson["features"])
        return next((p[self.name] for p in properties if str(p.get(self.key)) == key), key)


def quantiles(values: Sequence[float], classes: int = CLASSES) -> list[float]:
    """Lower bounds that split the sorted values into classes of nearly equal count; repeated bounds and the minimum are dropped."""
    ordered = sorted(values)
    bounds = {ordered[len(ordered) * i // classes] for i in range(1, classes)} if ordered else set()
    return sorted(b for b in bounds if b > ordered[0])


def _text(value: float) -> str:
    shown = figures.count(value)
    return shown.text if shown else ""
