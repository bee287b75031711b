"""Deliveries about enterprises: the roster (`enterprises`), yearly facts (`filings`), titles, plants, groups."""

from __future__ import annotations

from lianzhang.kernel.imports import dataset
from lianzhang.registry.deliveries.enterprises import Enterprises
from lianzhang.registry.deliveries.establishments import Establishments
from lianzhang.registry.deliveries.filings import Filings
from lianzhang.registry.deliveries.groups import Groups
from lianzhang.registry.deliveries.titles import Titles


def register() -> None:
    """Offer the registry's data sets."""
    for each in (Enterprises(), Filings(), Titles(), Establishments(), Groups()):
        dataset.register(each)
