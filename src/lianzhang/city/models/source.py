from __future__ import annotations

from django.db import models

from lianzhang.city.labels import Labelled, in_script
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Source(Labelled):
    """Who delivers data: its use, its rank when two sources differ (lower wins), its usual units, whom to ask, and what
    was agreed for each data set (`dataset cycle grace since refused_share`)."""

    code = models.CharField(max_length=60, unique=True)
    use = models.CharField(max_length=16, default="administrative")
    rank = models.PositiveSmallIntegerField(default=50)
    units = models.JSONField(default=dict)
    contact = models.JSONField(default=dict)
    deliveries = models.JSONField(default=list)

    @property
    def contact_label(self) -> str:
        """The office to ask, in the reader's language."""
        return in_script(self.contact.get("zh", ""), self.contact.get("en", ""))

    visibility = Visibility(everyone=True, reason="where a figure comes from is always shown")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "code"]
