from __future__ import annotations

from django.db import models
from django.utils import timezone

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class CatalogueVersion(models.Model):
    """A loaded catalogue: objects keep the version they were made under."""

    city = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(default=timezone.now)
    content = models.JSONField()

    visibility = Visibility(
        everyone=True, public=models.Q(pk__gt=0), reason="the catalogue holds no personal data"
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.city} {self.digest[:8]}"
