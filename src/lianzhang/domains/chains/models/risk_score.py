from __future__ import annotations

from django.db import models

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class RiskScore(models.Model):
    """The share of all output in the network that is lost when one enterprise stops.

    `esri` under the survey of essential inputs; `low` and `high` the ends under all three assumptions
    (computed for the first ranks only). A list of
    targets: seen only by roles with `risk.view` over the whole city, never by districts, banks or enterprises.
    """

    run = models.ForeignKey("chains.RiskRun", on_delete=models.CASCADE, related_name="scores")
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveIntegerField()
    esri = models.FloatField()
    esri_down = models.FloatField()
    esri_up = models.FloatField()
    own_share = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)

    visibility = Visibility(view="risk.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["run", "rank"]
        constraints = [models.UniqueConstraint(fields=["run", "enterprise"], name="score_once")]
        indexes = [models.Index(fields=["run", "rank"])]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.rank}"
