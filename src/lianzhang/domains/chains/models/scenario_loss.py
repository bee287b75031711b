from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class ScenarioLoss(models.Model):
    """What one enterprise loses in a scenario, and why. Shares of its level; `yuan` is share times yearly revenue."""

    class Cause(models.TextChoices):
        NONE = "none", _("not hit")
        SHOCK = "shock", _("stopped itself")
        ESSENTIAL = "essential", _("an essential input is missing")
        INPUTS = "inputs", _("inputs are missing")
        ORDERS = "orders", _("orders are missing")

    run = models.ForeignKey("chains.ScenarioRun", on_delete=models.CASCADE, related_name="losses")
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveIntegerField()
    shock = models.FloatField()
    down = models.FloatField()
    up = models.FloatField()
    loss = models.FloatField()
    revenue = models.FloatField()
    yuan = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    cause = models.CharField(max_length=10, choices=Cause.choices)
    product_code = models.CharField(max_length=4, blank=True)
    partner = models.ForeignKey("registry.Enterprise", null=True, on_delete=models.SET_NULL, related_name="+")

    visibility = Visibility(view="risk.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["run", "rank"]
        constraints = [models.UniqueConstraint(fields=["run", "enterprise"], name="loss_once")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.enterprise_id}"
