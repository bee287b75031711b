from __future__ import annotations

from django.db import models

from lianzhang.city.labels import Labelled
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Area(Labelled):
    """A city, district, street or park. `path` (`/440100/440113/`) finds a whole subtree with one comparison."""

    class Level(models.TextChoices):
        CITY = "city"
        DISTRICT = "district"
        STREET = "street"
        PARK = "park"

    code = models.CharField(max_length=20, unique=True)
    level = models.CharField(max_length=10, choices=Level.choices, db_index=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=120, db_index=True)
    order = models.PositiveIntegerField(default=0)

    visibility = Visibility(everyone=True, public=models.Q(pk__gt=0), reason="names of areas are public")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code"]
