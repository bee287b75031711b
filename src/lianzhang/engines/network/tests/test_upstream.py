"""The random walk upstream on networks that are hard for iterations: long chains, rings, closed groups."""

import numpy as np
import pytest

from lianzhang.engines.network import build_network, esri, upstream_closed_form
from lianzhang.engines.network.upstream import closed_groups, walk_of


def ring(n, leak):
    """Firm i sells all but the share ``leak`` of its output to firm i + 1, the last to the first."""
    firm = np.arange(n)
    return build_network(firm, np.ones(n), firm, (firm + 1) % n, np.full(n, 1 - leak), n_products=n)


@pytest.mark.parametrize("dense_firms", [0, 5000])
def test_a_leaking_ring(dense_firms):
    """From k the walk meets f after (f - k) steps or never: the losses are a geometric series."""
    n, leak = 2000, 1e-3
    result = esri(ring(n, leak), tol=1e-8, firms=[0, 77], dense_firms=dense_firms)
    expected = ((1 - leak) ** np.arange(n)).sum() / n
    assert result.up == pytest.approx([expected] * 2, abs=1e-8)
    assert result.finished.all()


def test_a_ring_that_hardly_leaks():
    net = ring(300, 1e-9)
    assert esri(net, tol=1e-8, firms=[5], dense_firms=0).up == pytest.approx([1.0], abs=1e-6)
    assert upstream_closed_form(net) == pytest.approx(np.ones(300), abs=1e-6)


def test_a_long_chain():
    """Firm i sells everything to i + 1: whoever stops takes all firms before it along."""
    n = 2000
    firm = np.arange(n - 1)
    net = build_network(np.arange(n), np.ones(n), firm, firm + 1, np.ones(n - 1), n_products=n)
    result = esri(net, firms=[0, 999, n - 1], dense_firms=0)
    assert result.up == pytest.approx([1 / n, 1000 / n, 1.0])


def test_closed_groups_are_found_and_gains_stay_finite():
    """A and B sell only to one another, C sells to A and outside, D to nobody in the data."""
    net = build_network(
        [0, 1, 2, 3], [10, 10, 20, 5], [0, 1, 2, 3], [1, 0, 0, 2], [10.0, 10, 5, 1], n_products=4
    )
    group = closed_groups(net)
    assert group[0] == group[1] >= 0
    assert list(group[2:]) == [-1, -1]
    assert walk_of(net, net.revenue).gain == pytest.approx([0.25 * (20 + 0.2 * 5), 0, 0.2 * 5, 0])
    expected = [(20 + 0.25 * 20 + 0.25 * 0.2 * 5) / 45] * 2
    for dense_firms in (0, 100):
        assert esri(net, tol=1e-10, dense_firms=dense_firms).up[:2] == pytest.approx(expected)
