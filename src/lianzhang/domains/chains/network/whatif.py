"""What is lost when several firms stop: by firm with the reason, in all, and with a band under three assumptions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lianzhang.domains.chains.network.loaded import ASSUMPTIONS, Loaded
from lianzhang.engines.network import Cascade, cascade, why
from lianzhang.engines.network.causes import ESSENTIAL_INPUT, OTHER_INPUTS
from lianzhang.engines.network.model import Floats, Ints

HIT = 1e-6
"""A firm that loses more than this share of its level is counted as hit."""


@dataclass(frozen=True)
class Losses:
    """Arrays (n,) over the firms of the snapshot. Shares of a firm's level, `yuan` a year at full effect.

    `low`, `high` are the ends of `loss` over the assumptions. `cause` as `ScenarioLoss.Cause`; `product` the class
    that binds ("" if none); `partner` the position of the supplier or buyer behind most of the loss, -1 if none.
    """

    shock: Floats
    down: Floats
    up: Floats
    loss: Floats
    low: Floats
    high: Floats
    yuan: Floats
    cause: list[str]
    product: list[str]
    partner: Ints
    finished: bool


def losses(loaded: Loaded, positions: Ints, share: float) -> Losses:
    """Losses when the firms at `positions` each lose `share` (0..1) of their production."""
    n = loaded.n
    shock = np.zeros(len(loaded.weights))
    shock[positions] = share
    results = {name: cascade(loaded.networks[name], shock) for name in ASSUMPTIONS}
    middle = results["survey"]
    ends = np.stack([result.joined[:n] for result in results.values()])
    cause, product, partner = _reasons(loaded, middle)
    return Losses(
        shock=shock[:n],
        down=middle.down[:n],
        up=middle.up[:n],
        loss=middle.joined[:n],
        low=ends.min(axis=0),
        high=ends.max(axis=0),
        yuan=middle.joined[:n] * loaded.revenue,
        cause=cause,
        product=product,
        partner=partner,
        finished=all(result.finished for result in results.values()),
    )


def _reasons(loaded: Loaded, result: Cascade) -> tuple[list[str], list[str], Ints]:
    """The binding reason of each firm: its own stop, one product, inputs together, or orders."""
    net, nodes, n = loaded.networks["survey"], loaded.nodes, loaded.n
    found = why(net, result)
    binding = dict(zip(found.bound_firm[::-1].tolist(), found.bound_product[::-1].tolist(), strict=True))
    cause, product, partner = ["none"] * n, [""] * n, np.full(n, -1)
    for i in np.flatnonzero(result.joined[:n] > HIT).tolist():
        shock, down, up = result.shock[i], result.down[i], result.up[i]
        if shock >= max(down, up) - HIT:
            cause[i] = "shock"
        elif up > down:
            cause[i], partner[i] = "orders", _buyer(loaded, found.buyer, i)
        else:
            essential = found.down_cause[i] == ESSENTIAL_INPUT
            cause[i] = (
                "essential" if essential else "inputs" if found.down_cause[i] == OTHER_INPUTS else "shock"
            )
            partner[i] = nodes.firm[found.supplier[i]] if found.supplier[i] >= 0 else -1
            if essential and binding.get(i, -1) in range(len(nodes.codes)):
                product[i] = nodes.codes[binding[i]]
    return cause, product, partner


def _buyer(loaded: Loaded, buyers: Ints, firm: int) -> int:
    """The customer behind missing orders; of a firm with lines, the customer of the line that misses most."""
    node = int(buyers[firm])
    if node >= loaded.n:
        node = int(buyers[node])
    return int(loaded.nodes.firm[node]) if node >= 0 else -1
