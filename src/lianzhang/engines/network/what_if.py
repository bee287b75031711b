"""What if: several firms lose part of their production at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .kernel_down import DownGraph, DownState, down_graph, down_hit, down_settle, down_state
from .kernel_esri import SHRINK, round_limit
from .kernel_up import UpGraph, UpState, up_graph, up_raise, up_settle, up_state
from .model import Floats, Network
from .upstream import closed_groups


@dataclass(frozen=True)
class Cascade:
    """Losses of level (0 = works as usual, 1 = stands still), every array of shape (n,).

    ``shock`` is what was put in, ``down`` the loss for want of inputs, ``up`` for want of orders, both at
    least the shock. ``size`` are the market sizes used. ``rounds`` counts both directions.
    """

    shock: Floats
    down: Floats
    up: Floats
    size: Floats
    rounds: tuple[int, int]
    finished: bool

    @property
    def joined(self) -> Floats:
        """The larger of both losses: the level a firm can keep is the smaller of the two levels."""
        return np.maximum(self.down, self.up)


def cascade(net: Network, shock: ArrayLike, *, market: ArrayLike | None = None, tol: float = 1e-9) -> Cascade:
    """Losses of every firm when firm i loses the share ``shock[i]`` (n,) of its production.

    The greatest fixed point, each level to about ``tol``. ``market`` (n,) are the sizes by which firms of one
    product replace one another, revenue unless given. Cost: O(links of the firms that are hit) a round.
    Raises ValueError when a shock is not in 0..1 or a shape is wrong.
    """
    lost = np.ascontiguousarray(shock, np.float64)
    if lost.shape != (net.n,) or not ((lost >= 0) & (lost <= 1)).all():
        raise ValueError(f"shock must be {net.n} numbers between 0 and 1")
    size = np.ascontiguousarray(net.revenue if market is None else market, np.float64)
    if size.shape != (net.n,) or not (np.isfinite(size) & (size >= 0)).all():
        raise ValueError(f"market must be {net.n} finite numbers >= 0")
    if not 0 < tol < 1:
        raise ValueError(f"tol is {tol}, expected a number between 0 and 1")
    down, down_rounds = _settle_down(down_graph(net, size), lost, net, tol)
    up, up_rounds = _settle_up(up_graph(net), lost, net, tol)
    finished = down_rounds > 0 and up_rounds > 0
    return Cascade(lost, down, up, size, (abs(down_rounds), abs(up_rounds)), finished)


def _settle_down(graph: DownGraph, lost: Floats, net: Network, tol: float) -> tuple[Floats, int]:
    state: DownState = down_state(net.n, net.n_essential + net.n, net.n_products)
    for firm in np.flatnonzero(lost).tolist():
        down_hit(graph, state, firm, lost[firm])
    most = round_limit(net.n_links, net.n)
    return _stages(lambda theta: down_settle(graph, state, theta, most), state.loss, tol, most)


def _settle_up(graph: UpGraph, lost: Floats, net: Network, tol: float) -> tuple[Floats, int]:
    """In a closed group every member comes to the largest shock in it, so it starts there."""
    group = closed_groups(net)
    start = lost.copy()
    inside = np.flatnonzero(group >= 0)
    if len(inside):
        largest = np.zeros(group.max() + 1)
        np.maximum.at(largest, group[inside], lost[inside])
        start[inside] = largest[group[inside]]
    state: UpState = up_state(net.n)
    for firm in np.flatnonzero(start).tolist():
        up_raise(state, firm, start[firm])
    equal = np.ones(net.n)
    most = round_limit(net.n_links, net.n)
    return _stages(lambda theta: up_settle(graph, state, equal, theta, most), state.loss, tol, most)


def _stages(settle: Callable[[float], int], loss: Floats, tol: float, most: int) -> tuple[Floats, int]:
    """Run with smaller and smaller thresholds until the levels stand still; rounds < 0 when cut off."""
    theta = 4.0 * tol
    total = settle(theta)
    while True:
        before = loss.copy()
        theta /= SHRINK
        rounds = settle(theta)
        total += rounds
        if rounds >= most:
            return loss, -total
        if 2.0 * (loss - before).max(initial=0.0) <= (SHRINK - 1.0) * tol:
            return loss, max(total, 1)
