from __future__ import annotations

from django.db import models

from lianzhang.kernel import time
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class PlacementCorrection(models.Model):
    """A person's word on whether an enterprise belongs to a segment. Rows stay; the newest one not undone holds.

    `change` joins the rows of one decision (a move speaks of two segments) and is the number of its event.
    """

    enterprise = models.ForeignKey(
        "registry.Enterprise", on_delete=models.CASCADE, related_name="placement_corrections"
    )
    segment = models.ForeignKey("chains.Segment", on_delete=models.CASCADE, related_name="corrections")
    belongs = models.BooleanField()
    reason = models.CharField(max_length=500)
    change = models.PositiveBigIntegerField(db_index=True)
    at = models.DateTimeField(default=time.now)
    by = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    undone = models.BooleanField(default=False)

    visibility = Visibility(
        view="placement.correct", area="enterprise__area_path", enterprise="enterprise_id"
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {'@' if self.belongs else '≠'} {self.segment_id}"
