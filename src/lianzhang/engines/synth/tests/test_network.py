"""Link density, balancing and the shape statistics."""

import numpy as np
import pytest

from lianzhang.engines.synth.balance import balance, regional_flows
from lianzhang.engines.synth.city import City
from lianzhang.engines.synth.links import best, fit_density
from lianzhang.engines.synth.network_stats import largest_component, network_shape, tail_exponent


def test_density_gives_the_expected_number_of_links() -> None:
    gravity = np.random.default_rng(1).lognormal(10, 4, 5000)
    pull = gravity * fit_density(gravity, 700)
    assert (pull / (1 + pull)).sum() == pytest.approx(700, rel=1e-6)
    with pytest.raises(ValueError, match="candidate"):
        fit_density(gravity, 5000)


def test_best_rows_of_each_group() -> None:
    group = np.array([5, 5, 5, 2, 2, 9])
    chance = np.array([0.1, 0.9, 0.5, 0.3, 0.2, 0.7])
    free = np.array([True, True, True, True, True, False])
    assert sorted(best(group, chance, free, 2)) == [1, 2, 3, 4]
    assert sorted(best(group, chance, free, 1)) == [1, 3]
    assert len(best(group, chance, np.zeros(6, bool))) == 0


def test_balance_meets_flows_and_never_passes_ceilings() -> None:
    value = np.array([1.0, 1.0, 1.0])
    cell = (np.array([0, 0, 1]), np.array([0, 1, 1]))
    target = np.array([[2.0, 3.0], [0.0, 10.0]])
    seller = (np.array([0, 0, 1]), np.array([9.0, 4.0]))
    buyer = (np.array([0, 1, 2]), np.array([9.0, 9.0, 9.0]))
    result = balance(value, cell, target, seller, buyer)
    assert result.value == pytest.approx([2, 3, 4])
    assert result.error == pytest.approx(6 / 15)


def test_nobody_supplies_itself_in_the_regional_table() -> None:
    need, whole = np.array([[0.5]]), np.array([[1.0]])
    alone = regional_flows(need, whole, np.array([0]), np.array([10.0]), np.array([0.4]))
    assert alone[0, 0] == 0
    pair = regional_flows(need, whole, np.array([0, 0]), np.array([5.0, 5.0]), np.array([0.4, 0.4]))
    assert pair[0, 0] == pytest.approx(0.5 * 10 * 0.4 / 2)


def test_components_and_tails() -> None:
    assert largest_component(np.array([0, 1, 4]), np.array([1, 2, 5]), 7) == pytest.approx(3 / 7)
    degrees = np.floor(1000 * np.arange(1, 601, dtype=float) ** -0.8) + 1
    assert tail_exponent(degrees) == pytest.approx(1.25, rel=0.15)
    star = network_shape(np.zeros(9, int), np.arange(1, 10), 10)
    assert star.degree == pytest.approx(0.9)
    assert star.weak_component == 1


def test_links_of_the_city_are_sound(small_city: City) -> None:
    net, count = small_city.network, small_city.firms.above
    assert (net.supplier != net.buyer).all()
    assert (net.value >= 0).all()
    assert net.outside.min() >= 0
    sold = np.bincount(net.supplier, net.value, count)
    assert (sold <= 0.8501 * small_city.output).all()
    made = [{code for code, _ in own} for own in small_city.products]
    for firm, product in zip(net.supplier, net.product, strict=True):
        assert net.products.codes[product] in made[firm]


def test_planted_needs_are_bought_outside_although_made_here(small_city: City) -> None:
    net = small_city.network
    assert len(net.planted) == round(106 * 0.05)
    for row in net.planted:
        same = (net.buyer == net.needs.buyer[row]) & (net.product == net.needs.product[row])
        assert not same.any()
        assert net.outside[row] == pytest.approx(net.needs.amount[row])
        makers = sum(net.products.codes[net.needs.product[row]] in dict(own) for own in small_city.products)
        assert makers >= 3
