"""Cases in which public programs differ from one another or from the equations; names say what must hold."""

import numpy as np
import pytest

from lianzhang.engines.network import NetworkError, build_network, cascade, esri
from lianzhang.engines.network.causes import replaceability
from lianzhang.engines.network.tests.networks import built, six_firms
from lianzhang.engines.network.tests.oracle import Raw


def stop(raw, *firms):
    shock = np.zeros(len(raw.product))
    shock[list(firms)] = 1
    return cascade(built(raw), shock)


def test_a_firm_without_inputs_is_never_short():
    raw = Raw([0, 1], [10, 10], [(0, 1, 5)])
    assert stop(raw, 1).down == pytest.approx([0, 1])


def test_a_firm_without_customers_in_the_data_loses_no_orders():
    raw = Raw([0, 1], [10, 10], [(0, 1, 5)])
    assert stop(raw, 0).up == pytest.approx([1, 0])


def test_a_firm_without_any_revenue_has_no_upstream_dependence():
    net = build_network([0, 1], [0.0, 10.0], [0], [1], [0.0], n_products=2)
    assert net.up_coef == pytest.approx([0.0])
    assert esri(net).total == pytest.approx([0.0, 1.0])


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_a_market_that_is_wholly_dead_cannot_replace_anybody(scale):
    """Where a public program then divides by one, the result hangs on the unit of money."""
    raw = Raw([0, 0, 1], [10, 30, 50], [(0, 2, 5), (1, 2, 5)], rating={(0, 1): 2})
    result = cascade(built(raw, scale), [1.0, 1.0, 0.0])
    assert result.down == pytest.approx([1, 1, 1])


def test_a_nearly_dead_market_keeps_its_digits():
    """All but a millionth of a millionth of the market stops; what is left still counts in full."""
    raw = Raw([0, 0, 0, 1], [1e12, 1.0, 2.0, 50], [(1, 3, 1)], [(3, 0, 1.0)], {(0, 1): 2})
    net = built(raw)
    share = replaceability(net, np.array([1.0, 0.5, 0, 0]), net.revenue)
    result = cascade(net, [1.0, 0.5, 0.0, 0.0])
    assert share[1] == pytest.approx(1 / 2.5)
    assert result.down[3] == pytest.approx(0.5 * 0.5 * share[1], rel=1e-9)


def test_a_firm_of_no_size_is_replaced_by_any_other():
    raw = Raw([0, 0, 1], [0, 10, 10], [(0, 2, 0.0), (1, 2, 5)], rating={(0, 1): 2})
    assert replaceability(built(raw), np.array([1.0, 1, 0]), np.array([0.0, 10, 10])) == pytest.approx(
        [0, 1, 1]
    )


def test_more_than_half_of_a_market_is_irreplaceable():
    raw = Raw([0, 0, 1], [60, 40, 50], [(0, 2, 5)], rating={(0, 1): 2})
    assert stop(raw, 0).down[2] == pytest.approx(1.0)


def test_a_final_producer_weighs_its_revenue():
    """By sales inside the data the vehicle plant F would weigh nothing and hurt nobody."""
    result = esri(built(six_firms()))
    assert result.own[5] == pytest.approx(0.1)
    assert result.up[5] > result.own[5]


def test_firms_of_unknown_product_share_one_market_rated_non_essential():
    raw = Raw([-1, -1, 0], [10, 30, 50], [(0, 2, 5), (1, 2, 5)], rating={(0, 0): 2, (1, 0): 2})
    net = built(raw)
    assert net.audit.unknown_product == 2
    assert (net.link_class == 1).all()
    assert cascade(net, [1.0, 0, 0]).down == pytest.approx([1, 0, 0.5 * 10 / 30])


def test_parallel_links_are_summed_before_anything_else():
    net = build_network([0, 1], [10, 10], [0, 0], [1, 1], [2.0, 3.0], n_products=2)
    assert net.value == pytest.approx([5.0])
    assert net.audit.merged_links == 1
    assert net.up_coef == pytest.approx([0.5])


def test_self_links_are_dropped_and_counted():
    net = build_network([0, 1], [10, 10], [0, 0], [0, 1], [7.0, 3.0], n_products=2)
    assert (net.n_links, net.audit.self_links) == (1, 1)
    assert net.inputs == pytest.approx([0, 3])
    assert net.sales == pytest.approx([3, 0])


def test_revenue_below_sales_is_replaced_and_named():
    net = build_network([0, 1, 0], [1.0, 10, np.nan], [0, 2], [1, 1], [5.0, 4.0], n_products=2)
    assert net.revenue == pytest.approx([5, 10, 4])
    assert list(net.audit.revenue_raised) == [0]
    assert list(net.audit.revenue_unknown) == [2]


def test_rounding_of_sums_is_no_contradiction_of_revenue():
    net = build_network([0, 1, 1, 1], [0.3, 1, 1, 1], [0, 0, 0], [1, 2, 3], [0.1] * 3, n_products=2)
    assert sum([0.1] * 3) > 0.3
    assert len(net.audit.revenue_raised) == 0


def test_every_faulty_row_is_named():
    with pytest.raises(NetworkError) as caught:
        build_network(
            [0, 3, -2], [1.0, -1.0, np.inf], [0, 9, 0, 0], [1, 0, -1, 1], [1.0, 1.0, np.nan, -4.0],
            n_products=2, outside=([7], [0], [-1.0]), ratings=([0], [1], [3]),
        )  # fmt: skip
    places = {(problem.table, problem.row) for problem in caught.value.problems}
    assert places == {
        ("firms", 1), ("firms", 2), ("links", 1), ("links", 2), ("links", 3), ("outside", 0), ("ratings", 0),
    }  # fmt: skip
    assert "firms row 1: product 3 is unknown, expected a whole number -1..1 (and 10 more)" in str(
        caught.value
    )


def test_zero_links_bind_nothing():
    raw = Raw([0, 1], [10, 10], [(0, 1, 0.0)], rating={(0, 1): 2})
    assert stop(raw, 0).joined == pytest.approx([1, 0])


def test_a_network_without_links():
    raw = Raw([0, 0], [30, 10], [(0, 0, 5)])
    result = esri(built(raw))
    assert result.total == pytest.approx([0.75, 0.25])
    assert (result.rounds >= 1).all()


def test_weights_that_are_all_zero_are_refused():
    net = build_network([0, 0], [0.0, np.nan], [], [], [], n_products=1)
    with pytest.raises(ValueError, match="revenue"):
        esri(net)


@pytest.mark.parametrize("shock", [[0.5], [2.0, 0.0], [np.nan, 0.0], [-0.1, 0.0]])
def test_shocks_must_be_shares(shock):
    with pytest.raises(ValueError, match="between 0 and 1"):
        cascade(built(Raw([0, 1], [10, 10], [(0, 1, 5)])), shock)


def test_chosen_firms_keep_their_order_and_threads_change_nothing():
    net = built(six_firms())
    every = esri(net)
    some = esri(net, firms=[4, 1], threads=2)
    assert list(some.firms) == [4, 1]
    assert list(some.total) == [every.total[4], every.total[1]]
    with pytest.raises(ValueError, match=r"0\.\.5"):
        esri(net, firms=[6])


def test_a_tie_at_the_published_step_goes_on_whatever_the_unit():
    """Firm B of the example falls by exactly 0.01 in round 3; rounding must not decide."""
    for scale in np.linspace(0.1, 10, 40):
        net = built(six_firms(), scale)
        assert esri(net, mode="published", weights=net.revenue, market=net.revenue).rounds[1] == 4
