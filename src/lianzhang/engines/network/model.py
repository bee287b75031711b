"""The production network as arrays: what every calculation of this engine reads.

Firms are numbered 0..n-1 and products 0..P-1 (a firm makes one product). Money is yearly and in
any one unit: no result depends on the unit. A link is one supplier-customer pair.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]
Classes = NDArray[np.uint8]

NEGLIGIBLE, NON_ESSENTIAL, ESSENTIAL = 0, 1, 2
"""Classes of an input: its loss does nothing, takes its cost share, stops production in proportion."""


@dataclass(frozen=True)
class Problem:
    """One mistake in the input: ``table`` and ``row`` (0-based) say where, ``message`` why."""

    table: str
    row: int
    message: str


class NetworkError(ValueError):
    """The input is no network; ``problems`` lists every mistake found, in the order of the tables."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{first.table} row {first.row}: {first.message}{more}")


@dataclass(frozen=True)
class Audit:
    """What was changed while the network was built, so that nothing is lost silently.

    ``revenue_raised`` and ``revenue_unknown`` are firm numbers whose revenue was below the sales in
    the links, or not known: the sales are used. ``unknown_product`` counts firms without a product.
    """

    self_links: int = 0
    merged_links: int = 0
    unknown_product: int = 0
    revenue_raised: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    revenue_unknown: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True)
class Ratings:
    """Essentiality of inputs by (supplying product, buying product); a pair not listed is 1.

    ``key`` is sorted, ``key = supplier_product * n_products + buyer_product``; ``rating`` is 0, 1 or 2.
    """

    key: Ints
    rating: Classes

    def of(self, supplier_product: Ints, buyer_product: Ints, n_products: int) -> Classes:
        """Class of each pair, shape of the arguments; pairs not listed and unknown products give 1."""
        wanted = supplier_product.astype(np.int64) * n_products + buyer_product
        if not len(self.key):
            return np.full(wanted.shape, NON_ESSENTIAL, np.uint8)
        at = np.minimum(np.searchsorted(self.key, wanted), len(self.key) - 1)
        return np.where(self.key[at] == wanted, self.rating[at], NON_ESSENTIAL).astype(np.uint8)


@dataclass(frozen=True)
class Network:
    """A validated production network.

    Links are merged, without self-links, sorted by supplier, then customer; ``out_ptr[i]`` is the first
    link of supplier i. ``by_customer`` orders the same links by customer, with ``in_ptr``. Firms by
    product: ``market_firm[market_ptr[p]:market_ptr[p + 1]]``. The last product of ``n_products`` holds
    the firms whose product is not known. ``down_coef`` and ``up_coef`` are the two kinds of dependence
    (README, "Coefficients"), ``link_slot`` the shortage each link feeds: an essential (customer, product)
    pair below ``n_essential``, the non-essential sum of customer j at ``n_essential + j``, -1 for class 0.
    """

    n: int
    n_products: int
    product: Ints
    revenue: Floats
    sales: Floats
    inputs: Floats
    supplier: Ints
    customer: Ints
    value: Floats
    out_ptr: Ints
    by_customer: Ints
    in_ptr: Ints
    market_ptr: Ints
    market_firm: Ints
    link_class: Classes
    link_need: Floats
    link_slot: Ints
    n_essential: int
    down_coef: Floats
    up_coef: Floats
    audit: Audit

    @property
    def n_links(self) -> int:
        """Number of merged links."""
        return len(self.value)

    @property
    def unknown_product(self) -> int:
        """The product number under which firms without a known product stand."""
        return self.n_products - 1

    @property
    def own_share(self) -> Floats:
        """Revenue of each firm over the sum of revenues, shape (n,); NaN when every revenue is zero."""
        total = self.revenue.sum()
        return self.revenue / total if total > 0 else np.full(self.n, np.nan)
