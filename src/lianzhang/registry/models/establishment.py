from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.models.delivered import Delivered
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Establishment(Delivered):
    """A plant or site of an enterprise, as one source delivered it; `current` marks the word in force. It is seen where
    it lies and where its enterprise lies: a district sees the plants in its area of an enterprise registered elsewhere."""

    enterprise = models.ForeignKey(
        "registry.Enterprise", on_delete=models.CASCADE, related_name="establishments"
    )
    site = models.CharField(_("plant"), max_length=120)
    district = models.ForeignKey("city.Area", null=True, on_delete=models.PROTECT, related_name="+")
    area_path = models.CharField(max_length=120, blank=True, db_index=True)
    street = models.CharField(max_length=80, blank=True)
    address = models.CharField(max_length=300, blank=True)
    industry = models.ForeignKey("city.Industry", null=True, on_delete=models.PROTECT, related_name="+")
    opened = models.DateField(null=True)
    closed = models.DateField(null=True)
    employees = models.FloatField(null=True)
    output = models.FloatField(null=True)
    said = models.JSONField(default=dict)
    current = models.BooleanField(default=True)

    visibility = Visibility(
        view="enterprise.view", area=("area_path", "enterprise__area_path"), enterprise="enterprise_id"
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["enterprise", "site"]
        indexes = [models.Index(fields=["enterprise", "current"]), models.Index(fields=["delivery"])]

    def __str__(self) -> str:
        return self.site


class GroupTie(Delivered):
    """That an enterprise belongs to a parent company, with its share (0..1) and the days from and to, as one source
    delivered it. The parent may be outside the register: then only its name and code are known."""

    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="parents")
    parent = models.ForeignKey(
        "registry.Enterprise", null=True, on_delete=models.SET_NULL, related_name="subsidiaries"
    )
    parent_uscc = models.CharField(max_length=18, blank=True, db_index=True)
    parent_name = models.CharField(_("parent company"), max_length=200)
    share = models.FloatField(null=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    said = models.JSONField(default=dict)
    current = models.BooleanField(default=True)

    visibility = Visibility(
        view="enterprise.view", area="enterprise__area_path", enterprise=("enterprise_id", "parent_id")
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["enterprise", "-since"]
        indexes = [
            models.Index(fields=["enterprise", "current"], name="group_tie_current"),
            models.Index(fields=["delivery"], name="group_tie_delivery"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} ← {self.parent_name}"
