"""Networks for tests: the worked example and random small ones."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from lianzhang.engines.network import build_network
from lianzhang.engines.network.tests.oracle import Raw

STEEL, CHIPS, LOGISTICS, VEHICLES, ORE, FUEL = range(6)
A, B, C, D, E, F = range(6)


def built(raw, scale=1.0):
    """The engine's network of a raw one, money multiplied by ``scale``."""

    def columns(rows, width):
        return [np.array([row[k] for row in rows]) for k in range(width)]

    supplier, customer, value = columns(raw.links, 3)
    outside = columns(raw.outside, 3)
    rated = columns([(*pair, kind) for pair, kind in raw.rating.items()], 3)
    return build_network(
        raw.product,
        np.array(raw.revenue, float) * scale,
        supplier,
        customer,
        value * scale,
        n_products=raw.n_products,
        outside=(outside[0], outside[1], outside[2] * scale),
        ratings=tuple(rated),
    )


def six_firms():
    """Steel mills A and B, chips C, logistics D, vehicle plants E and F; money in millions."""
    return Raw(
        product=[STEEL, STEEL, CHIPS, LOGISTICS, VEHICLES, VEHICLES],
        revenue=[100, 50, 40, 50, 300, 60],
        links=[
            (A, E, 60),
            (B, E, 20),
            (B, F, 20),
            (C, E, 10),
            (C, F, 10),
            (D, E, 30),
            (D, A, 10),
            (E, D, 40),
        ],
        outside=[(A, ORE, 40), (D, FUEL, 60), (E, CHIPS, 30)],
        rating={(STEEL, VEHICLES): 2, (CHIPS, VEHICLES): 2, (ORE, STEEL): 2},
    )


MONEY = st.floats(0.125, 1000.0, width=32)


@st.composite
def raws(draw, *, ratings=(0, 1, 2), most=7, open_sales=True):
    """Random networks of 2..most firms with parallel links, self-links, outside supply and unknown products."""
    n = draw(st.integers(2, most))
    products = draw(st.integers(1, 3))
    product = draw(st.lists(st.integers(-1, products - 1), min_size=n, max_size=n))
    firm = st.integers(0, n - 1)
    links = draw(st.lists(st.tuples(firm, firm, MONEY), max_size=3 * n))
    outside = draw(st.lists(st.tuples(firm, st.integers(-1, products), MONEY), max_size=n))
    pairs = [(k, p) for k in range(products + 1) for p in range(products)]
    rating = {pair: draw(st.sampled_from(ratings)) for pair in pairs}
    raw = Raw(product, [0.0] * n, links, outside, rating, n_products=products + 1)
    sales = np.zeros(n)
    for i, j, value in links:
        sales[i] += value if i != j else 0.0
    extra = draw(st.lists(MONEY if open_sales else st.just(0.0), min_size=n, max_size=n))
    raw.revenue = list(sales + np.array(extra))
    return raw
