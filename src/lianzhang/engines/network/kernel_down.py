"""Downstream cascade by active sets: missing deliveries travel from suppliers to customers.

One call of :func:`down_round` is one synchronous round of the recursion in the README, restricted to firms
and markets in which something changed. Only what grew since it was last sent is pushed along the links, and
only if it grew by more than ``theta``; a market is gone through only when its shrinking may have raised what
one of its firms has to send by more than ``theta``. With ``theta = 0`` the rounds are the published recursion.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from .model import Floats, Ints, Network
from .sums import sums

HITS, MARKETS, TOUCHED, FIRMS = 0, 1, 2, 3
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
    """Working memory of one cascade: sized by firms, slots and markets, reused shock after shock.

    ``dead_seen`` and ``most_out`` of a market: what was dead when its firms were last gone through, and the
    largest share of its deliveries that one of them misses. ``changed`` lists firms that have to send more.
    """

    loss: Floats
    fresh: Floats
    sent: Floats
    short: Floats
    dead: Floats
    dead_seen: Floats
    most_out: Floats
    first: Ints
    after: Ints
    hit: Ints
    market: Ints
    market_on: Ints
    touched: Ints
    touched_on: Ints
    changed: Ints
    changed_on: Ints
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
        loss=np.zeros(n),
        fresh=np.zeros(n),
        sent=np.zeros(n),
        short=np.zeros(n_slots),
        dead=np.zeros(n_markets),
        dead_seen=np.zeros(n_markets),
        most_out=np.zeros(n_markets),
        first=np.full(n_markets, -1, np.int32),
        after=np.zeros(n, np.int32),
        hit=np.zeros(n, np.int32),
        market=np.zeros(n_markets, np.int32),
        market_on=np.zeros(n_markets, np.int32),
        touched=np.zeros(n, np.int32),
        touched_on=np.zeros(n, np.int32),
        changed=np.zeros(n, np.int32),
        changed_on=np.zeros(n, np.int32),
        used=np.zeros(4, np.int64),
    )


@njit(cache=True, nogil=True)
def down_hit(g: DownGraph, s: DownState, firm: int, loss: float) -> None:
    """Begin a cascade, or add to its beginning: a firm loses this much by itself."""
    s.fresh[firm] = loss
    s.touched[s.used[TOUCHED]] = firm
    s.used[TOUCHED] += 1
    down_take(g, s, 0.0)


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
def down_gather(s: DownState) -> int:
    """Add the firms of marked markets to the changed ones; returns how many there are."""
    first, after, changed, changed_on = s.first, s.after, s.changed, s.changed_on
    markets, market_on, dead, dead_seen = s.market, s.market_on, s.dead, s.dead_seen
    count = s.used[FIRMS]
    for at in range(s.used[MARKETS]):
        market = markets[at]
        market_on[market] = 0
        dead_seen[market] = dead[market]
        firm = first[market]
        while firm >= 0:
            if changed_on[firm] == 0:
                changed_on[firm] = 1
                changed[count] = firm
                count += 1
            firm = after[firm]
    s.used[MARKETS] = 0
    s.used[FIRMS] = 0
    return count


# The arrays are named once at the top of the two loops below: taken out of their tuples inside a loop, each
# access would count references, which costs more than the arithmetic.


@njit(cache=True, nogil=True)
def down_send(g: DownGraph, s: DownState, theta: float) -> None:
    """Push what is missing more than was sent, by the levels at the start of the round, where over ``theta``."""
    ptr, customers, slots, coef, size, total = g.ptr, g.customer, g.slot, g.coef, g.size, g.market_total
    loss, fresh, sent, short, dead, most_out = s.loss, s.fresh, s.sent, s.short, s.dead, s.most_out
    touched, touched_on, changed, changed_on = s.touched, s.touched_on, s.changed, s.changed_on
    markets, n_touched = g.market, s.used[TOUCHED]
    for at in range(down_gather(s)):
        firm = changed[at]
        changed_on[firm] = 0
        market = markets[firm]
        alive = total[market] - dead[market]
        if alive < NEARLY_DEAD * total[market]:
            alive = living(g, s, market)
        out = loss[firm] if size[firm] >= alive else size[firm] / alive * loss[firm]
        if size[firm] > 0.0 and out > most_out[market]:
            most_out[market] = out
        more = out - sent[firm]
        if size[firm] <= 0.0 or more <= theta:
            continue
        sent[firm] = out
        for link in range(ptr[firm], ptr[firm + 1]):
            slot = slots[link]
            missing = short[slot] + coef[link] * more
            short[slot] = missing
            customer = customers[link]
            if missing > fresh[customer]:
                fresh[customer] = missing
                if touched_on[customer] == 0:
                    touched_on[customer] = 1
                    touched[n_touched] = customer
                    n_touched += 1
    s.used[TOUCHED] = n_touched


@njit(cache=True, nogil=True)
def down_take(g: DownGraph, s: DownState, theta: float) -> float:
    """Let levels fall to what was sent and note who may now have over ``theta`` to send; returns the largest fall."""
    markets, size, total = g.market, g.size, g.market_total
    loss, fresh, sent, dead, dead_seen, most_out = s.loss, s.fresh, s.sent, s.dead, s.dead_seen, s.most_out
    touched, touched_on, changed, changed_on = s.touched, s.touched_on, s.changed, s.changed_on
    marked, market_on, first, after, hit = s.market, s.market_on, s.first, s.after, s.hit
    hits, n_marked, n_changed = s.used[HITS], s.used[MARKETS], s.used[FIRMS]
    largest = 0.0
    for at in range(s.used[TOUCHED]):
        firm = touched[at]
        touched_on[firm] = 0
        now = min(1.0, fresh[firm])
        fall = now - loss[firm]
        if fall <= 0.0:
            continue
        largest = max(largest, fall)
        market = markets[firm]
        if loss[firm] == 0.0:
            hit[hits] = firm
            hits += 1
            after[firm] = first[market]
            first[market] = firm
        loss[firm] = now
        dead[market] += size[firm] * fall
        seen = total[market] - dead_seen[market]
        if market_on[market] == 0 and most_out[market] * (dead[market] - dead_seen[market]) > theta * seen:
            market_on[market] = 1
            marked[n_marked] = market
            n_marked += 1
        rest = max(total[market] - dead[market], size[firm])
        if changed_on[firm] == 0 and size[firm] * now > (sent[firm] + theta) * rest:
            changed_on[firm] = 1
            changed[n_changed] = firm
            n_changed += 1
    s.used[HITS], s.used[MARKETS], s.used[FIRMS] = hits, n_marked, n_changed
    s.used[TOUCHED] = 0
    return largest


@njit(cache=True, nogil=True)
def down_mark(s: DownState, market: int) -> None:
    """Put a market on the list of those to go through in the next round."""
    if s.market_on[market] == 0:
        s.market_on[market] = 1
        s.market[s.used[MARKETS]] = market
        s.used[MARKETS] += 1


@njit(cache=True, nogil=True)
def down_round(g: DownGraph, s: DownState, theta: float) -> float:
    """One synchronous round over what is marked; returns the largest fall of a level."""
    down_send(g, s, theta)
    return down_take(g, s, theta)


@njit(cache=True, nogil=True)
def down_settle(g: DownGraph, s: DownState, theta: float, most_rounds: int) -> int:
    """Rounds until nothing above ``theta`` waits to be sent; returns their number."""
    for at in range(s.used[HITS]):
        down_mark(s, g.market[s.hit[at]])
    rounds = 0
    while s.used[MARKETS] + s.used[FIRMS] > 0 and rounds < most_rounds:
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
        s.dead_seen[market] = 0.0
        s.most_out[market] = 0.0
        s.market_on[market] = 0
        s.changed_on[firm] = 0
        s.loss[firm] = 0.0
        s.fresh[firm] = 0.0
        s.sent[firm] = 0.0
    s.used[:] = 0
