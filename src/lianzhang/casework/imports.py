"""Deliveries of casework: ledgers of matters (`matters`) and their steps (`matter_events`)."""

from __future__ import annotations

from lianzhang.casework.deliveries.matter_events import MatterEvents
from lianzhang.casework.deliveries.matters import Matters
from lianzhang.kernel.imports import dataset


def register() -> None:
    """Offer casework's data sets."""
    for each in (Matters(), MatterEvents()):
        dataset.register(each)
