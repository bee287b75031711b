from __future__ import annotations

from django.db import models
from django.urls import reverse

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class Situation(models.Model):
    """A disruption that the city answers: one mother matter, one matter for each enterprise hit.

    State, clocks and history are the mother matter's. `scope` keeps what the scenario stopped and how the enterprises
    were chosen; `days` is how long the effect is expected to last; `key` makes a repeated request find what it opened.
    """

    matter = models.OneToOneField("casework.Matter", on_delete=models.PROTECT, related_name="situation")
    scenario = models.ForeignKey(
        "chains.Scenario", null=True, on_delete=models.PROTECT, related_name="situations"
    )
    run = models.ForeignKey("chains.ScenarioRun", null=True, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey("chains.Chain", on_delete=models.PROTECT, related_name="situations")
    scope = models.JSONField(default=dict)
    days = models.PositiveSmallIntegerField()
    opened_on = models.DateField()
    key = models.CharField(max_length=64, unique=True)

    visibility = Visibility(view="situation.view")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.matter)

    def get_absolute_url(self) -> str:
        return reverse("chains:situation", args=[self.pk])

    @property
    def ref(self) -> str:
        """The subject of its events."""
        return f"situation:{self.pk}"

    @property
    def model_version(self) -> str:
        """The model behind the estimates: engine and run; empty without a scenario."""
        return f"{self.run.engine_version} #{self.run.pk}".strip() if self.run else ""
