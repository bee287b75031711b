"""Sums by number, always as float64, also of nothing."""

from __future__ import annotations

import numpy as np

from .model import Floats, Ints


def sums(number: Ints, amount: Floats, size: int) -> Floats:
    """Sum of ``amount`` for each of the numbers 0..size-1."""
    return np.bincount(number, amount, size).astype(np.float64)
