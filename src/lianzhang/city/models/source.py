from __future__ import annotations

from django.db import models

from lianzhang.city.labels import Labelled
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Source(Labelled):
    """Who delivers data: its use, its rank when two sources differ (lower wins), its usual units."""

    code = models.CharField(max_length=60, unique=True)
    use = models.CharField(max_length=16, default="administrative")
    rank = models.PositiveSmallIntegerField(default=50)
    units = models.JSONField(default=dict)
    cycle_days = models.PositiveIntegerField(null=True)

    visibility = Visibility(everyone=True, reason="where a figure comes from is always shown")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "code"]
