"""Outlines of areas as maps draw them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lianzhang.city.models import Area, Outline
from lianzhang.kernel.scope import Actor


def collection(areas: Iterable[Area], actor: Actor) -> dict[str, Any]:
    """The GeoJSON FeatureCollection of these areas (`adcode`, `name` in the reader's language); an area without an outline
    is not among them."""
    by_key = {area.pk: area for area in areas}
    outlines = Outline.objects.visible_to(actor).filter(area__in=by_key).order_by("area__order", "area__code")
    features = [
        {
            "type": "Feature",
            "properties": {"adcode": by_key[outline.area_id].code, "name": by_key[outline.area_id].label},
            "geometry": outline.geometry,
        }
        for outline in outlines
    ]
    return {"type": "FeatureCollection", "features": features}
