from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Placement(models.Model):
    """Where an enterprise stands in a chain, and by what evidence. A projection of codes, sales and decisions."""

    class How(models.TextChoices):
        INDUSTRY = "industry", _("by its registered industry")
        PRODUCT = "product", _("by its products")
        PERSON = "person", _("by a person")

    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="placements")
    segment = models.ForeignKey("chains.Segment", on_delete=models.CASCADE, related_name="placements")
    how = models.CharField(max_length=8, choices=How.choices)
    evidence = models.CharField(max_length=120, blank=True)

    visibility = Visibility(view="enterprise.view", area="enterprise__area_path", enterprise="enterprise_id")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["segment", "enterprise"]
        constraints = [models.UniqueConstraint(fields=["enterprise", "segment"], name="placement_once")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} @ {self.segment_id}"
