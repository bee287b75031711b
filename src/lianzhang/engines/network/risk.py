"""ESRI: which share of all output is lost, down and up the chains, when one firm stops."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from .kernel_down import down_graph
from .kernel_esri import DOWN, JOINED, PUBLISHED_STEP, UP, exact_shocks, published_shocks, round_limit
from .kernel_up import up_graph
from .model import Floats, Ints, Network
from .upstream import DENSE_FIRMS, walk_of

DOWN_PART = 0.8
"""Part of the tolerance left to the downstream cascade, where accuracy costs most."""
FURTHER_FIRMS, FURTHER, FINEST = 2_000, 1_000.0, 1e-10
"""Up to so many firms the downstream cascade is followed a thousand times further than the tolerance asks."""


@dataclass(frozen=True)
class Esri:
    """Systemic risk of single firms, every array of shape (k,) in the order of ``firms``.

    ``total``, ``down``, ``up``: lost share of weighted output, joined and by direction; ``own``: the firm's
    own weight; ``rounds``: rounds of the longer direction; ``finished``: False where the cascade was cut
    off, the figures are then lower bounds.
    """

    firms: Ints
    total: Floats
    down: Floats
    up: Floats
    own: Floats
    rounds: Ints
    finished: np.ndarray


def esri(
    net: Network,
    *,
    mode: Literal["exact", "published"] = "exact",
    tol: float = 1e-6,
    firms: ArrayLike | None = None,
    threads: int = 1,
    weights: ArrayLike | None = None,
    market: ArrayLike | None = None,
    dense_firms: int = DENSE_FIRMS,
) -> Esri:
    """Economic systemic risk index of each firm (method: README; Diem et al. 2022).

    ``exact`` approaches the greatest fixed point until each figure is within ``tol`` (share of output);
    ``published`` runs synchronous rounds until no level falls by more than 0.01, as the papers do, and
    takes no ``tol``. ``weights`` and ``market`` (n,) default to revenue in exact mode and to the sales
    inside the data in published mode. ``firms`` limits the shocks; ``threads`` share them. Up to
    ``dense_firms`` firms the upstream losses come from one dense inverse (n^2 numbers, n^3 operations),
    beyond from one cascade a shock; that pays for larger n only where little is sold outside the data.

    Raises ValueError for a tolerance outside 0..1, for weights that are negative or all zero, and for firm
    numbers outside the network.
    """
    default = net.revenue if mode == "exact" else net.sales
    size = _sizes("market", net, default if market is None else market)
    weight = _sizes("weights", net, default if weights is None else weights)
    if not 0 < tol < 1:
        raise ValueError(f"tol is {tol}, expected a number between 0 and 1")
    if not weight.sum() > 0:
        what = "revenue" if mode == "exact" else "sales in the links"
        raise ValueError(
            f"the weights of all firms are zero ({what} unless given): no share of output can be formed"
        )
    chosen = np.arange(net.n) if firms is None else np.asarray(firms, np.int64).ravel()
    if len(chosen) and not (chosen.min() >= 0 and chosen.max() < net.n):
        raise ValueError(f"firms must lie in 0..{net.n - 1}")
    weight = weight / weight.sum()
    result = np.zeros((len(chosen), 3))
    rounds = np.zeros((len(chosen), 2), np.int64)
    work = _exact(net, size, weight, tol, dense_firms) if mode == "exact" else _published(net, size, weight)
    _share_out(work, chosen, np.argsort(-weight[chosen], kind="stable"), threads, result, rounds)
    return Esri(
        firms=chosen,
        total=np.clip(result[:, JOINED], 0.0, 1.0),
        down=np.clip(result[:, DOWN], 0.0, 1.0),
        up=np.clip(result[:, UP], 0.0, 1.0),
        own=weight[chosen],
        rounds=np.abs(rounds).max(axis=1) if len(chosen) else rounds[:, 0],
        finished=np.all(rounds >= 0, axis=1),
    )


Work = Callable[[Ints, Floats, Ints], None]


def _sizes(name: str, net: Network, given: ArrayLike) -> Floats:
    sizes = np.ascontiguousarray(given, np.float64)
    if sizes.shape != (net.n,) or not (np.isfinite(sizes) & (sizes >= 0)).all():
        raise ValueError(f"{name} must be {net.n} finite numbers >= 0")
    return sizes


def _exact(net: Network, size: Floats, weight: Floats, tol: float, dense_firms: int) -> Work:
    down, up, slots = down_graph(net, size), up_graph(net), net.n_essential + net.n
    walk = walk_of(net, weight, dense_firms)
    most = round_limit(net.n_links, net.n)

    def work(firms: Ints, result: Floats, rounds: Ints) -> None:
        groups = (walk.group, walk.group_ptr, walk.group_firm)
        known = (weight, walk.gain, walk.meeting)
        parts = (_down_part(net.n, tol), (1.0 - DOWN_PART) * tol)
        exact_shocks(firms, down, slots, up, *groups, *known, *parts, most, result, rounds)

    return work


def _down_part(n: int, tol: float) -> float:
    """The tolerance of the downstream cascade, whose error is an estimate: where following it further costs little, far less."""
    part = DOWN_PART * tol
    return max(part / FURTHER, min(part, FINEST)) if n <= FURTHER_FIRMS else part


def _published(net: Network, size: Floats, weight: Floats) -> Work:
    down, up, slots = down_graph(net, size), up_graph(net), net.n_essential + net.n

    def work(firms: Ints, result: Floats, rounds: Ints) -> None:
        published_shocks(firms, down, slots, up, weight, PUBLISHED_STEP, result, rounds)

    return work


def _share_out(work: Work, firms: Ints, order: Ints, threads: int, result: Floats, rounds: Ints) -> None:
    """Run the shocks on ``threads`` threads; dealing them out by size keeps the shares even."""

    def hand(places: Ints) -> None:
        part, count = np.zeros((len(places), result.shape[1])), np.zeros((len(places), 2), np.int64)
        work(firms[places], part, count)
        result[places], rounds[places] = part, count

    hands = max(1, min(threads, len(firms)))
    if hands == 1:
        hand(order)
        return
    with ThreadPoolExecutor(hands) as pool:
        list(pool.map(hand, [order[k::hands] for k in range(hands)]))
