"""Measurements of the ESRI benchmark: one network at a time, seconds beside the error."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from peers.environment import answer

from lianzhang.cli_network_synth import reference_economy
from lianzhang.engines.network import Network, build_network, esri, sample_network

JUDGED, LIMIT = 300, 1e-10
"""Shocks of which errors are known, and the tolerance of what they are held against."""
REPEATS, LONG = 3, 2.0
"""The best of three calls counts; a call that takes longer than two seconds is not repeated."""

PEER_READS = (
    "revenue",
    "product",
    "supplier",
    "customer",
    "link_slot",
    "down_coef",
    "up_coef",
    "n_products",
    "n_essential",
)
"""What the peer is given of a network."""


@dataclass(frozen=True)
class Case:
    """A network, how many of its firms are stopped (0 = all), by the peer too, and with which tolerances."""

    kind: str
    firms: int
    shocks: int
    peer_shocks: int
    tolerances: tuple[float, ...]


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    network: str
    engine: str
    threads: int
    shocks: int
    seconds: float
    cpu_seconds: float
    ms_per_shock: float
    largest_error: float
    mean_error: float


def network(kind: str, firms: int) -> Network:
    """The sampled network of a case; a closed one forgets what is bought and sold outside."""
    economy, codes, rating = reference_economy()
    drawn = sample_network(firms, economy, seed=1)
    links = (drawn.supplier, drawn.customer, drawn.value)
    pairs = np.divmod(np.arange(rating.size), len(codes))
    outside = (drawn.outside_firm, drawn.outside_product, drawn.purchases) if kind == "open" else None
    revenue = drawn.revenue if kind == "open" else np.full(firms, np.nan)
    ratings = (*pairs, rating.ravel())
    return build_network(
        drawn.product, revenue, *links, n_products=len(codes), outside=outside, ratings=ratings
    )


def measure(case: Case) -> dict:
    """Rows of one network, its size, and the peak memory in MB of this process up to the exact mode."""
    net = network(case.kind, case.firms)
    name = f"{case.kind} {case.firms:,}"
    chosen = np.random.default_rng(7).permutation(net.n)[: case.shocks or net.n]
    exact(net, chosen[:1], 1e-3, 1)
    work = {
        (tol, threads): partial(exact, net, chosen, tol, threads)
        for tol in case.tolerances
        for threads in (1, 2)
    }
    timings = {key: timed(call) for key, call in work.items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    sample = judged(net, chosen, JUDGED if case.kind == "open" else JUDGED // 10)
    limit = dict(zip(sample, exact(net, sample, LIMIT, 2), strict=True))
    some = sample[: case.peer_shocks]
    rows = [
        row(name, f"NumPy peer, step {step:g}", 1, some, peer(net, some, step), limit)
        for step in (1e-2, 1e-6)
    ]
    rows.append(row(name, "published", 1, sample, timed(partial(published, net, sample)), limit))
    for (tol, threads), timing in timings.items():
        rows.append(row(name, f"exact, tol {tol:g}", threads, chosen, timing, limit))
    return {
        "network": name,
        "links": net.n_links,
        "sold_outside": 1 - net.value.sum() / net.revenue.sum(),
        "peak_mb": peak,
        "rows": [asdict(line) for line in rows],
    }


def judged(net: Network, chosen: np.ndarray, count: int) -> np.ndarray:
    """The shocks whose limit is computed: the ten largest of the chosen firms, then others at random."""
    order = np.argsort(-net.revenue[chosen], kind="stable")
    return chosen[np.concatenate([order[:10], np.sort(order[10:])])][:count]


def exact(net: Network, firms: np.ndarray, tol: float, threads: int) -> np.ndarray:
    """The exact mode with what is to be compared."""
    return esri(net, tol=tol, firms=firms, threads=threads).total


def published(net: Network, firms: np.ndarray) -> np.ndarray:
    """The published mode with the peer's weights."""
    return esri(net, mode="published", firms=firms, weights=net.revenue, market=net.revenue).total


def peer(net: Network, firms: np.ndarray, step: float) -> tuple[float, float, np.ndarray]:
    """Best wall clock, its processor seconds, and the result of the peer, in its own environment."""
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "network.npz", Path(folder) / "esri.npz"
        arrays = {name: getattr(net, name) for name in PEER_READS}
        np.savez(given, firms=firms, **arrays)
        told = answer("numpy", "recursion.py", str(given), repr(step), str(found))
        return told["seconds"], told["cpu_seconds"], np.load(found)["total"]


def timed(work: Callable[[], np.ndarray]) -> tuple[float, float, np.ndarray]:
    """Best wall clock, its processor seconds, and the result."""
    best = (np.inf, 0.0)
    for _ in range(REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        best = min(best, (time.perf_counter() - wall, time.process_time() - cpu))
        if best[0] > LONG:
            break
    return *best, result


def row(
    name: str, engine: str, threads: int, shocks: np.ndarray, timing: tuple, limit: dict[int, float]
) -> Row:
    """A line of the table, with errors where the limit is known."""
    wall, cpu, total = timing
    error = np.array(
        [abs(value - limit[firm]) for firm, value in zip(shocks, total, strict=True) if firm in limit]
    )
    per_shock = 1e3 * wall / len(shocks)
    return Row(
        name, engine, threads, len(shocks), wall, cpu, per_shock, float(error.max()), float(error.mean())
    )


def first_call(firms: int) -> float:
    """Seconds of the first call in a fresh process."""
    net = network("open", firms)
    start = time.perf_counter()
    esri(net)
    return time.perf_counter() - start
