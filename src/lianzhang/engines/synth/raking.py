"""Iterative proportional fitting (Deming and Stephan 1940): tables and weighted units to margins."""

from collections.abc import Callable, Sequence

import numpy as np


def fit_table(seed: np.ndarray, rows: np.ndarray, columns: np.ndarray, rounds: int = 500) -> np.ndarray:
    """Scale `seed` (r×c, ≥ 0) to the row and column sums; the sums must agree and zeros stay zero."""
    table = seed.astype(float).copy()
    for _ in range(rounds):
        table *= _ratio(rows, table.sum(1))[:, None]
        table *= _ratio(columns, table.sum(0))[None, :]
    return table


def rake(
    values: np.ndarray,
    margins: Sequence[tuple[np.ndarray, np.ndarray]],
    bound: Callable[[np.ndarray], np.ndarray] | None = None,
    rounds: int = 400,
) -> np.ndarray:
    """Scale unit `values` so that every margin (group index per unit, target per group) is met.

    Units may be held inside a range by `bound`; it is applied before the margins of each round, so the
    last word belongs to the margins. A group whose target is NaN is left free.
    """
    result = values.astype(float).copy()
    for _ in range(rounds):
        if bound is not None:
            result = bound(result)
        for group, target in margins:
            sums = np.bincount(group, result, len(target))
            result *= np.where(np.isnan(target), 1.0, _ratio(target, sums))[group]
    return result


def keep_above(values: np.ndarray, floor: float) -> np.ndarray:
    """Lift values below `floor` to it and take the difference from the parts above it in proportion; the
    sum stays. Values that are all above stay as they are.

    Raises ValueError when the sum is too small for so many units.
    """
    excess = np.maximum(values - floor, 0.0)
    room = values.sum() - floor * len(values)
    if room < 0:
        raise ValueError(f"{len(values)} units of at least {floor:g} do not fit into {values.sum():g}")
    return values.copy() if values.min() >= floor else floor + excess * (room / excess.sum())


def _ratio(target: np.ndarray, actual: np.ndarray) -> np.ndarray:
    return np.divide(target, actual, out=np.ones_like(actual, dtype=float), where=actual > 0)
