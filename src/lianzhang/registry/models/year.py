from __future__ import annotations

from typing import Any

from django.db import models

from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class YearFacts(models.Model):
    """The resolved yearly facts of an enterprise: a projection of its filings (statistical returns left out).

    Money in yuan, people, tce, kWh, mu. `origin` tells the filing behind each value, `conflicts` what other sources said.
    """

    enterprise = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    revenue = models.FloatField(null=True)
    output = models.FloatField(null=True)
    value_added = models.FloatField(null=True)
    profit = models.FloatField(null=True)
    tax = models.FloatField(null=True)
    employees = models.FloatField(null=True)
    rd_expense = models.FloatField(null=True)
    rd_staff = models.FloatField(null=True)
    energy_tce = models.FloatField(null=True)
    electricity_kwh = models.FloatField(null=True)
    land_mu = models.FloatField(null=True)
    assets = models.FloatField(null=True)
    liabilities = models.FloatField(null=True)
    other = models.JSONField(default=dict)
    origin = models.JSONField(default=dict)
    conflicts = models.JSONField(default=dict)

    visibility = Visibility(view="filing.view", area="enterprise__area_path", enterprise="enterprise_id")
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["enterprise", "year"]
        constraints = [models.UniqueConstraint(fields=["enterprise", "year"], name="year_facts_once")]
        indexes = [models.Index(fields=["year", "-revenue"])]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.year}"

    def value(self, code: str) -> Any:
        """A fact by its code, None when unknown."""
        return getattr(self, code) if code in TYPED else self.other.get(code)


TYPED = tuple(f.name for f in YearFacts._meta.local_fields if isinstance(f, models.FloatField))
