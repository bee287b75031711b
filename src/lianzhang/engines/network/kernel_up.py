"""Upstream cascade by active sets: missing orders travel from customers to suppliers.

A supplier's loss is the larger of its own shock and the sum of its customers' losses times their
shares in its revenue. As downstream, only growth above a threshold is passed on; here the threshold is on
``gain[j] * growth``, so that a caller who knows what a loss at j can still do in total loses nothing else.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from .model import Floats, Ints, Network

HITS, ACTIVE, TOUCHED = 0, 1, 2


class UpGraph(NamedTuple):
    """Links by customer with the share each has in its supplier's revenue."""

    ptr: Ints
    supplier: Ints
    coef: Floats


class UpState(NamedTuple):
    """Working memory of one cascade."""

    loss: Floats
    fresh: Floats
    sent: Floats
    hit: Ints
    active: Ints
    active_on: Ints
    touched: Ints
    touched_on: Ints
    used: Ints


def up_graph(net: Network) -> UpGraph:
    """Compact graph for the kernel; ``coef[link] = sales / revenue of the supplier``."""
    order = net.by_customer
    return UpGraph(net.in_ptr.astype(np.int32), net.supplier[order].astype(np.int32), net.up_coef[order])


@njit(cache=True, nogil=True)
def up_state(n: int) -> UpState:
    """Fresh working memory."""
    return UpState(
        np.zeros(n),
        np.zeros(n),
        np.zeros(n),
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.zeros(3, np.int64),
    )


@njit(cache=True, nogil=True)
def up_mark(s: UpState, firm: int) -> None:
    """Put a firm on the list of those whose orders shrink in the next round."""
    if s.active_on[firm] == 0:
        s.active_on[firm] = 1
        s.active[s.used[ACTIVE]] = firm
        s.used[ACTIVE] += 1


@njit(cache=True, nogil=True)
def up_raise(s: UpState, firm: int, loss: float) -> None:
    """Set a firm's loss (only ever upwards) and mark it as changed."""
    if s.loss[firm] == 0.0:
        s.hit[s.used[HITS]] = firm
        s.used[HITS] += 1
    s.loss[firm] = loss
    up_mark(s, firm)


@njit(cache=True, nogil=True)
def up_round(g: UpGraph, s: UpState, gain: Floats, theta: float) -> float:
    """One synchronous round over the active firms; returns the largest fall of a level."""
    n_active = s.used[ACTIVE]
    s.used[ACTIVE] = 0
    for at in range(n_active):
        firm = s.active[at]
        s.active_on[firm] = 0
        more = s.loss[firm] - s.sent[firm]
        if more * gain[firm] > theta:
            s.sent[firm] = s.loss[firm]
            for link in range(g.ptr[firm], g.ptr[firm + 1]):
                supplier = g.supplier[link]
                s.fresh[supplier] += g.coef[link] * more
                if s.touched_on[supplier] == 0:
                    s.touched_on[supplier] = 1
                    s.touched[s.used[TOUCHED]] = supplier
                    s.used[TOUCHED] += 1
    n_touched = s.used[TOUCHED]
    s.used[TOUCHED] = 0
    largest = 0.0
    for at in range(n_touched):
        supplier = s.touched[at]
        s.touched_on[supplier] = 0
        loss = min(1.0, s.fresh[supplier])
        if loss > s.loss[supplier]:
            largest = max(largest, loss - s.loss[supplier])
            up_raise(s, supplier, loss)
    return largest


@njit(cache=True, nogil=True)
def up_settle(g: UpGraph, s: UpState, gain: Floats, theta: float, most_rounds: int) -> int:
    """Rounds until nothing above ``theta`` waits to be sent; returns their number."""
    for at in range(s.used[HITS]):
        up_mark(s, s.hit[at])
    rounds = 0
    while s.used[ACTIVE] > 0 and rounds < most_rounds:
        up_round(g, s, gain, theta)
        rounds += 1
    return rounds


@njit(cache=True, nogil=True)
def up_waiting(s: UpState, gain: Floats) -> float:
    """What has not been sent yet, valued by ``gain``: the total still missing from the suppliers."""
    total = 0.0
    for at in range(s.used[HITS]):
        firm = s.hit[at]
        total += gain[firm] * (s.loss[firm] - s.sent[firm])
    return total


@njit(cache=True, nogil=True)
def up_sum(s: UpState, weight: Floats) -> float:
    """Sum of weight * loss over the firms that are hit."""
    total = 0.0
    for at in range(s.used[HITS]):
        total += weight[s.hit[at]] * s.loss[s.hit[at]]
    return total


@njit(cache=True, nogil=True)
def up_clear(g: UpGraph, s: UpState) -> None:
    """Return the working memory to zero, touching only what the cascade touched."""
    for at in range(s.used[HITS]):
        firm = s.hit[at]
        if s.sent[firm] > 0.0:
            for link in range(g.ptr[firm], g.ptr[firm + 1]):
                s.fresh[g.supplier[link]] = 0.0
        s.loss[firm] = 0.0
        s.fresh[firm] = 0.0
        s.sent[firm] = 0.0
        s.active_on[firm] = 0
    s.used[:] = 0
