"""Sampled networks keep their promises: size, reproducibility, closed accounts, cost."""

import numpy as np
import pytest

from lianzhang.engines.network import Economy, build_network, sample_network
from lianzhang.engines.network.sample import bounded_pareto
from lianzhang.engines.network.sample_links import draw_links


@pytest.fixture(scope="module")
def economy():
    rng = np.random.default_rng(1)
    coefficients = rng.random((12, 12)) ** 4
    coefficients *= 0.6 / coefficients.sum(axis=0)
    return Economy(coefficients, rng.random(12) + 0.1, np.arange(12) < 9)


def test_degree_and_money(economy):
    drawn = sample_network(4000, economy, degree=12, seed=3)
    assert len(drawn.value) / 4000 == pytest.approx(12, rel=0.08)
    assert drawn.product.max() < 9
    assert (drawn.supplier != drawn.customer).all()
    sold = np.bincount(drawn.supplier, drawn.value, 4000)
    assert (sold <= 0.9 * drawn.revenue * (1 + 1e-9)).all()
    bought = np.bincount(drawn.customer, drawn.value, 4000)
    bought += np.bincount(drawn.outside_firm, drawn.purchases, 4000)
    assert bought == pytest.approx(0.6 * drawn.revenue, rel=1e-9)
    pairs = drawn.supplier * 4000 + drawn.customer
    assert len(np.unique(pairs)) == len(pairs)


def test_the_same_seed_draws_the_same_network(economy):
    one, same, other = (sample_network(300, economy, seed=seed) for seed in (5, 5, 6))
    assert (one.value == same.value).all()
    assert len(one.value) != len(other.value) or (one.value != other.value).any()


@pytest.mark.parametrize("n", [1, 2, 5])
def test_tiny_networks_are_valid(economy, n):
    drawn = sample_network(n, economy)
    links = (drawn.supplier, drawn.customer, drawn.value)
    bought = (drawn.outside_firm, drawn.outside_product, drawn.purchases)
    assert build_network(drawn.product, drawn.revenue, *links, n_products=12, outside=bought).n == n


def test_sizes_are_bounded_pareto():
    size = bounded_pareto(6878, np.random.default_rng(0))
    assert size.min() >= 20e6
    assert size.max() <= 95e9
    assert np.sort(size)[-100:].sum() / size.sum() == pytest.approx(0.588, abs=0.02)


def test_pairs_follow_gravity():
    """Large firms and large needs meet as often as z s n / (1 + z s n) says, small ones too."""
    rng = np.random.default_rng(2)
    size, need = 10 ** rng.uniform(0, 4, 60), 10 ** rng.uniform(0, 4, 60)
    same = np.zeros(60, np.int64)
    seen = np.zeros((60, 60))
    for _ in range(400):
        i, q = draw_links(same, size, np.arange(60), same, need, 600.0, rng)
        seen[i, q] += 1
    pull = np.outer(size, need)
    low, high = -60.0, 60.0
    for _ in range(80):
        middle = (low + high) / 2
        chance = np.exp(middle) * pull / (1 + np.exp(middle) * pull)
        low, high = (middle, high) if chance.sum() < seen.sum() / 400 else (low, middle)
    order = np.argsort(chance, axis=None)
    for part in np.array_split(order, 12):
        assert seen.ravel()[part].mean() / 400 == pytest.approx(
            chance.ravel()[part].mean(), rel=0.1, abs=2e-3
        )


@pytest.mark.parametrize(("n", "degree"), [(0, 18), (5, -1)])
def test_impossible_sizes_are_refused(economy, n, degree):
    with pytest.raises(ValueError, match="at least 1 firm"):
        sample_network(n, economy, degree=degree)
