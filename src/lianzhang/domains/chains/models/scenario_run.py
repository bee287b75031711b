from __future__ import annotations

from django.db import models

from lianzhang.domains.chains.model_names import readable
from lianzhang.kernel import time
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class ScenarioRun(models.Model):
    """One answer to a scenario. Money in yuan of output a year at full effect of the stop.

    `totals`, `by_chain`, `by_district` hold sums with low and high ends under the three assumptions on essential
    inputs; the losses of all enterprises lie in a table under `losses_sha256`.
    """

    scenario = models.ForeignKey("chains.Scenario", on_delete=models.CASCADE, related_name="runs")
    snapshot = models.ForeignKey(
        "chains.NetworkSnapshot", null=True, on_delete=models.PROTECT, related_name="+"
    )
    engine_version = models.CharField(max_length=60, blank=True)
    parameters = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    by_chain = models.JSONField(default=list)
    by_district = models.JSONField(default=list)
    losses_sha256 = models.CharField(max_length=64, blank=True)
    finished = models.BooleanField(default=False)
    at = models.DateTimeField(default=time.now)
    job = models.ForeignKey("kernel.Job", null=True, on_delete=models.SET_NULL, related_name="+")

    visibility = Visibility(view="risk.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.scenario_id}#{self.pk}"

    @property
    def model(self) -> str:
        """The model's name and version in words; `engine_version` is the exact one."""
        return readable(self.engine_version)
