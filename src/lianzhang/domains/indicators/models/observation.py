from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from lianzhang.kernel.models.delivered import Delivered
from lianzhang.kernel.scope import Actor, ScopedQuerySet, Visibility


@dataclass(frozen=True)
class AreaAndCity(Visibility):
    """Rows of one's own area, and those of the city as a whole for everybody who may see indicators."""

    def _granted(self, actor: Actor) -> Q | None:
        granted = super()._granted(actor)
        if granted is None or self.view is None or not actor.can(self.view):
            return granted
        return granted | Q(area__isnull=True) | Q(area__level="city")


class Observation(Delivered):
    """What one source published of an indicator; see the app's README for `latest` and `current`.

    `key` is a hash of what is observed (all but source and vintage): it finds all words about the same thing.
    """

    class Precision(models.TextChoices):
        EXACT = "exact", pgettext_lazy("precision", "exact")
        ABOUT = "about", pgettext_lazy("precision", "about")
        OVER = "over", pgettext_lazy("precision", "over")

    indicator = models.CharField(max_length=60, db_index=True)
    period = models.CharField(max_length=10)
    area = models.ForeignKey("city.Area", null=True, on_delete=models.PROTECT, related_name="+")
    industry = models.CharField(max_length=60, blank=True)
    measure = models.CharField(max_length=20, default="level")
    value = models.FloatField()
    vintage = models.DateField(null=True)
    calibre = models.CharField(max_length=40, blank=True)
    precision = models.CharField(max_length=6, choices=Precision.choices, default=Precision.EXACT)
    key = models.BigIntegerField(db_index=True)
    latest = models.BooleanField(default=True)
    current = models.BooleanField(default=True)

    visibility = AreaAndCity(view="indicator.view", area="area__path")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "period", "id"]
        indexes = [models.Index(fields=["current", "indicator", "period"]), models.Index(fields=["delivery"])]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period} {self.measure}"

    def get_absolute_url(self) -> str:
        """The page of the indicator."""
        return f"/indicators/{self.indicator}/"
