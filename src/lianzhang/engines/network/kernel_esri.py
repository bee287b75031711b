"""ESRI of many firms, one after another, in one thread: compiled loops over single-firm shocks."""

from __future__ import annotations

import numpy as np
from numba import njit

from .kernel_down import (
    DownGraph,
    DownState,
    down_clear,
    down_hit,
    down_round,
    down_settle,
    down_state,
    down_sum,
)
from .kernel_up import (
    UpGraph,
    UpState,
    up_clear,
    up_raise,
    up_round,
    up_settle,
    up_state,
    up_sum,
    up_waiting,
)
from .model import Floats, Ints

SHRINK = 8.0
"""Each stage passes on eight times smaller changes than the one before."""
COARSE, FINE = 0.1, 2.0
"""Downstream the stages begin with falls of up to 10 %, so that what a firm misses from many suppliers is passed on
once, and may end at falls of ``FINE`` times the tolerance: a single fall counts for less than the sum over all."""
MISSING_PART = 0.6
"""What a stage leaves undone is at most this part of what it gained; 0.1 to 0.45 was seen in drawn networks."""
PUBLISHED_STEP = 1e-2
"""The papers stop when no level falls by more than this in a round."""
TIE = 1e-9
"""Relative slack that makes a fall of exactly the published step go on, whatever the rounding."""
JOINED, DOWN, UP = 0, 1, 2


def round_limit(n_links: int, n: int) -> int:
    """Rounds after which a cascade is cut off: a few seconds of work, 20,000 rounds at least.

    Slow cascades do occur: two firms that are nearly each other's only outlet need 100,000 rounds.
    """
    return int(min(5_000_000, max(20_000, 4e9 / (n_links + n + 1))))


@njit(cache=True, nogil=True)
def settle_down(g: DownGraph, s: DownState, weight: Floats, tol: float, most_rounds: int) -> int:
    """Downstream levels to within ``tol`` of weighted output; returns rounds, negative when cut off.

    The error left by a threshold is nearly proportional to it, so the gain of a stage bounds what is still
    missing. That is an estimate: a cascade that creeps below the threshold for very long may be missed.
    """
    theta = FINE * tol
    while SHRINK * theta <= COARSE:
        theta *= SHRINK
    rounds, before, earlier = 0, 0.0, 1.0
    while rounds < most_rounds:
        rounds += down_settle(g, s, theta, most_rounds - rounds)
        now = down_sum(s, weight)
        # A stage may gain little because the one before happened to stop near its limit: that one counts too.
        gain = max(now - before, earlier / SHRINK)
        if theta < SHRINK * tol and MISSING_PART * gain <= tol:
            return rounds
        before, earlier = now, now - before
        theta /= SHRINK
    return -rounds


@njit(cache=True, nogil=True)
def settle_up(g: UpGraph, s: UpState, gain: Floats, tol: float, most_rounds: int) -> int:
    """Upstream levels until all that is not passed on is worth at most ``tol``; negative when cut off."""
    theta = tol / SHRINK
    rounds = 0
    while rounds < most_rounds:
        rounds += up_settle(g, s, gain, theta, most_rounds - rounds)
        if up_waiting(s, gain) <= tol:
            return rounds
        theta /= SHRINK
    return -rounds


@njit(cache=True, nogil=True)
def joined_sum(down: DownState, up: UpState, weight: Floats, up_total: float) -> float:
    """Sum of weight * max(down, up): the upstream total plus what downstream exceeds it by."""
    total = up_total
    for at in range(down.used[0]):
        firm = down.hit[at]
        if down.loss[firm] > up.loss[firm]:
            total += weight[firm] * (down.loss[firm] - up.loss[firm])
    return total


@njit(cache=True, nogil=True)
def joined_known(down: DownState, meeting: Floats, weight: Floats, up_total: float) -> float:
    """The same with the upstream losses known beforehand."""
    total = up_total
    for at in range(down.used[0]):
        firm = down.hit[at]
        if down.loss[firm] > meeting[firm]:
            total += weight[firm] * (down.loss[firm] - meeting[firm])
    return total


@njit(cache=True, nogil=True)
def exact_shocks(
    firms: Ints,
    down_g: DownGraph,
    n_slots: int,
    up_g: UpGraph,
    group: Ints,
    group_ptr: Ints,
    group_firm: Ints,
    weight: Floats,
    gain: Floats,
    meeting: Floats,
    down_tol: float,
    up_tol: float,
    most_rounds: int,
    result: Floats,
    rounds: Ints,
) -> None:
    """Fill ``result`` (k, 3) with joined, down and up for each firm stopped alone.

    ``weight`` sums to one; ``down_tol`` and ``up_tol`` are shares of it. ``group`` numbers the closed groups of customers (-1 = none), in which one
    stop reaches every member for certain; ``group_firm[group_ptr[c]:group_ptr[c + 1]]`` are the members.
    ``meeting`` (n, n), when not empty, replaces the upstream cascades (see ``upstream.Walk``).
    ``rounds`` (k, 2) is negative where ``most_rounds`` was not enough: the figure is then a lower bound.
    """
    down = down_state(len(weight), n_slots, len(down_g.market_total))
    up = up_state(len(weight))
    for at in range(len(firms)):
        firm = firms[at]
        down_hit(down_g, down, firm, 1.0)
        rounds[at, 0] = settle_down(down_g, down, weight, down_tol, most_rounds)
        result[at, DOWN] = down_sum(down, weight)
        if len(meeting):
            result[at, UP] = np.sum(weight * meeting[firm])
            result[at, JOINED] = joined_known(down, meeting[firm], weight, result[at, UP])
            down_clear(down_g, down)
            continue
        if group[firm] < 0:
            up_raise(up, firm, 1.0)
        else:
            for member in range(group_ptr[group[firm]], group_ptr[group[firm] + 1]):
                up_raise(up, group_firm[member], 1.0)
        rounds[at, 1] = settle_up(up_g, up, gain, up_tol, most_rounds)
        up_total = up_sum(up, weight)
        if rounds[at, 1] > 0:
            up_total = min(1.0, up_total + up_waiting(up, gain))
        result[at, JOINED] = joined_sum(down, up, weight, up_total)
        result[at, UP] = up_total
        down_clear(down_g, down)
        up_clear(up_g, up)


@njit(cache=True, nogil=True)
def published_shocks(
    firms: Ints,
    down_g: DownGraph,
    n_slots: int,
    up_g: UpGraph,
    weight: Floats,
    step: float,
    result: Floats,
    rounds: Ints,
) -> None:
    """The same by synchronous rounds in both directions until no level falls by more than ``step``."""
    down = down_state(len(weight), n_slots, len(down_g.market_total))
    up = up_state(len(weight))
    equal = np.ones(len(weight))
    for at in range(len(firms)):
        down_hit(down_g, down, firms[at], 1.0)
        up_raise(up, firms[at], 1.0)
        count = 0
        fall = 1.0
        while fall > step * (1.0 - TIE):
            fall = max(down_round(down_g, down, 0.0), up_round(up_g, up, equal, 0.0))
            count += 1
        up_total = up_sum(up, weight)
        result[at, JOINED] = joined_sum(down, up, weight, up_total)
        result[at, DOWN] = down_sum(down, weight)
        result[at, UP] = up_total
        rounds[at, :] = count
        down_clear(down_g, down)
        up_clear(up_g, up)
