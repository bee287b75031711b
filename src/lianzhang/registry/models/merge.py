from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianzhang.kernel import time
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Merge(models.Model):
    """A decision that two entries are one firm: from then on `absorbed` is shown under `into`. Nothing of either is
    changed; taking the decision back (`undone_at`) shows both again as they would stand without it."""

    absorbed = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="merges")
    into = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="merges_taken")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=time.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    undone_reason = models.CharField(max_length=500, blank=True)

    visibility = Visibility(
        view="duplicate.view", reason="names entries of several districts: for city-wide posts"
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], name="merge_once", condition=Q(undone_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.absorbed_id} → {self.into_id}"
