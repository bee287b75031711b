"""Systemic risk of every firm in a snapshot, with a band for the first ones, and the shape of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lianzhang.domains.chains.network.loaded import Loaded
from lianzhang.engines.network import Esri, esri
from lianzhang.engines.network.model import Floats, Ints

TOLERANCE = 1e-5
BANDED = 200
"""The band under all three assumptions is computed for so many firms; the third one costs most."""


@dataclass(frozen=True)
class Risk:
    """Arrays (n,) in order of rank; `low`, `high` are NaN beyond the banded firms. `position` in the snapshot."""

    position: Ints
    total: Floats
    down: Floats
    up: Floats
    own: Floats
    low: Floats
    high: Floats
    finished: bool


def assess(loaded: Loaded, threads: int = 2) -> Risk:
    """ESRI of all firms; weights and market sizes are yearly revenue."""
    found = _esri(loaded, "survey", np.arange(loaded.n), threads)
    order = np.argsort(-found.total, kind="stable")
    first = order[:BANDED]
    others = [_esri(loaded, name, first, threads) for name in ("linear", "essential")]
    ends = np.stack([found.total[first], *(other.total for other in others)])
    low, high = np.full(loaded.n, np.nan), np.full(loaded.n, np.nan)
    low[: len(first)], high[: len(first)] = ends.min(axis=0), ends.max(axis=0)
    finished = all(part.finished.all() for part in (found, *others))
    return Risk(
        order, found.total[order], found.down[order], found.up[order], found.own[order], low, high, finished
    )


def _esri(loaded: Loaded, assumption: str, firms: Ints, threads: int) -> Esri:
    net = loaded.networks[assumption]
    return esri(net, tol=TOLERANCE, firms=firms, threads=threads, weights=loaded.weights)


def shape(loaded: Loaded, risk: Risk) -> dict[str, Any]:
    """Facts that tell what kind of network this is; all counts over the firms in it."""
    nodes = loaded.nodes
    filed = loaded.firms["revenue"]
    sales = float(loaded.links["value"].sum())
    outside = float(loaded.outside["value"].sum())
    return {
        "firms": loaded.n,
        "links": loaded.links.height,
        "products": len(nodes.codes),
        "several_products": int(np.unique(nodes.firm[loaded.n :]).size),
        "self_links": nodes.self_links,
        "revenue": float(loaded.revenue.sum()),
        "revenue_unknown": int(filed.null_count()),
        "revenue_raised": int(
            (filed.is_not_null().to_numpy() & (loaded.revenue > filed.fill_null(0).to_numpy())).sum()
        ),
        "inside_share": sales / (sales + outside) if sales + outside else None,
        "above_1_percent": int((risk.total >= 0.01).sum()),
        "plateau": plateau(risk.total),
        "rank_agreement": _spearman(risk.total, risk.own),
        "finished": risk.finished,
    }


def plateau(total: Floats) -> int:
    """How many firms reach at least half of the largest index: those at the core, one as bad as the other."""
    return int((total >= total.max(initial=0.0) / 2).sum()) if len(total) and total.max() > 0 else 0


def _spearman(a: Floats, b: Floats) -> float | None:
    """Rank correlation of index and size; None for fewer than three firms or no variation."""
    if len(a) < 3:
        return None
    ranks = np.argsort(np.argsort(a)), np.argsort(np.argsort(b))
    value = float(np.corrcoef(*ranks)[0, 1])
    return value if np.isfinite(value) else None
