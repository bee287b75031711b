from __future__ import annotations

from django.db import models

from lianzhang.kernel.models.delivered import Delivered
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class MatterRecord(Delivered):
    """A line of an older ledger of matters as one delivery brought it; the matter is made from the last word of all."""

    number = models.CharField(max_length=40, db_index=True)
    values = models.JSONField(default=dict)

    visibility = Visibility(
        view="audit.view", reason="lines of deliveries; the matter made of them is shown instead"
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["delivery"], name="matter_record_delivery")]

    def __str__(self) -> str:
        return self.number


class MatterEventRecord(Delivered):
    """A step of an older ledger as one delivery brought it, and the number it has in the matter's chain of events."""

    matter = models.ForeignKey("casework.Matter", on_delete=models.CASCADE, related_name="event_records")
    seq = models.PositiveIntegerField()

    visibility = Visibility(
        view="audit.view", reason="lines of deliveries; the chain of events is shown instead"
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["delivery"], name="matter_step_delivery")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.seq}"
