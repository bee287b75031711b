from __future__ import annotations

from django.db import models
from django.utils import timezone

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class NetworkSnapshot(models.Model):
    """The production network as it stood: typed tables under their content's hash, with a manifest.

    `basis` names the state of the ledgers it was drawn from, so that an unchanged state is not drawn twice.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    basis = models.CharField(max_length=120, db_index=True)
    period = models.CharField(max_length=10)
    manifest = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)

    visibility = Visibility(view="risk.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.sha256[:12]
