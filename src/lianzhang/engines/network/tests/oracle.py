"""A slow, literal reading of the recursion, sharing no code with the engine: the judge of the fast kernels."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from hypothesis import reject


@dataclass
class Raw:
    """Plain description of a small network; ``rating[(supplying, buying)]`` defaults to 1."""

    product: list[int]
    revenue: list[float]
    links: list[tuple[int, int, float]]
    outside: list[tuple[int, int, float]] = field(default_factory=list)
    rating: dict[tuple[int, int], int] = field(default_factory=dict)
    n_products: int = 0

    def __post_init__(self) -> None:
        seen = [*self.product, *(k for _, k, _ in self.outside), *(k for pair in self.rating for k in pair)]
        self.n_products = self.n_products or max(seen) + 1


def levels(raw, psi, market, step, most=3_000):
    """Levels (down, up) and rounds: synchronous rounds until no level falls by more than ``step``.

    The slack of 1e-9 lets a fall of exactly ``step`` go on, as the engine promises.
    """
    n = len(raw.product)
    w = np.zeros((n, n))
    for i, j, value in raw.links:
        if i != j:
            w[i, j] += value
    sales = w.sum(axis=1)
    revenue = np.array([max(r, s) if r == r else s for r, s in zip(raw.revenue, sales, strict=True)])
    need = np.zeros((n, raw.n_products + 1))
    for i in range(n):
        need[:, raw.product[i]] += w[i]
    for j, k, value in raw.outside:
        need[j, k] += value
    cost = need.sum(axis=1)
    product = [k % (raw.n_products + 1) for k in raw.product]
    down, up = psi.copy(), psi.copy()  # product -1, the unknown one, is the last
    for count in range(1, most):
        new_down, new_up = psi.copy(), psi.copy()
        for j in range(n):
            other = 0.0
            for k in range(raw.n_products + 1):
                kind = raw.rating.get((k, product[j]), 1)
                missing = 0.0
                for i in range(n):
                    if product[i] == k and w[i, j] > 0:
                        alive = sum(market[m] * down[m] for m in range(n) if product[m] == k)
                        if market[i] == 0:
                            share = 0.0
                        else:
                            share = 1.0 if market[i] >= alive else market[i] / alive
                        missing += w[i, j] * share * (1 - down[i])
                if missing and kind == 2:
                    new_down[j] = min(new_down[j], 1 - missing / need[j, k])
                elif missing and kind == 1:
                    other += missing / cost[j]
            new_down[j] = max(0.0, min(new_down[j], 1 - other))
            if revenue[j] > 0:
                new_up[j] = max(
                    0.0, min(psi[j], 1 - sum(w[j, c] * (1 - up[c]) for c in range(n)) / revenue[j])
                )
        fall = max((down - new_down).max(), (up - new_up).max())
        down, up = new_down, new_up
        if fall <= step * (1 - 1e-9):
            return down, up, count
    reject()  # a network on which the slow way takes too long to be a judge


def used_revenue(raw):
    """Revenue, or the sales in the links where these are larger or the revenue is not known."""
    sales = np.zeros(len(raw.product))
    for i, j, value in raw.links:
        sales[i] += value if i != j else 0.0
    return np.fmax(np.array(raw.revenue, float), sales)


def index(raw, market, weight, step):
    """ESRI joined, down, up and rounds of every firm."""
    rows = []
    for firm in range(len(raw.product)):
        psi = np.ones(len(raw.product))
        psi[firm] = 0.0
        down, up, count = levels(raw, psi, market, step)
        share = weight / weight.sum()
        rows.append((share @ (1 - np.minimum(down, up)), share @ (1 - down), share @ (1 - up), count))
    return np.array(rows).T
