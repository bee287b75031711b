"""Links: who supplied whom, with which class of product, for how much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lianzhang.domains.chains.deliveries.purchases import Purchases
from lianzhang.domains.chains.models import SupplyLink
from lianzhang.kernel.scope import Actor


class SupplyLinks(Purchases):
    """The data set `supply_links`. A link of an enterprise with itself is kept; the network leaves it out, counted."""

    code = "supply_links"
    key = ("supplier_uscc", "buyer_uscc", "product_code", "period")
    model = SupplyLink
    firms = {"supplier_uscc": "supplier_id", "buyer_uscc": "buyer_id"}

    def export(self, actor: Actor) -> tuple[list[str], Iterator[list[Any]]]:
        columns = [
            "supplier_uscc",
            "buyer_uscc",
            "product_code",
            "value",
            "period",
            "source",
            "as_of",
            "provenance",
        ]
        query = (
            SupplyLink.objects.visible_to(actor)
            .filter(current=True, supplier__registered=True, buyer__registered=True)
            .select_related("supplier", "buyer")
            .order_by("id")
        )
        return columns, (
            [
                link.supplier.uscc,
                link.buyer.uscc,
                link.product_code or None,
                link.value,
                link.period,
                link.source,
                link.as_of,
                link.provenance or ("synthetic" if link.supplier.synthetic else None),
            ]
            for link in query.iterator(chunk_size=2000)
        )
