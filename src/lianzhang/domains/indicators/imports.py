"""The data set `indicators`."""

from __future__ import annotations

from lianzhang.domains.indicators.deliveries.indicators import Indicators
from lianzhang.kernel.imports import dataset


def register() -> None:
    """Offer the data set."""
    dataset.register(Indicators())
