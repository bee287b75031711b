from __future__ import annotations

from django.db import models
from django.db.models import Q

from lianzhang.domains.chains.models.ledger import Purchase
from lianzhang.kernel.scope import ScopedQuerySet, Visibility


class SupplyLink(Purchase):
    """What one enterprise bought from another in a year: a class of GB/T 4754 and an amount."""

    supplier = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="sales_links")
    buyer = models.ForeignKey("registry.Enterprise", on_delete=models.CASCADE, related_name="purchase_links")

    visibility = Visibility(
        view="link.view",
        area=("supplier__area_path", "buyer__area_path"),
        enterprise=("supplier_id", "buyer_id"),
        limits={"filing.statistical": ~Q(use="statistical")},
    )
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["counted", "product_code", "value"])]

    def __str__(self) -> str:
        return f"{self.supplier_id} → {self.buyer_id} {self.product_code} {self.period}"
