"""Sampled production networks of any size: gravity between firms, needs from an input-output table.

Model: stripe-corrected gravity (Ialongo et al. 2022, doi:10.1038/s41598-022-13996-3), input-output needs
as stripes (Fessina et al. 2026, arXiv:2408.02467). A firm i of product k supplies firm j with probability
z s_i n_jk / (1 + z s_i n_jk), where s is output and n_jk what j needs of k from within the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .model import Floats, Ints
from .sample_links import draw_links

LEAST_SHARE = 0.003
"""Inputs below this share of a product's material cost are left out of its recipe."""
LOCAL_SHARE = 0.35
"""Share of a need that is sought within the data where it has makers enough."""
MOST_SOLD = 0.9
"""No firm sells more than this share of its output within the data: the rest leaves the city."""


@dataclass(frozen=True)
class Economy:
    """An input-output table reduced to what the sampler reads, products numbered 0..P-1.

    ``coefficients`` (P, P): money of row product per unit of column product; ``output`` (P,): national
    output; ``made`` (P,): which products have makers in the data (the others are only bought).
    """

    coefficients: Floats
    output: Floats
    made: np.ndarray


@dataclass(frozen=True)
class Sample:
    """A sampled network: the arguments of :func:`build_network`, apart from the ratings."""

    product: Ints
    revenue: Floats
    supplier: Ints
    customer: Ints
    value: Floats
    outside_firm: Ints
    outside_product: Ints
    purchases: Floats


def bounded_pareto(
    n: int, rng: np.random.Generator, shape: float = 0.807, low: float = 20e6, high: float = 95e9
) -> Floats:
    """``n`` sizes from a bounded Pareto law, one in each of n equal slices of probability, shuffled.

    The defaults are the sizes of industrial firms above the reporting threshold in Guangzhou, in yuan.
    """
    u = (np.arange(n) + rng.random(n)) / n
    kept = 1 - (low / high) ** shape
    return rng.permutation(low * (1 - u * kept) ** (-1 / shape))


def sample_network(n: int, economy: Economy, *, degree: float = 18.0, seed: int = 0) -> Sample:
    """Draw a network of ``n`` firms with about ``degree`` suppliers a firm, in O(links) time and memory.

    Every firm's outside purchases close its recipe, and no firm sells more than it makes. The same
    arguments give the same network. Raises ValueError for n < 1, degree < 0 or an economy without makers.
    """
    if n < 1 or degree < 0:
        raise ValueError(f"firms {n} and degree {degree}: expected at least 1 firm and a degree >= 0")
    chance = np.where(economy.made, economy.output, 0.0)
    if not chance.sum() > 0:
        raise ValueError("the economy has no product that is made")
    rng = np.random.default_rng(seed)
    revenue = bounded_pareto(n, rng)
    product = rng.choice(len(chance), n, p=chance / chance.sum())

    recipe = _recipes(economy.coefficients)
    firm, needed, need = _needs(recipe, product, revenue)
    local = _local_needs(needed, need, product, revenue, len(chance))
    supplier, slot = draw_links(product, revenue, firm, needed, local, degree * n, rng)
    apart = supplier != firm[slot]
    supplier, slot = supplier[apart], slot[apart]
    value = _values(supplier, slot, revenue, local)
    rest = need - np.bincount(slot, value, len(need))
    return Sample(product, revenue, supplier, firm[slot], value, firm, needed, np.maximum(rest, 0.0))


def _recipes(coefficients: Floats) -> Floats:
    """Coefficients of the inputs that matter, scaled up to the full material cost of each product."""
    cost = coefficients.sum(axis=0)
    kept = np.where(coefficients >= LEAST_SHARE * cost, coefficients, 0.0)
    total = kept.sum(axis=0)
    return kept * np.divide(cost, total, out=np.zeros_like(cost), where=total > 0)


def _needs(recipe: Floats, product: Ints, revenue: Floats) -> tuple[Ints, Ints, Floats]:
    """Every (firm, needed product) with its yearly need in money, firm by firm."""
    order = np.nonzero(recipe.T)
    ptr = np.searchsorted(order[0], np.arange(recipe.shape[0] + 1))
    count = (ptr[1:] - ptr[:-1])[product]
    firm = np.repeat(np.arange(len(product)), count)
    place = np.arange(len(firm)) - np.repeat(np.cumsum(count) - count, count) + ptr[product[firm]]
    needed = order[1][place]
    return firm, needed, recipe[needed, product[firm]] * revenue[firm]


def _local_needs(needed: Ints, need: Floats, product: Ints, revenue: Floats, n_products: int) -> Floats:
    """The part of each need sought within the data: less where the makers together make too little."""
    made = np.bincount(product, revenue, n_products)
    wanted = np.bincount(needed, need, n_products)
    cover = np.divide(MOST_SOLD * made, wanted, out=np.zeros(n_products), where=wanted > 0)
    return need * np.minimum(LOCAL_SHARE, cover)[needed]


def _values(supplier: Ints, slot: Ints, revenue: Floats, local: Floats) -> Floats:
    """Sales of each link: a need split by the suppliers' size, then cut to what a supplier can sell."""
    total = np.bincount(slot, revenue[supplier], len(local))
    value = local[slot] * revenue[supplier] / total[slot] if len(slot) else np.zeros(0)
    sold = np.bincount(supplier, value, len(revenue))
    return value * np.minimum(1.0, MOST_SOLD * revenue / np.maximum(sold, MOST_SOLD * revenue))[supplier]
