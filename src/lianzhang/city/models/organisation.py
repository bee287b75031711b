from __future__ import annotations

from django.db import models

from lianzhang.city.labels import Labelled
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Organisation(Labelled):
    """A bureau, one of its offices, a district bureau, a park office, a bank or platform."""

    code = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=30)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    area = models.ForeignKey("city.Area", null=True, on_delete=models.PROTECT, related_name="organisations")
    order = models.PositiveIntegerField(default=0)

    visibility = Visibility(everyone=True, reason="the list of offices is shown to every signed-in person")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code"]
