from __future__ import annotations

from django.db import models

from lianzhang.city.models.area import Area
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Outline(models.Model):
    """Where an area lies: its border as a GeoJSON geometry. Apart from the area, which is joined to rows everywhere."""

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="outline")
    geometry = models.JSONField()

    visibility = Visibility(everyone=True, public=models.Q(pk__gt=0), reason="outlines of areas are public")
    objects = ScopedQuerySet.as_manager()
