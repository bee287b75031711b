from __future__ import annotations

from django.db import models
from django.urls import reverse

from lianzhang.kernel import time
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Scenario(models.Model):
    """A question "what if these stop": references of enterprises, districts and chains, and the share they lose."""

    title = models.CharField(max_length=120)
    stops = models.JSONField(default=list)
    loss = models.FloatField()
    owner = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=time.now)

    visibility = Visibility(view="risk.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("chains:scenario", args=[self.pk])

    @property
    def ref(self) -> str:
        return f"scenario:{self.pk}"
