"""Supply links by input-output constrained, stripe-corrected gravity.

A maker i of product c serves buyer pair p with probability z·s_i·n_p ÷ (1 + z·s_i·n_p), s_i what i makes
of c, n_p what the buyer wants locally; z is set by the mean degree (Ialongo et al. 2022, Sci. Rep. 12;
input-output tables as profiles: Fessina et al. 2026, Devetak and Mandel 2026). Cost: makers × buyers
summed over products, about two million candidates for a city of seven thousand firms.
"""

from dataclasses import dataclass

import numpy as np

from .needs import Needs


@dataclass(frozen=True)
class Makers:
    """Who makes what: firm, product index, value made (yuan), one row per firm and product."""

    firm: np.ndarray
    product: np.ndarray
    value: np.ndarray


@dataclass(frozen=True)
class Candidates:
    """Possible deliveries: row of Makers, row of Needs, product s_i·n_p (yuan²)."""

    maker: np.ndarray
    pair: np.ndarray
    gravity: np.ndarray


def candidates(makers: Makers, needs: Needs) -> Candidates:
    """Pair every maker with every local need of its product, itself excepted."""
    parts_maker, parts_pair = [], []
    maker_order = np.argsort(makers.product, kind="stable")
    wanted = np.flatnonzero(needs.local > 0)
    pair_order = wanted[np.argsort(needs.product[wanted], kind="stable")]
    maker_key, pair_key = makers.product[maker_order], needs.product[pair_order]
    for product in np.unique(pair_key):
        left = maker_order[np.searchsorted(maker_key, product) : np.searchsorted(maker_key, product, "right")]
        right = pair_order[np.searchsorted(pair_key, product) : np.searchsorted(pair_key, product, "right")]
        parts_maker.append(np.tile(left, len(right)))
        parts_pair.append(np.repeat(right, len(left)))
    maker, pair = np.concatenate(parts_maker), np.concatenate(parts_pair)
    other = makers.firm[maker] != needs.buyer[pair]
    maker, pair = maker[other], pair[other]
    return Candidates(maker, pair, makers.value[maker] * needs.local[pair])


def fit_density(gravity: np.ndarray, links: float) -> float:
    """Return z at which the expected number of links is `links` (bisection in log z).

    Raises ValueError when there are fewer candidates than links.
    """
    if links >= len(gravity):
        raise ValueError(f"{links:.0f} links wanted, but only {len(gravity)} candidate pairs exist")
    low, high = -40.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        pull = gravity * 10.0**middle
        if (pull / (1.0 + pull)).sum() < links:
            low = middle
        else:
            high = middle
    return 10.0**high


def draw_links(
    rng: np.random.Generator, makers: Makers, needs: Needs, found: Candidates, links: float, cell: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return (which candidates became links, chance of every candidate).

    A firm without any link, and a pair of sectors (`cell`, one number per candidate) without any, gets its
    most likely candidate, if it has one.
    """
    pull = found.gravity * fit_density(found.gravity, links)
    chance = pull / (1.0 + pull)
    hit = rng.random(len(chance)) < chance
    seller, buyer = makers.firm[found.maker], needs.buyer[found.pair]
    touched = np.union1d(seller[hit], buyer[hit])
    for group, known in ((cell, cell[hit]), (seller, touched), (buyer, touched)):
        hit[best(group, chance, ~np.isin(group, known))] = True
    return hit, chance


def first_values(
    makers: Makers, needs: Needs, found: Candidates, rows: np.ndarray, chance: np.ndarray
) -> np.ndarray:
    """Split each pair's local need (yuan) over its makers in proportion to s_i ÷ p; one value per row."""
    part = makers.value[found.maker[rows]] / chance[rows]
    whole = np.bincount(found.pair[rows], part, len(needs.local))
    return needs.local[found.pair[rows]] * part / whole[found.pair[rows]]


def best(group: np.ndarray, chance: np.ndarray, free: np.ndarray, count: int = 1) -> np.ndarray:
    """Return for each group its `count` rows of highest chance among those that are `free`."""
    rows = np.flatnonzero(free)
    rows = rows[np.lexsort((-chance[rows], group[rows]))]
    ordered = group[rows]
    rank = np.arange(len(rows)) - np.searchsorted(ordered, ordered)
    return rows[rank < count]
