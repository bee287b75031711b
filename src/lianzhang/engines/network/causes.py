"""Why each firm is hit: the input that binds, the supplier behind it, the customer whose orders are missed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .model import Classes, Floats, Ints, Network
from .sums import sums
from .what_if import Cascade

UNHARMED, OWN_SHOCK, ESSENTIAL_INPUT, OTHER_INPUTS, ORDERS = 0, 1, 2, 3, 4
"""Causes of a loss: none, the shock itself, one essential product, the sum of non-essential inputs, orders."""
TIE = 1e-7
"""Shortages closer than this bind together."""


@dataclass(frozen=True)
class Why:
    """Causes of a cascade, firm by firm; arrays of shape (n,) unless said otherwise.

    ``down_cause`` and ``up_cause`` are one of the causes above. ``supplier`` is the largest contributor to
    the binding shortage and ``supplier_part`` its part of the firm's level; ``buyer``, ``buyer_part`` the
    same for missing orders; -1 and 0 where there is none. ``bound_firm``, ``bound_product``, ``shortage``
    (b,) list every binding essential product: several for a firm when they are equally short.
    """

    down_cause: Classes
    up_cause: Classes
    supplier: Ints
    supplier_part: Floats
    buyer: Ints
    buyer_part: Floats
    bound_firm: Ints
    bound_product: Ints
    shortage: Floats


def replaceability(net: Network, down: Floats, size: Floats) -> Floats:
    """Share of a firm's missing deliveries that its market cannot replace (n,): sigma in the README."""
    alive = sums(net.product, size * (1 - down), net.n_products)[net.product]
    share = np.divide(size, alive, out=np.ones(net.n), where=alive > size)
    return np.where(size > 0, share, 0.0)


def why(net: Network, result: Cascade) -> Why:
    """Read the causes off a finished cascade of the same network. Cost: O(links log links)."""
    missing = replaceability(net, result.down, result.size) * result.down
    part = net.down_coef * missing[net.supplier]
    fed = np.flatnonzero(net.link_slot >= 0)
    slot = net.link_slot[fed]
    short = sums(slot, part[fed], net.n_essential + net.n)
    customer = net.customer[fed]
    worst = np.zeros(net.n)
    np.maximum.at(worst, customer, short[slot])
    binds = (short[slot] > worst[customer] - TIE) & (result.down[customer] > 0) & (worst[customer] > TIE)
    binds &= worst[customer] >= result.shock[customer] - TIE
    from_one = binds & (slot < net.n_essential)

    down_cause = np.where(result.shock > 0, OWN_SHOCK, UNHARMED).astype(np.uint8)
    stronger = binds & (worst[customer] > result.shock[customer] + TIE)
    down_cause[customer[stronger & ~from_one]] = OTHER_INPUTS
    down_cause[customer[stronger & from_one]] = ESSENTIAL_INPUT
    supplier, supplier_part = _largest(net.n, customer[binds], net.supplier[fed][binds], part[fed][binds])

    orders = net.up_coef * result.up[net.customer]
    fewer = sums(net.supplier, orders, net.n)
    up_cause = np.where(result.shock > 0, OWN_SHOCK, UNHARMED).astype(np.uint8)
    up_cause[(fewer > result.shock + TIE)] = ORDERS
    missed = (fewer[net.supplier] > TIE) & (orders > 0)
    buyer, buyer_part = _largest(net.n, net.supplier[missed], net.customer[missed], orders[missed])

    pairs, first = np.unique(slot[from_one], return_index=True)
    link = fed[from_one][first]
    return Why(
        down_cause=down_cause,
        up_cause=up_cause,
        supplier=supplier,
        supplier_part=supplier_part,
        buyer=buyer,
        buyer_part=buyer_part,
        bound_firm=net.customer[link],
        bound_product=net.product[net.supplier[link]],
        shortage=short[pairs],
    )


def _largest(n: int, firm: Ints, partner: Ints, part: Floats) -> tuple[Ints, Floats]:
    """The partner with the largest part of each firm; of equal ones the lowest number."""
    order = np.lexsort((partner, -part, firm))
    hit, first = np.unique(firm[order], return_index=True)
    who, much = np.full(n, -1), np.zeros(n)
    who[hit], much[hit] = partner[order][first], part[order][first]
    return who, much
