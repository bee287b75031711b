"""The data sets of the chains: `supply_links` and `outside_purchases`."""

from __future__ import annotations

from lianzhang.domains.chains.deliveries.outside_purchases import OutsidePurchases
from lianzhang.domains.chains.deliveries.supply_links import SupplyLinks
from lianzhang.kernel.imports import dataset


def register() -> None:
    """Offer the data sets."""
    dataset.register(SupplyLinks())
    dataset.register(OutsidePurchases())
