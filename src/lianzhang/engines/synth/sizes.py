"""Firm sizes: deterministic quantiles of a bounded Pareto distribution.

Random draws of so heavy a tail would miss the city's total by half; quantiles do not. Exponents of
Chinese industrial firms between 0.64 and 0.83 (Peng and Xia, 1998-2007) enclose what the fit finds.
"""

from typing import NamedTuple

import numpy as np


class Sizes(NamedTuple):
    """Outputs in descending order (yuan) and the fitted exponent of the cumulative distribution."""

    values: np.ndarray
    alpha: float


def bounded_pareto(count: int, low: float, high: float, alpha: float) -> np.ndarray:
    """Return `count` mid-point quantiles, descending, of a Pareto(alpha) bounded to [low, high]."""
    upper = (np.arange(count) + 0.5) / count
    kept = 1.0 - (low / high) ** alpha
    return low * (1.0 - (1.0 - upper) * kept) ** (-1.0 / alpha)


def fit_sizes(count: int, low: float, high: float, total: float) -> Sizes:
    """Fit the exponent by bisection so that the quantiles sum to `total`.

    Raises ValueError when no exponent in (0.01, 5) can reach the total between these bounds.
    """
    flat, steep = 0.01, 5.0
    most = bounded_pareto(count, low, high, flat).sum()
    least = bounded_pareto(count, low, high, steep).sum()
    if not least < total < most:
        raise ValueError(f"total {total:.4g} of {count} firms lies outside {least:.4g}..{most:.4g}")
    for _ in range(100):
        middle = (flat + steep) / 2
        if bounded_pareto(count, low, high, middle).sum() > total:
            flat = middle
        else:
            steep = middle
    return Sizes(bounded_pareto(count, low, high, steep), steep)
