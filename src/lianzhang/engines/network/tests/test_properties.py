"""Properties that follow from the recursion, on random networks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.network import cascade, esri, upstream_closed_form
from lianzhang.engines.network.tests.networks import built, raws
from lianzhang.engines.network.tests.oracle import Raw

SLACK = 1e-8
SHOCK = st.sampled_from([0.0, 0.25, 0.5, 1.0])


def figures(raw, **options):
    result = esri(built(raw), tol=1e-10, **options)
    return np.array([result.total, result.down, result.up])


def losses(raw, shock):
    result = cascade(built(raw), shock, tol=1e-11)
    return np.array([result.down, result.up])


@given(raws())
def test_bounds_of_the_joined_index(raw):
    """Property 2: own share <= max(down, up) <= joined <= min(1, down + up - own share)."""
    result = esri(built(raw), tol=1e-10)
    worse = np.maximum(result.down, result.up)
    assert (result.own <= worse + SLACK).all()
    assert (worse <= result.total + SLACK).all()
    assert (result.total <= np.minimum(1, result.down + result.up - result.own) + SLACK).all()


@given(raws(), st.data())
def test_more_shock_never_means_less_loss(raw, data):
    """Property 3, and the union of two shocks is at least each of them."""
    n = len(raw.product)
    one = np.array(data.draw(st.lists(SHOCK, min_size=n, max_size=n)))
    other = np.array(data.draw(st.lists(SHOCK, min_size=n, max_size=n)))
    both = losses(raw, np.maximum(one, other))
    assert (both >= losses(raw, one) - SLACK).all()
    assert (both >= losses(raw, other) - SLACK).all()


def test_a_duopoly_loses_more_together_than_one_by_one():
    """Property 3: each of two equal makers replaces half of the other; together nobody does."""
    raw = Raw([0, 0, 0, 1], [10, 10, 10, 100], [(0, 3, 10), (1, 3, 10)], rating={(0, 1): 2})
    alone = [losses(raw, np.eye(4)[firm])[0, 3] for firm in (0, 1)]
    assert losses(raw, np.array([1.0, 1.0, 0, 0]))[0, 3] > sum(alone) + 0.2


@given(raws(), st.randoms(use_true_random=False))
def test_numbering_and_order_change_nothing(raw, random):
    """Property 4: relabelled firms, shuffled links."""
    n = len(raw.product)
    new = list(range(n))
    random.shuffle(new)
    links = [(new[i], new[j], value) for i, j, value in raw.links]
    random.shuffle(links)
    old = np.argsort(new)
    moved = Raw(
        [raw.product[k] for k in old],
        [raw.revenue[k] for k in old],
        links,
        [(new[j], k, value) for j, k, value in raw.outside],
        raw.rating,
        raw.n_products,
    )
    assert figures(moved)[:, new] == pytest.approx(figures(raw), abs=SLACK)


@given(raws(), st.sampled_from([1e-4, 0.3, 7.0, 1e4, 1e8]))
def test_the_unit_of_money_changes_nothing(raw, scale):
    """Property 4, in both modes; the papers' program fails this one."""
    for mode in ("exact", "published"):
        nets = built(raw), built(raw, scale)
        if mode == "published" and nets[0].sales.sum() == 0:
            continue
        plain, scaled = (esri(net, mode=mode, tol=1e-10) for net in nets)
        assert scaled.total == pytest.approx(plain.total, abs=SLACK)
        assert scaled.down == pytest.approx(plain.down, abs=SLACK)


@given(raws())
def test_split_links_change_nothing(raw):
    """Property 4: one link or two parallel halves."""
    halves = [(i, j, value / 2) for i, j, value in raw.links for _ in range(2)]
    split = Raw(raw.product, raw.revenue, halves, raw.outside, raw.rating, raw.n_products)
    assert figures(split) == pytest.approx(figures(raw), abs=1e-12)


@given(raws(ratings=(0,)).filter(lambda raw: -1 not in raw.product))
def test_negligible_inputs_hurt_nobody(raw):
    """Property 5."""
    result = esri(built(raw))
    assert result.down == pytest.approx(result.own)


@given(raws(ratings=(1,)))
def test_without_essential_inputs_and_replacement_downstream_is_one_linear_solve(raw):
    """Property 5: every firm a market of its own; the losses solve x = A'x outside the firm that stops."""
    n = len(raw.product)
    alone = Raw(
        list(range(n)), raw.revenue, raw.links, [(j, n, v) for j, _, v in raw.outside], n_products=n + 1
    )
    net = built(alone)
    share = np.zeros((n, n))
    share[net.customer, net.supplier] = net.down_coef
    for firm in range(n):
        others = np.arange(n) != firm
        inner = share[np.ix_(others, others)]
        if np.abs(np.linalg.eigvals(inner)).max(initial=0) > 0.999:
            continue
        expected = np.ones(n)
        expected[others] = np.linalg.solve(np.eye(n - 1) - inner, share[others, firm])
        assert losses(alone, np.eye(n)[firm])[0] == pytest.approx(expected, abs=SLACK)


@given(raws(), st.data())
def test_more_outside_supply_never_raises_a_loss(raw, data):
    """Property 5, with the deliveries inside unchanged."""
    firm = data.draw(st.integers(0, len(raw.product) - 1))
    product = data.draw(st.integers(0, raw.n_products - 1))
    more = [*raw.outside, (firm, product, data.draw(st.floats(1, 500)))]
    richer = Raw(raw.product, raw.revenue, raw.links, more, raw.rating, raw.n_products)
    assert (figures(richer) <= figures(raw) + SLACK).all()


@given(raws(), st.data())
def test_more_outside_sales_never_raise_an_upstream_loss(raw, data):
    """Property 5."""
    n = len(raw.product)
    firm = data.draw(st.integers(0, n - 1))
    earned = list(raw.revenue)
    earned[firm] += data.draw(st.floats(1, 500))
    richer = Raw(raw.product, earned, raw.links, raw.outside, raw.rating, raw.n_products)
    for stopped in range(n):
        shock = np.eye(n)[stopped]
        assert (losses(richer, shock)[1] <= losses(raw, shock)[1] + SLACK).all()


@given(raws())
def test_three_ways_to_the_upstream_index(raw):
    """Property 6: dense inverse, cascades of the index, and the plain cascade of a single stop."""
    net = built(raw)
    closed = upstream_closed_form(net)
    share = net.revenue / net.revenue.sum()
    plain = [cascade(net, np.eye(net.n)[firm], tol=1e-12).up @ share for firm in range(net.n)]
    assert esri(net, tol=1e-10, dense_firms=0).up == pytest.approx(closed, abs=SLACK)
    assert plain == pytest.approx(closed, abs=SLACK)
