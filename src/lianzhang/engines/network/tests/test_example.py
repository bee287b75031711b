"""Worked examples whose figures were computed by hand and by other programs."""

import numpy as np
import pytest

from lianzhang.engines.network import cascade, esri, upstream_closed_form
from lianzhang.engines.network.tests.networks import B, E, built, six_firms
from lianzhang.engines.network.tests.oracle import Raw

TOTAL = [0.568116, 0.207362, 0.303333, 0.223333, 0.710000, 0.150000]
DOWN = [0.566667, 0.207362, 0.303333, 0.216667, 0.546667, 0.100000]
UP = [0.200725, 0.083333, 0.066667, 0.170000, 0.710000, 0.150000]


@pytest.fixture
def net():
    return built(six_firms())


def test_coefficients_are_those_of_the_example(net):
    assert dict(zip(zip(net.supplier, net.customer, strict=True), net.down_coef, strict=True)) == {
        (0, 4): 0.75, (1, 4): 0.25, (1, 5): 1.0, (2, 4): 0.25, (2, 5): 1.0, (3, 0): 0.2, (3, 4): 0.2, (4, 3): 0.4,
    }  # fmt: skip
    assert net.up_coef == pytest.approx([0.6, 0.4, 0.4, 0.25, 0.25, 0.2, 0.6, 40 / 300])


def test_six_firms_in_exact_mode(net):
    result = esri(net, tol=1e-9)
    assert result.total == pytest.approx(TOTAL, abs=5e-7)
    assert result.down == pytest.approx(DOWN, abs=5e-7)
    assert result.up == pytest.approx(UP, abs=5e-7)
    assert result.own == pytest.approx(np.array([100, 50, 40, 50, 300, 60]) / 600)
    assert result.finished.all()


def test_six_firms_upstream_without_any_cascade(net):
    assert upstream_closed_form(net) == pytest.approx(UP, abs=5e-7)


def test_published_mode_stops_small_mill_after_four_rounds(net):
    """With the example's weights the papers' step understates firm B: 0.206553 against 0.207362."""
    result = esri(net, mode="published", weights=net.revenue, market=net.revenue)
    assert result.total[B] == pytest.approx(0.206553, abs=5e-7)
    assert result.rounds[B] == 4


@pytest.mark.parametrize("scale", [1e-4, 1e-3, 1.0, 3.0, 1e4, 1e6])
@pytest.mark.parametrize("mode", ["exact", "published"])
def test_no_unit_of_money_changes_the_example(mode, scale, net):
    """A known program gives firm C 0.303 in yuan and 0.068 in ten thousand yuan; here nothing may move."""
    assert esri(built(six_firms(), scale), mode=mode).total == pytest.approx(
        esri(net, mode=mode).total, abs=1e-12
    )


def test_losses_after_the_vehicle_plant_stops(net):
    shock = np.zeros(6)
    shock[E] = 1
    result = cascade(net, shock)
    assert result.down == pytest.approx([0.08, 0, 0, 0.4, 1, 0])
    assert result.up == pytest.approx([0.6, 0.4, 0.25, 0.72, 1, 0])
    assert result.joined @ net.revenue / 600 == pytest.approx(0.71)


def test_losses_after_the_small_mill_stops(net):
    shock = np.zeros(6)
    shock[B] = 1
    assert cascade(net, shock).down == pytest.approx([0.010754, 1, 0, 0.053770, 0.134424, 0.505435], abs=5e-7)


ELEVEN = [(3, 6), (4, 6), (4, 7), (5, 7), (6, 1), (6, 2), (7, 10), (7, 11), (8, 1), (8, 2), (9, 11)]


@pytest.mark.parametrize(
    ("shock", "losses"),
    [
        ({3: 1.0}, {3: 1.0, 6: 0.5, 1: 0.25, 2: 0.25}),
        ({5: 1.0}, {5: 1.0, 7: 0.5, 10: 0.5, 11: 0.25}),
        ({4: 0.5}, {4: 0.5, 6: 0.25, 7: 0.25, 1: 0.125, 2: 0.125, 10: 0.25, 11: 0.125}),
    ],
)
def test_same_sector_shock_hits_different_firms(shock, losses):
    """Eleven firms of Diem et al. 2024, figure 1: equal loss of sector 2, equal total, other victims.

    Every firm has a product of its own here, so that none can be replaced.
    """
    raw = Raw(list(range(11)), [np.nan] * 11, [(i - 1, j - 1, 1.0) for i, j in ELEVEN])
    start = np.zeros(11)
    for firm, lost in shock.items():
        start[firm - 1] = lost
    result = cascade(built(raw), start)
    expected = np.zeros(11)
    for firm, lost in losses.items():
        expected[firm - 1] = lost
    assert result.down == pytest.approx(expected)
    bought, sold = np.zeros(11), np.zeros(11)
    for i, j in ELEVEN:
        sold[i - 1] += 1
        bought[j - 1] += 1
    weight = np.maximum(bought, sold)
    assert weight @ result.down / weight.sum() == pytest.approx(1 / 6)
