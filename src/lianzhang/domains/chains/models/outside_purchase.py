from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianzhang.domains.chains.models.ledger import Purchase
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class OutsidePurchase(Purchase):
    """What an enterprise bought in a year from suppliers outside the city."""

    enterprise = models.ForeignKey(
        "registry.Enterprise", on_delete=models.CASCADE, related_name="outside_purchases"
    )

    visibility = Visibility(
        view="link.view",
        area="enterprise__area_path",
        enterprise="enterprise_id",
        limits={"filing.statistical": ~Q(use="statistical")},
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["counted", "product_code", "value"])]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.product_code} {self.period}"
