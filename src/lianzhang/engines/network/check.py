"""Checks of raw columns: every offending row is named, none is corrected."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .model import NetworkError, Problem

LARGEST = 1e200
"""Amounts above this would overflow when they are summed and divided."""


def checked_indices(
    table: str, name: str, column: NDArray, size: int, problems: list[Problem], *, lowest: int = 0
) -> None:
    """Append a problem for each number that is not whole or not in lowest..size-1."""
    numbers = np.asarray(column, np.float64)
    bad = ~((numbers >= lowest) & (numbers < size) & (numbers == np.floor(numbers)))
    for row in np.flatnonzero(bad):
        text = f"{name} {column[row]} is unknown, expected a whole number {lowest}..{size - 1}"
        problems.append(Problem(table, int(row), text))


def checked_amounts(
    table: str, name: str, column: NDArray, problems: list[Problem], *, unknown_allowed: bool = False
) -> None:
    """Append a problem for each amount that is negative or not finite (NaN may mean unknown)."""
    amounts = np.asarray(column, np.float64)
    bad = ~((amounts >= 0) & (amounts <= LARGEST))
    if unknown_allowed:
        bad &= ~np.isnan(amounts)
    for row in np.flatnonzero(bad):
        problems.append(Problem(table, int(row), f"{name} {amounts[row]} is not a finite number >= 0"))


def raise_if(problems: list[Problem]) -> None:
    """Raise :class:`NetworkError` when there is any problem."""
    if problems:
        raise NetworkError(problems)
