"""The published ESRI recursion in plain NumPy, every link in every round.

`recursion.py NETWORK.npz STEP OUT.npz`: NETWORK holds the arrays of a network and the firms stopped one by one; OUT gets
their ESRI. Prints the best seconds and processor seconds of up to three calls.
"""

import json
import sys
import time

import numpy as np

REPEATS, LONG = 3, 2.0


def peer_esri(net: dict, step: float) -> np.ndarray:
    """ESRI (k,) of firms stopped one by one, weights and markets by revenue, stopped at ``step``."""
    revenue, product, supplier, customer = net["revenue"], net["product"], net["supplier"], net["customer"]
    n, n_products, link_slot = len(revenue), int(net["n_products"]), net["link_slot"]
    fed = link_slot >= 0
    slots = int(net["n_essential"]) + n
    weight = revenue / revenue.sum()
    owner = np.zeros(slots, np.int64)
    owner[link_slot[fed]] = customer[fed]
    total = np.zeros(len(net["firms"]))
    for at, firm in enumerate(net["firms"]):
        stop = np.zeros(n)
        stop[firm] = 1.0
        down, up = stop.copy(), stop.copy()
        fall = 1.0
        while fall > step:
            alive = np.bincount(product, revenue * (1 - down), n_products)[product]
            share = np.divide(revenue, alive, out=np.ones(n), where=alive > revenue)
            part = net["down_coef"] * (share * down)[supplier]
            short = np.bincount(link_slot[fed], part[fed], slots)
            new_down = stop.copy()
            np.maximum.at(new_down, owner, short)
            fewer = np.bincount(supplier, net["up_coef"] * up[customer], n)
            new_up = np.maximum(stop, fewer)
            fall = max((new_down - down).max(), (new_up - up).max())
            down, up = np.minimum(new_down, 1.0), np.minimum(new_up, 1.0)
        total[at] = weight @ np.maximum(down, up)
    return total


def main() -> None:
    """Read, repeat, write."""
    network, step, out = sys.argv[1:]
    net = dict(np.load(network))
    best = (np.inf, 0.0)
    for _ in range(REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        total = peer_esri(net, float(step))
        best = min(best, (time.perf_counter() - wall, time.process_time() - cpu))
        if best[0] > LONG:
            break
    np.savez(out, total=total)
    print(json.dumps({"seconds": best[0], "cpu_seconds": best[1], "version": f"numpy {np.__version__}"}))


main()
