from __future__ import annotations

from django.db import models

from lianzhang.city.labels import Labelled, in_script
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Indicator(Labelled):
    """An indicator of the catalogue: its names, the unit its values are stored in, its definition."""

    code = models.CharField(max_length=60, unique=True)
    unit = models.CharField(max_length=20)
    order = models.PositiveIntegerField(default=0)
    synonyms = models.JSONField(default=list)
    definition_zh = models.CharField(max_length=400)
    definition_en = models.CharField(max_length=400, blank=True)

    visibility = Visibility(everyone=True, reason="names and definitions of indicators are reference data")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["order", "code"]

    @property
    def definition(self) -> str:
        """The definition in the reader's language."""
        return in_script(self.definition_zh, self.definition_en)
