from __future__ import annotations

from django.db import models
from django.urls import reverse

from lianzhang.domains.chains.model_names import readable
from lianzhang.kernel import time
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class RiskRun(models.Model):
    """One computation of the systemic risk of every enterprise in the network; `summary` holds the shape facts."""

    snapshot = models.ForeignKey(
        "chains.NetworkSnapshot", null=True, on_delete=models.PROTECT, related_name="risk_runs"
    )
    engine_version = models.CharField(max_length=60, blank=True)
    parameters = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    finished = models.BooleanField(default=False)
    at = models.DateTimeField(default=time.now)
    job = models.ForeignKey("kernel.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.ForeignKey("kernel.User", null=True, on_delete=models.PROTECT, related_name="+")

    visibility = Visibility(view="risk.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"#{self.pk} {self.at:%F}"

    def get_absolute_url(self) -> str:
        return reverse("chains:risk")

    @property
    def ref(self) -> str:
        return f"risk_run:{self.pk}"

    @property
    def model(self) -> str:
        """The model's name and version in words; `engine_version` is the exact one."""
        return readable(self.engine_version)
