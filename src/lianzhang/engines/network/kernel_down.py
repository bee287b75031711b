"""Downstream cascade by active sets: missing deliveries travel from suppliers to customers.

One call of :func:`down_round` is one synchronous round of the recursion in the README, restricted to
markets in which something changed. Only what grew since it was last sent is pushed along the links,
and only if it grew by more than ``theta``; with ``theta = 0`` the rounds are the published recursion.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from .model import Floats, Ints, Network
from .sums import sums

HITS, MARKETS, TOUCHED = 0, 1, 2
NEARLY_DEAD = 1e-6
"""Below this share of a market its living size is summed anew, since the difference has lost its digits."""


class DownGraph(NamedTuple):
    """Links of class 1 and 2 by supplier, and the markets in which suppliers replace one another."""

    ptr: Ints
    customer: Ints
    slot: Ints
    coef: Floats
    market: Ints
    market_ptr: Ints
    market_firm: Ints
    market_total: Floats
    size: Floats


class DownState(NamedTuple):
    """Working memory of one cascade: sized by firms, slots and markets, reused shock after shock."""

    loss: Floats
    fresh: Floats
    sent: Floats
    short: Floats
    dead: Floats
    first: Ints
    after: Ints
    hit: Ints
    market: Ints
    market_on: Ints
    touched: Ints
    touched_on: Ints
    used: Ints


def down_graph(net: Network, size: Floats) -> DownGraph:
    """Compact graph for the kernel; ``size`` (n,) are the market sizes m of the firms."""
    live = net.down_coef > 0
    degree = np.bincount(net.supplier[live], minlength=net.n)
    ptr = np.concatenate([[0], np.cumsum(degree)]).astype(np.int32)
    return DownGraph(
        ptr=ptr,
        customer=net.customer[live].astype(np.int32),
        slot=net.link_slot[live].astype(np.int32),
        coef=net.down_coef[live],
        market=net.product.astype(np.int32),
        market_ptr=net.market_ptr.astype(np.int32),
        market_firm=net.market_firm.astype(np.int32),
        market_total=sums(net.product, size, net.n_products),
        size=np.ascontiguousarray(size, np.float64),
    )


@njit(cache=True, nogil=True)
def down_state(n: int, n_slots: int, n_markets: int) -> DownState:
    """Fresh working memory."""
    return DownState(
        np.zeros(n),
        np.zeros(n),
        np.zeros(n),
        np.zeros(n_slots),
        np.zeros(n_markets),
        np.full(n_markets, -1, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n_markets, np.int32),
        np.zeros(n_markets, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.zeros(3, np.int64),
    )


@njit(cache=True, nogil=True)
def down_raise(g: DownGraph, s: DownState, firm: int, loss: float) -> None:
    """Set a firm's loss (only ever upwards) and mark its market as changed."""
    market = g.market[firm]
    if s.loss[firm] == 0.0:
        s.hit[s.used[HITS]] = firm
        s.used[HITS] += 1
        s.after[firm] = s.first[market]
        s.first[market] = firm
    s.dead[market] += g.size[firm] * (loss - s.loss[firm])
    s.loss[firm] = loss
    if s.fresh[firm] < loss:
        s.fresh[firm] = loss
    down_mark(s, market)


@njit(cache=True, nogil=True)
def down_mark(s: DownState, market: int) -> None:
    """Put a market on the list of those to work on in the next round."""
    if s.market_on[market] == 0:
        s.market_on[market] = 1
        s.market[s.used[MARKETS]] = market
        s.used[MARKETS] += 1


@njit(cache=True, nogil=True)
def living(g: DownGraph, s: DownState, market: int) -> float:
    """Size of a market that still works: sum of m * h over its firms."""
    total = g.market_total[market]
    alive = total - s.dead[market]
    if alive >= NEARLY_DEAD * total:
        return alive
    alive = 0.0
    for at in range(g.market_ptr[market], g.market_ptr[market + 1]):
        firm = g.market_firm[at]
        alive += g.size[firm] * (1.0 - s.loss[firm])
    return alive


@njit(cache=True, nogil=True)
def down_push(g: DownGraph, s: DownState, firm: int, more: float) -> None:
    """Send ``more`` missing deliveries of a firm to its customers; levels wait for the end of the round."""
    for link in range(g.ptr[firm], g.ptr[firm + 1]):
        slot = g.slot[link]
        short = s.short[slot] + g.coef[link] * more
        s.short[slot] = short
        customer = g.customer[link]
        if short > s.fresh[customer]:
            s.fresh[customer] = short
            if s.touched_on[customer] == 0:
                s.touched_on[customer] = 1
                s.touched[s.used[TOUCHED]] = customer
                s.used[TOUCHED] += 1


@njit(cache=True, nogil=True)
def down_round(g: DownGraph, s: DownState, theta: float) -> float:
    """One synchronous round over the marked markets; returns the largest fall of a level."""
    n_markets = s.used[MARKETS]
    s.used[MARKETS] = 0
    for at in range(n_markets):
        market = s.market[at]
        s.market_on[market] = 0
        alive = living(g, s, market)
        firm = s.first[market]
        while firm >= 0:
            size = g.size[firm]
            if size > 0.0:
                share = 1.0 if size >= alive else size / alive
                out = share * s.loss[firm]
                if out - s.sent[firm] > theta:
                    down_push(g, s, firm, out - s.sent[firm])
                    s.sent[firm] = out
            firm = s.after[firm]
    n_touched = s.used[TOUCHED]
    s.used[TOUCHED] = 0
    largest = 0.0
    for at in range(n_touched):
        customer = s.touched[at]
        s.touched_on[customer] = 0
        loss = min(1.0, s.fresh[customer])
        if loss > s.loss[customer]:
            largest = max(largest, loss - s.loss[customer])
            down_raise(g, s, customer, loss)
    return largest


@njit(cache=True, nogil=True)
def down_settle(g: DownGraph, s: DownState, theta: float, most_rounds: int) -> int:
    """Rounds until nothing above ``theta`` waits to be sent; returns their number."""
    for at in range(s.used[HITS]):
        down_mark(s, g.market[s.hit[at]])
    rounds = 0
    while s.used[MARKETS] > 0 and rounds < most_rounds:
        down_round(g, s, theta)
        rounds += 1
    return rounds


@njit(cache=True, nogil=True)
def down_sum(s: DownState, weight: Floats) -> float:
    """Sum of weight * loss over the firms that are hit."""
    total = 0.0
    for at in range(s.used[HITS]):
        total += weight[s.hit[at]] * s.loss[s.hit[at]]
    return total


@njit(cache=True, nogil=True)
def down_clear(g: DownGraph, s: DownState) -> None:
    """Return the working memory to zero, touching only what the cascade touched."""
    for at in range(s.used[HITS]):
        firm = s.hit[at]
        if s.sent[firm] > 0.0:
            for link in range(g.ptr[firm], g.ptr[firm + 1]):
                s.short[g.slot[link]] = 0.0
        market = g.market[firm]
        s.first[market] = -1
        s.dead[market] = 0.0
        s.market_on[market] = 0
        s.loss[firm] = 0.0
        s.fresh[firm] = 0.0
        s.sent[firm] = 0.0
    s.used[:] = 0
