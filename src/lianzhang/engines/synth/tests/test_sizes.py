"""Sizes, raking and benchmarking."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.engines.synth.benchmark import denton
from lianzhang.engines.synth.raking import fit_table, rake
from lianzhang.engines.synth.sizes import bounded_pareto, fit_sizes


@given(st.integers(50, 3000), st.floats(0.02, 0.6))
def test_sizes_meet_total_and_bounds(count: int, level: float) -> None:
    low, high = 2e7, 9.5e10
    flat = bounded_pareto(count, low, high, 0.01).sum()
    total = max(level * flat, 1.05 * bounded_pareto(count, low, high, 5.0).sum())
    sizes = fit_sizes(count, low, high, total)
    assert sizes.values.sum() == pytest.approx(total, rel=1e-9)
    assert low <= sizes.values.min()
    assert sizes.values.max() <= high
    assert (np.diff(sizes.values) <= 0).all()


def test_published_totals_give_the_known_exponent() -> None:
    sizes = fit_sizes(6800, 2e7, 9.5e10, 2.3468e12)
    assert sizes.alpha == pytest.approx(0.807, abs=0.002)
    assert sizes.values[:100].sum() / sizes.values.sum() == pytest.approx(0.588, abs=0.003)


def test_impossible_totals_are_refused() -> None:
    with pytest.raises(ValueError, match="lies outside"):
        fit_sizes(100, 2e7, 1e9, 1e9)


def test_table_meets_both_margins() -> None:
    seed = np.array([[1.0, 2.0, 0.0], [3.0, 1.0, 1.0]])
    table = fit_table(seed, np.array([30.0, 70.0]), np.array([50.0, 30.0, 20.0]))
    assert table.sum(1) == pytest.approx([30, 70])
    assert table.sum(0) == pytest.approx([50, 30, 20])
    assert table[0, 2] == 0


def test_rake_meets_margins_above_a_floor() -> None:
    rng = np.random.default_rng(0)
    values, rows, columns = rng.pareto(1.0, 400) + 1, rng.integers(0, 4, 400), rng.integers(0, 3, 400)
    whole = 3.0 * values.sum()
    targets = [(rows, whole * np.array([0.2, 0.3, 0.1, 0.4])), (columns, whole * np.array([0.5, 0.25, 0.25]))]
    result = rake(values, targets, bound=lambda v: np.maximum(v, 1.0))
    for group, target in targets:
        assert np.bincount(group, result) == pytest.approx(target, rel=1e-6)
    assert result.min() >= 0.999


def test_denton_meets_sums_and_keeps_a_proportional_profile() -> None:
    profile = np.array([1.0, 2, 3, 4, 1, 2, 3, 4])
    exact = denton(profile, [(range(0, 4), 20.0), (range(4, 8), 20.0)])
    assert exact == pytest.approx(2 * profile)
    bent = denton(profile, [(range(0, 4), 20.0), (range(4, 8), 24.0), (range(4, 5), 2.5)])
    assert bent[:4].sum() == pytest.approx(20)
    assert bent[4:].sum() == pytest.approx(24)
    assert bent[4] == pytest.approx(2.5)


def test_denton_refuses_contradictions() -> None:
    with pytest.raises(ValueError, match="contradict"):
        denton(np.ones(4), [(range(0, 4), 4.0), (range(0, 2), 3.0), (range(2, 4), 3.0)])
