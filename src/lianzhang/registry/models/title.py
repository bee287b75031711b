from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.models.delivered import Delivered
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Title(Delivered):
    """A title that an enterprise holds, as one source delivered it; `current` marks the word in force."""

    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="titles")
    title = models.CharField(_("title"), max_length=120, db_index=True)
    level = models.CharField(_("level"), max_length=40, blank=True)
    batch = models.CharField(_("batch"), max_length=60, blank=True)
    granted_on = models.DateField(_("granted on"), null=True)
    expires_on = models.DateField(_("expires on"), null=True)
    award = models.FloatField(_("award"), null=True)
    paid = models.FloatField(_("paid of the award"), null=True)
    current = models.BooleanField(default=True)

    visibility = Visibility(
        view="title.view",
        area="enterprise__area_path",
        enterprise="enterprise_id",
        limits={"filing.statistical": ~Q(use="statistical")},
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["enterprise", "title", "granted_on"]
        indexes = [models.Index(fields=["title", "current"]), models.Index(fields=["delivery"])]

    def __str__(self) -> str:
        return self.title
