"""Reasons of a loss and sums by group."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.network import cascade, group_losses, why
from lianzhang.engines.network.causes import ESSENTIAL_INPUT, ORDERS, OTHER_INPUTS, OWN_SHOCK, UNHARMED
from lianzhang.engines.network.tests.networks import CHIPS, STEEL, A, B, C, D, E, F, built, raws, six_firms
from lianzhang.engines.network.tests.oracle import Raw


def test_causes_after_the_small_mill_stops():
    net = built(six_firms())
    reason = why(net, cascade(net, np.eye(6)[B]))
    expected = [OTHER_INPUTS, OWN_SHOCK, UNHARMED, OTHER_INPUTS, ESSENTIAL_INPUT, ESSENTIAL_INPUT]
    assert list(reason.down_cause) == expected
    assert list(reason.supplier) == [D, -1, -1, E, B, B]
    assert list(reason.bound_firm) == [E, F]
    assert list(reason.bound_product) == [STEEL, STEEL]
    assert reason.shortage == pytest.approx([0.134424, 0.505435], abs=5e-7)
    assert reason.supplier_part[F] == pytest.approx(0.505435, abs=5e-7)


def test_causes_after_the_vehicle_plant_stops():
    net = built(six_firms())
    reason = why(net, cascade(net, np.eye(6)[E]))
    assert list(reason.up_cause) == [ORDERS, ORDERS, ORDERS, ORDERS, OWN_SHOCK, UNHARMED]
    assert list(reason.buyer[:4]) == [E] * 4
    assert reason.buyer_part[D] == pytest.approx(0.6)


def test_equally_short_essential_inputs_are_all_named():
    raw = six_firms()
    raw.rating[(STEEL, 3)] = 2
    net = built(Raw(raw.product, raw.revenue, raw.links, [], raw.rating, raw.n_products))
    shock = np.zeros(6)
    shock[[A, B, C]] = 1
    reason = why(net, cascade(net, shock))
    named = set(zip(reason.bound_firm.tolist(), reason.bound_product.tolist(), strict=True))
    assert named == {(E, STEEL), (E, CHIPS), (F, STEEL), (F, CHIPS)}


@given(raws(), st.data())
def test_named_partners_explain_the_levels(raw, data):
    """A binding essential product is as short as the firm's loss; every hit firm has a cause and a partner."""
    net = built(raw)
    shock = np.array(
        data.draw(st.lists(st.sampled_from([0.0, 0.0, 0.5, 1.0]), min_size=net.n, max_size=net.n))
    )
    result = cascade(net, shock, tol=1e-11)
    reason = why(net, result)
    assert result.down[reason.bound_firm] == pytest.approx(np.minimum(1, reason.shortage), abs=1e-6)
    hit = result.down > 1e-6
    assert (reason.down_cause[hit] != UNHARMED).all()
    assert (reason.supplier[hit & (shock == 0)] >= 0).all()
    assert (reason.buyer[(result.up > 1e-6) & (shock == 0)] >= 0).all()
    links = set(zip(net.supplier.tolist(), net.customer.tolist(), strict=True))
    for firm in np.flatnonzero(reason.supplier >= 0):
        assert (reason.supplier[firm], firm) in links


def test_group_sums():
    net = built(six_firms())
    result = cascade(net, np.eye(6)[E])
    groups = group_losses(result, net.revenue, ["north", "south", "north", "south", "north", "south"])
    assert list(groups.label) == ["north", "south"]
    assert list(groups.hit) == [3, 2]
    assert groups.direct == pytest.approx([300, 0])
    assert groups.joined == pytest.approx([60 + 10 + 300, 20 + 36])
    assert groups.joined.sum() / groups.value.sum() == pytest.approx(0.71)
    with pytest.raises(ValueError, match="6 firms"):
        group_losses(result, net.revenue, ["north"])
