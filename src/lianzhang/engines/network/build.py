"""From raw arrays to a :class:`Network`: checks, merged links, needs, coefficients."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .check import checked_amounts, checked_indices, raise_if
from .model import ESSENTIAL, NEGLIGIBLE, NON_ESSENTIAL, Audit, Floats, Ints, Network, Problem, Ratings
from .sums import sums

SALES_SLACK = 1e-9
"""Relative excess of summed sales over revenue that is rounding, not a contradiction."""


def build_network(
    product: ArrayLike,
    revenue: ArrayLike,
    supplier: ArrayLike,
    customer: ArrayLike,
    value: ArrayLike,
    *,
    n_products: int,
    outside: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None,
    ratings: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None,
) -> Network:
    """Validate and index a production network.

    ``product`` (n,) numbers 0..n_products-1, -1 = not known; ``revenue`` (n,) yearly money, NaN = not
    known; ``supplier``, ``customer``, ``value`` (m,) yearly sales, summed when a pair repeats;
    ``outside`` = firm, product, purchases from outside the data; ``ratings`` = supplying product,
    buying product, class 0, 1 or 2 (a pair not listed is 1; the product -1 is always 1).

    Raises :class:`NetworkError` with every offending row: unknown firm or product, negative, not finite.
    """
    makes = np.asarray(product, np.int64)
    n = len(makes)
    links = tuple(map(np.asarray, (supplier, customer, value)))
    bought = tuple(map(np.asarray, outside or ([], [], [])))
    rated = tuple(map(np.asarray, ratings or ([], [], [])))
    earned = np.asarray(revenue, np.float64)
    _check(n, n_products, makes, earned, links, bought, rated)

    makes = np.where(makes < 0, n_products, makes)
    from_firm, to_firm, amount, self_links, merged = _merge(n, *links)
    sales = sums(from_firm, amount, n)
    known = np.isfinite(earned)
    raised = known & (earned < sales * (1 - SALES_SLACK))
    audit = Audit(
        self_links=self_links,
        merged_links=merged,
        unknown_product=int((makes == n_products).sum()),
        revenue_raised=np.flatnonzero(raised),
        revenue_unknown=np.flatnonzero(~known),
    )
    used = np.fmax(earned, sales)
    bought_product = np.where(bought[1].astype(np.int64) < 0, n_products, bought[1].astype(np.int64))
    arrays = (makes, used, sales, from_firm, to_firm, amount)
    extra = (bought[0].astype(np.int64), bought_product, bought[2].astype(np.float64))
    return _index(n, n_products + 1, arrays, extra, _ratings(rated, n_products), audit)


def _check(
    n: int, n_products: int, makes: Ints, earned: Floats, links: tuple, bought: tuple, rated: tuple
) -> None:
    problems: list[Problem] = []
    checked_indices("firms", "product", makes, n_products, problems, lowest=-1)
    checked_amounts("firms", "revenue", earned, problems, unknown_allowed=True)
    if len(earned) != n:
        problems.append(Problem("firms", min(n, len(earned)), f"{n} products but {len(earned)} revenues"))
    checked_indices("links", "supplier", links[0], n, problems)
    checked_indices("links", "customer", links[1], n, problems)
    checked_amounts("links", "value", links[2], problems)
    checked_indices("outside", "firm", bought[0], n, problems)
    checked_indices("outside", "product", bought[1], n_products, problems, lowest=-1)
    checked_amounts("outside", "purchases", bought[2], problems)
    checked_indices("ratings", "supplying product", rated[0], n_products, problems, lowest=-1)
    checked_indices("ratings", "buying product", rated[1], n_products, problems, lowest=-1)
    checked_indices("ratings", "class", rated[2], 3, problems)
    for table, columns in (("links", links), ("outside", bought), ("ratings", rated)):
        if len({len(column) for column in columns}) > 1:
            problems.append(Problem(table, 0, "columns differ in length"))
    raise_if(problems)


def _merge(n: int, supplier: Ints, customer: Ints, value: Floats) -> tuple[Ints, Ints, Floats, int, int]:
    """Drop self-links, sum parallel links, sort by (supplier, customer); also both counts."""
    supplier, customer = supplier.astype(np.int64), customer.astype(np.int64)
    keep = supplier != customer
    key = supplier[keep] * n + customer[keep]
    pairs, place = np.unique(key, return_inverse=True)
    amount = sums(place, value[keep].astype(np.float64), len(pairs))
    return (
        pairs // n if n else pairs,
        pairs % n if n else pairs,
        amount,
        int((~keep).sum()),
        len(key) - len(pairs),
    )


def _ratings(rated: tuple, n_products: int) -> Ratings:
    """Sorted table over n_products + 1 products; unknown products are never listed; the last row wins."""
    supplying, buying, rating = (np.asarray(a, np.int64) for a in rated)
    listed = (supplying >= 0) & (buying >= 0)
    key = (supplying * (n_products + 1) + buying)[listed][::-1]
    keys, last = np.unique(key, return_index=True)
    return Ratings(keys, rating[listed][::-1][last].astype(np.uint8))


def _index(n: int, n_products: int, arrays: tuple, bought: tuple, ratings: Ratings, audit: Audit) -> Network:
    """Needs, coefficients and both orders of the links; see README, "Coefficients"."""
    makes, revenue, sales, supplier, customer, value = arrays
    link_product = makes[supplier]
    need_key = np.concatenate([customer * n_products + link_product, bought[0] * n_products + bought[1]])
    amounts = np.concatenate([value, bought[2]])
    _, place = np.unique(need_key, return_inverse=True)
    need = sums(place, amounts, len(amounts))[place[: len(value)]]
    inputs = sums(np.concatenate([customer, bought[0]]), amounts, n)

    rating = ratings.of(link_product, makes[customer], n_products)
    base = np.where(rating == ESSENTIAL, need, inputs[customer])
    down = np.where(rating == NEGLIGIBLE, 0.0, _ratio(value, base))
    essential = rating == ESSENTIAL
    pairs, slot_of = np.unique(need_key[: len(value)][essential], return_inverse=True)
    slot = np.full(len(value), -1, np.int64)
    slot[essential] = slot_of
    slot[rating == NON_ESSENTIAL] = len(pairs) + customer[rating == NON_ESSENTIAL]
    return Network(
        n=n,
        n_products=n_products,
        product=makes,
        revenue=revenue,
        sales=sales,
        inputs=inputs,
        supplier=supplier,
        customer=customer,
        value=value,
        out_ptr=np.searchsorted(supplier, np.arange(n + 1)),
        by_customer=np.argsort(customer, kind="stable"),
        in_ptr=np.concatenate([[0], np.cumsum(np.bincount(customer, minlength=n))]).astype(np.int64),
        market_ptr=np.concatenate([[0], np.cumsum(np.bincount(makes, minlength=n_products))]).astype(
            np.int64
        ),
        market_firm=np.argsort(makes, kind="stable"),
        link_class=rating,
        link_need=need,
        link_slot=slot,
        n_essential=len(pairs),
        down_coef=down,
        up_coef=_ratio(value, revenue[supplier]),
        audit=audit,
    )


def _ratio(part: Floats, whole: Floats) -> Floats:
    """part / whole, 0 where the whole is 0 (nothing bought or sold, so nothing to lose)."""
    return np.divide(part, whole, out=np.zeros_like(part, dtype=np.float64), where=whole > 0)
