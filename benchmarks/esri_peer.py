"""The peer of the ESRI benchmark: the published recursion in plain NumPy, every link in every round."""

from __future__ import annotations

import numpy as np

from lianzhang.engines.network import Network


def peer_esri(net: Network, firms: np.ndarray, step: float) -> np.ndarray:
    """ESRI (k,) of firms stopped one by one, weights and markets by revenue, stopped at ``step``."""
    fed = net.link_slot >= 0
    slots = net.n_essential + net.n
    weight = net.revenue / net.revenue.sum()
    owner = np.zeros(slots, np.int64)
    owner[net.link_slot[fed]] = net.customer[fed]
    total = np.zeros(len(firms))
    for at, firm in enumerate(firms):
        stop = np.zeros(net.n)
        stop[firm] = 1.0
        down, up = stop.copy(), stop.copy()
        fall = 1.0
        while fall > step:
            alive = np.bincount(net.product, net.revenue * (1 - down), net.n_products)[net.product]
            share = np.divide(net.revenue, alive, out=np.ones(net.n), where=alive > net.revenue)
            part = net.down_coef * (share * down)[net.supplier]
            short = np.bincount(net.link_slot[fed], part[fed], slots)
            new_down = stop.copy()
            np.maximum.at(new_down, owner, short)
            fewer = np.bincount(net.supplier, net.up_coef * up[net.customer], net.n)
            new_up = np.maximum(stop, fewer)
            fall = max((new_down - down).max(), (new_up - up).max())
            down, up = np.minimum(new_down, 1.0), np.minimum(new_up, 1.0)
        total[at] = weight @ np.maximum(down, up)
    return total
