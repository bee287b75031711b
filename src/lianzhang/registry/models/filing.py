from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianzhang.kernel.models.delivered import Delivered
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Filing(Delivered):
    """What one source said about one enterprise, for one period (empty: standing facts), in one delivery. `held`: what
    was said for use by consent where no consent covers it; nothing reads it but `consents`."""

    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="filings")
    period = models.CharField(max_length=10, blank=True)
    values = models.JSONField()
    held = models.JSONField(default=dict)

    visibility = Visibility(
        view="filing.view",
        area="enterprise__area_path",
        enterprise="enterprise_id",
        limits={"filing.statistical": ~Q(use="statistical")},
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["enterprise", "period", "source"]), models.Index(fields=["delivery"])]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.period} {self.source}"
