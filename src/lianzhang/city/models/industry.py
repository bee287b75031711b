from __future__ import annotations

from django.db import models

from lianzhang.city.labels import Labelled
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Industry(Labelled):
    """A class of GB/T 4754-2017: section (letter), division (2 digits), group (3), class (4)."""

    code = models.CharField(max_length=4, primary_key=True)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    section = models.CharField(max_length=1)

    visibility = Visibility(
        everyone=True, public=models.Q(level__gte=0), reason="a national standard's codes are public"
    )
    objects = ScopedQuerySet.as_manager()

    @property
    def coded(self) -> str:
        """Code and name; the English name of a class carries its code already."""
        return self.label if self.code in self.label else f"{self.code} {self.label}"

    class Meta:
        ordering = ["section", "code"]
