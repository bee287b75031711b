"""Statistics of a supply network that are compared with published ones."""

from typing import NamedTuple

import numpy as np


class Shape(NamedTuple):
    """Mean degree, tail exponents of the cumulative degree distributions (Hill, 200 largest), degree
    assortativity of the undirected graph, share of firms in the largest weak component."""

    degree: float
    exponent_out: float
    exponent_in: float
    assortativity: float
    weak_component: float


def network_shape(supplier: np.ndarray, buyer: np.ndarray, firms: int) -> Shape:
    """Measure the network of distinct supplier–buyer pairs among `firms` firms."""
    pairs = np.unique(supplier.astype(np.int64) * firms + buyer)
    source, target = pairs // firms, pairs % firms
    out_degree, in_degree = np.bincount(source, minlength=firms), np.bincount(target, minlength=firms)
    both = np.unique(np.minimum(source, target) * firms + np.maximum(source, target))
    left, right = both // firms, both % firms
    degree = np.bincount(left, minlength=firms) + np.bincount(right, minlength=firms)
    ends = np.concatenate([degree[left], degree[right]]), np.concatenate([degree[right], degree[left]])
    return Shape(
        len(pairs) / firms,
        tail_exponent(out_degree),
        tail_exponent(in_degree),
        float(np.corrcoef(*ends)[0, 1]),
        largest_component(left, right, firms),
    )


def tail_exponent(degree: np.ndarray, largest: int = 200) -> float:
    """Return Hill's estimate from the `largest` values (a third of them in a small network), NaN without spread."""
    ordered = np.sort(degree[degree > 0])[::-1].astype(float)
    count = min(largest, len(ordered) // 3)
    if count == 0 or ordered[0] == ordered[count]:
        return float("nan")
    return float(1.0 / np.mean(np.log(ordered[:count] / ordered[count])))


def largest_component(left: np.ndarray, right: np.ndarray, firms: int) -> float:
    """Return the share of the largest component: labels sink to the smallest number of the component."""
    label = np.arange(firms)
    while True:
        lowest = label.copy()
        np.minimum.at(lowest, left, label[right])
        np.minimum.at(lowest, right, label[left])
        lowest = lowest[lowest]
        if np.array_equal(lowest, label):
            return float(np.bincount(label).max() / firms)
        label = lowest
