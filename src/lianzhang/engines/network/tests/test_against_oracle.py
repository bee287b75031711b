"""The kernels against the literal reading of the recursion, on random small networks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.network import cascade, esri
from lianzhang.engines.network.risk import DENSE_FIRMS
from lianzhang.engines.network.tests.networks import built, raws
from lianzhang.engines.network.tests.oracle import index, levels, used_revenue


@given(raws())
def test_exact_mode_reaches_the_limit(raw):
    revenue = used_revenue(raw)
    expected = index(raw, revenue, revenue, 1e-13)
    for dense_firms in (DENSE_FIRMS, 0):
        result = esri(built(raw), tol=1e-9, dense_firms=dense_firms)
        assert np.array([result.total, result.down, result.up]) == pytest.approx(expected[:3], abs=1e-8)


@given(raws())
def test_the_error_is_within_the_tolerance(raw):
    revenue = used_revenue(raw)
    expected = index(raw, revenue, revenue, 1e-13)
    for tol in (1e-2, 1e-4):
        result = esri(built(raw), tol=tol, dense_firms=0)
        assert np.array([result.total, result.down, result.up]) == pytest.approx(expected[:3], abs=tol)


@given(raws())
def test_published_mode_is_the_papers_recursion(raw):
    net = built(raw)
    if net.sales.sum() == 0:
        with pytest.raises(ValueError, match="sales in the links"):
            esri(net, mode="published")
        return
    expected = index(raw, net.sales, net.sales, 1e-2)
    result = esri(net, mode="published")
    assert np.array([result.total, result.down, result.up]) == pytest.approx(expected[:3], abs=1e-12)
    assert (result.rounds == expected[3]).all()


@given(raws(), st.data())
def test_partial_shocks_of_several_firms(raw, data):
    n = len(raw.product)
    shock = np.array(data.draw(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=n, max_size=n)))
    down, up, _ = levels(raw, 1 - shock, used_revenue(raw), 1e-13)
    result = cascade(built(raw), shock, tol=1e-10)
    assert 1 - result.down == pytest.approx(down, abs=1e-8)
    assert 1 - result.up == pytest.approx(up, abs=1e-8)


@given(raws(open_sales=False))
def test_networks_that_sell_nothing_outside(raw):
    """Closed groups of customers: the walk cannot leave, and the engine must not iterate for ever."""
    revenue = used_revenue(raw)
    if revenue.sum() == 0:
        return
    expected = index(raw, revenue, revenue, 1e-13)
    for dense_firms in (DENSE_FIRMS, 0):
        result = esri(built(raw), tol=1e-9, dense_firms=dense_firms)
        assert np.array([result.total, result.down, result.up]) == pytest.approx(expected[:3], abs=1e-7)
        assert result.finished.all()
