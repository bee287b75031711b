from __future__ import annotations

from django.db import models

from lianzhang.domains.chains.models.scenario_loss import ScenarioLoss
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class SituationFirm(models.Model):
    """An enterprise hit in a situation, with its matter and the estimate at the time it was added.

    `share` is the relative loss (0..1) of the scenario; `per_day`, `low`, `high` are yuan of output a day, the ends
    under the three assumptions on essential inputs; all are empty (unknown) for an enterprise added by hand that no
    scenario names. What was recovered stands in the matter.
    """

    situation = models.ForeignKey("chains.Situation", on_delete=models.CASCADE, related_name="firms")
    matter = models.OneToOneField("casework.Matter", on_delete=models.PROTECT, related_name="situation_firm")
    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.PROTECT, related_name="+")
    rear = models.ForeignKey("city.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=10, choices=ScenarioLoss.Cause.choices, blank=True)
    share = models.FloatField(null=True)
    per_day = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)

    visibility = Visibility(view="situation.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["situation", "id"]
        constraints = [
            models.UniqueConstraint(fields=["situation", "enterprise"], name="situation_firm_once")
        ]

    def __str__(self) -> str:
        return f"{self.situation_id}: {self.enterprise_id}"
