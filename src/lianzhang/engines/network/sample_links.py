"""Drawing gravity links without looking at every pair: firms and needs are put into bins of like size.

Within a cell (suppliers of one size bin, needs of one size bin, one product) all probabilities lie within
a factor of about four of their maximum, so that pairs are proposed at the maximum and kept by their share of
it. Expected cost is O(cells + links).
"""

from __future__ import annotations

import numpy as np

from .model import Floats, Ints

DENSE = 0.25
"""Cells whose largest probability is above this are drawn pair by pair."""


def draw_links(
    product: Ints,
    size: Floats,
    needer: Ints,
    needed: Ints,
    need: Floats,
    links: float,
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """Supplier and need index of each link; the expected number of links is ``links`` where pairs allow.

    ``product``, ``size`` (n,) of the firms; ``needer``, ``needed``, ``need`` (q,) of the needs. Self-links
    may occur and are the caller's to drop.
    """
    live = np.flatnonzero(need > 0)
    if not len(live) or links <= 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    firm_order, firm_cell = _bins(product, size)
    need_order, need_cell = _bins(needed[live], need[live])
    need_order = live[need_order]
    cells = _pair_cells(firm_cell, need_cell)
    if not len(cells[0]):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    a, b = cells
    pairs = firm_cell["count"][a] * need_cell["count"][b]
    mean = firm_cell["mean"][a] * need_cell["mean"][b]
    z = _scale(mean, pairs, min(links, 0.9 * pairs.sum()))
    top = z * firm_cell["top"][a] * need_cell["top"][b]
    top = top / (1 + top)
    proposed = _propose(pairs, top, rng)
    cell, pair = proposed
    width = need_cell["count"][b][cell]
    i = firm_order[firm_cell["start"][a][cell] + pair // width]
    q = need_order[need_cell["start"][b][cell] + pair % width]
    pull = z * size[i] * need[q]
    cap = np.where(top[cell] > DENSE, 1.0, top[cell])
    kept = rng.random(len(i)) * cap < pull / (1 + pull)
    return i[kept], q[kept]


def _bins(product: Ints, amount: Floats) -> tuple[Ints, dict[str, np.ndarray]]:
    """Order by (product, power of two of the amount) and, for each bin, start, count, mean and largest."""
    octave = np.floor(np.log2(amount)).astype(np.int64)
    octave -= octave.min()
    key = product.astype(np.int64) * (octave.max() + 1) + octave
    order = np.argsort(key, kind="stable")
    _, start, count = np.unique(key[order], return_index=True, return_counts=True)
    value = amount[order]
    bins = {
        "product": product[order][start],
        "start": start,
        "count": count,
        "mean": np.add.reduceat(value, start) / count,
        "top": np.maximum.reduceat(value, start),
    }
    return order, bins


def _pair_cells(firms: dict[str, np.ndarray], needs: dict[str, np.ndarray]) -> tuple[Ints, Ints]:
    """All (firm bin, need bin) of the same product."""
    low = np.searchsorted(firms["product"], needs["product"], "left")
    high = np.searchsorted(firms["product"], needs["product"], "right")
    count = high - low
    b = np.repeat(np.arange(len(count)), count)
    a = np.arange(len(b)) - np.repeat(np.cumsum(count) - count, count) + low[b]
    return a, b


def _scale(mean: Floats, pairs: Ints, links: float) -> float:
    """z for which the cells are expected to hold ``links`` links (bisection on its logarithm)."""
    low, high = -np.log(mean.max()) - 60.0, -np.log(mean.min()) + 60.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        pull = np.exp(middle) * mean
        if (pairs * pull / (1 + pull)).sum() < links:
            low = middle
        else:
            high = middle
    return float(np.exp(0.5 * (low + high)))


def _propose(pairs: Ints, top: Floats, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Candidate pairs as (cell, number of the pair in the cell), each at most once.

    In dense cells every pair, elsewhere pairs drawn at the rate ``top`` (doubles are dropped).
    """
    count = np.where(top > DENSE, pairs, rng.poisson(np.where(top > DENSE, 0.0, pairs * top)))
    cell = np.repeat(np.arange(len(pairs)), count)
    nth = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
    drawn = (rng.random(len(cell)) * pairs[cell]).astype(np.int64)
    pair = np.where(top[cell] > DENSE, nth, drawn)
    first = np.cumsum(pairs) - pairs
    chosen = np.unique(first[cell] + pair)
    cell = np.searchsorted(first, chosen, "right") - 1
    return cell, chosen - first[cell]
