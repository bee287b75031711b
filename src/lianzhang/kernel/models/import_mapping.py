from __future__ import annotations

from django.db import models

from lianzhang.kernel import time
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class ImportMapping(models.Model):
    """What a person decided about the columns of a source's files of a data set; offered again with the next delivery."""

    source = models.CharField(max_length=80)
    dataset = models.CharField(max_length=40)
    mapping = models.JSONField(default=dict)
    owner = models.ForeignKey("kernel.User", null=True, on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField(default=time.now)

    visibility = Visibility(view="import.view", person="owner_id")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "dataset", "owner"], name="import_mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.dataset}"
