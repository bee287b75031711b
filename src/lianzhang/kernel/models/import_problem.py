from __future__ import annotations

from django.db import models

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class ImportProblem(models.Model):
    """One mistake or doubt in a delivered file: where it stands, which value, which rule (the words are made when shown)."""

    delivery = models.ForeignKey("kernel.Import", on_delete=models.CASCADE, related_name="problems")
    severity = models.CharField(max_length=8)
    sheet = models.CharField(max_length=120, blank=True)
    row = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=200, blank=True)
    letter = models.CharField(max_length=4, blank=True)
    value = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=20, blank=True)
    params = models.JSONField(default=dict)

    visibility = Visibility(view="import.view", person="delivery__owner_id")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["delivery", "code"])]

    def __str__(self) -> str:
        return f"{self.sheet}:{self.row} {self.code}"
