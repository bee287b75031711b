"""Purchases from outside the city: without them the needs of an enterprise would look smaller than they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lianzhang.domains.chains.deliveries.purchases import Purchases
from lianzhang.domains.chains.models import OutsidePurchase
from lianzhang.kernel.scope import Actor


class OutsidePurchases(Purchases):
    """The data set `outside_purchases`."""

    code = "outside_purchases"
    key = ("uscc", "product_code", "period")
    model = OutsidePurchase
    firms = {"uscc": "enterprise_id"}

    def export(self, actor: Actor) -> tuple[list[str], Iterator[list[Any]]]:
        columns = ["uscc", "product_code", "value", "period", "source", "as_of", "provenance"]
        query = (
            OutsidePurchase.objects.visible_to(actor)
            .filter(current=True, enterprise__registered=True)
            .select_related("enterprise")
            .order_by("id")
        )
        return columns, (
            [
                row.enterprise.uscc,
                row.product_code,
                row.value,
                row.period,
                row.source,
                row.as_of,
                row.provenance or ("synthetic" if row.enterprise.synthetic else None),
            ]
            for row in query.iterator(chunk_size=2000)
        )
