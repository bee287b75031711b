from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import time
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class RefusedRow(models.Model):
    """A row that an applied delivery refused: where it stood, what it said, why, and where it came back mended."""

    class State(models.TextChoices):
        OPEN = "open", _("not mended")
        MENDED = "mended", _("mended")
        AGAIN = "again", _("refused again")

    delivery = models.ForeignKey("kernel.Import", on_delete=models.CASCADE, related_name="refused_rows")
    source = models.CharField(max_length=80, blank=True)
    dataset = models.CharField(max_length=40)
    sheet = models.CharField(max_length=200, blank=True)
    row = models.PositiveIntegerField()
    content = models.CharField(max_length=64)
    key = models.CharField(max_length=200, blank=True)
    cells = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    at = models.DateTimeField(default=time.now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    successor = models.ForeignKey(
        "kernel.Import", null=True, on_delete=models.SET_NULL, related_name="mended_rows"
    )
    successor_sheet = models.CharField(max_length=200, blank=True)
    successor_row = models.PositiveIntegerField(null=True)
    settled_at = models.DateTimeField(null=True)

    visibility = Visibility(
        view="import.view",
        person="delivery__owner_id",
        limits={"filing.statistical": ~Q(delivery__use="statistical")},
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["dataset", "state", "row"]),
            models.Index(fields=["source", "state"]),
            models.Index(fields=["content"]),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.sheet}:{self.row}"
