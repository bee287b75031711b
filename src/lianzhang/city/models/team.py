from __future__ import annotations

from django.db import models

from lianzhang.city.labels import Labelled
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Team(Labelled):
    """A work team (专班) of the city for a key chain."""

    code = models.CharField(max_length=60, unique=True)
    lead = models.ForeignKey("city.Organisation", null=True, on_delete=models.PROTECT, related_name="teams")
    source = models.CharField(max_length=200, blank=True)
    order = models.PositiveIntegerField(default=0)

    visibility = Visibility(everyone=True, reason="teams are shown to every signed-in person")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
