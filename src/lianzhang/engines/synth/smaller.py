"""Smaller enterprises: industry below the statistical line, and services, trade, farming of the chains."""

from dataclasses import dataclass

import numpy as np

from .reference import Reference
from .sectors import classes_of


@dataclass(frozen=True)
class Smaller:
    """Classes, revenue (yuan, last year) and district index of smaller firms; industry comes first."""

    classes: list[str]
    revenue: np.ndarray
    district: np.ndarray
    industrial: int


def draw_smaller(rng: np.random.Generator, ref: Reference, scale: float) -> Smaller:
    """Draw the recipe's numbers at `scale`: sizes log-uniform below the line, lognormal in services.

    Industrial classes follow the square root of national output (small firms crowd light trades);
    services stand in the chains that the recipe names.
    """
    plan, floor = ref.recipe.smaller, ref.recipe.sizes["floor"]
    count = ref.recipe.count(plan["industrial"], scale)
    classes = _industrial_classes(rng, ref, count)
    revenue = floor * np.exp(rng.uniform(np.log(0.015), np.log(0.995), count))
    sizes = [revenue]
    for chain, number in plan["services"].items():
        pool = _service_classes(ref, chain)
        share = ref.recipe.count(number, scale)
        classes += [pool[int(i)] for i in rng.integers(len(pool), size=share)]
        sizes.append(np.minimum(rng.lognormal(np.log(1.2e7), 1.7, share), 3e10))
    every = np.concatenate(sizes)
    software = np.array([code[:2] in ("64", "65") for code in classes])
    if software.any() and plan["software_revenue"]:
        every[software] *= plan["software_revenue"] * scale / every[software].sum()
    shares = np.array([ref.recipe.districts["small_share"][place.name] for place in ref.districts])
    district = rng.choice(len(shares), len(classes), p=shares / shares.sum())
    return Smaller(classes, np.round(every, -2), district, count)


def _industrial_classes(rng: np.random.Generator, ref: Reference, count: int) -> list[str]:
    codes, weights = [], []
    for sector, members in classes_of(ref).items():
        if 11 <= sector < 98:
            codes += members
            weights += [np.sqrt(ref.io.output[sector]) / len(members)] * len(members)
    heavy = set(ref.recipe.sectors["min_output"])
    keep = np.array([ref.io.codes[ref.class_sector[code]] not in heavy for code in codes])
    chance = np.array(weights) * keep
    return [codes[int(i)] for i in rng.choice(len(codes), count, p=chance / chance.sum())]


def _service_classes(ref: Reference, chain: str) -> list[str]:
    prefixes = tuple(p for s in ref.segments if s.chain == chain for p in s.prefixes)
    return [
        code for code in sorted(ref.classes) if code.startswith(prefixes) and not "06" <= code[:2] <= "46"
    ]


def smaller_years(
    rng: np.random.Generator, smaller: Smaller, years: tuple[int, int], reported: np.ndarray
) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
    """Return revenue (yuan) and employees by year for the last two `years`; NaN where a firm is silent.

    `reported` marks firms that filed above the line in the first year: they have no second figure there.
    One firm in eight leaves its revenue blank, one in ten its employees.
    """
    count = len(smaller.revenue)
    staff = np.maximum(np.round(smaller.revenue / 6.0e5 * rng.lognormal(0.0, 0.5, count)), 1.0)
    before = smaller.revenue / np.exp(np.clip(rng.laplace(0.04, 0.15, count), -0.8, 0.8))
    revenue = {years[0]: np.where(reported, np.nan, before), years[1]: smaller.revenue.copy()}
    people = {years[0]: np.where(reported, np.nan, np.round(staff * 0.97)), years[1]: staff}
    for year in years:
        revenue[year][rng.random(count) < 0.125] = np.nan
        people[year][rng.random(count) < 0.1] = np.nan
    return revenue, people


def crossing_chance(
    revenue: np.ndarray, floor: float, drift: float = 0.04, spread: float = 0.18
) -> np.ndarray:
    """Return the planted probability that next year's revenue reaches `floor`: lognormal growth with the
    given mean and spread of the logarithm (normal distribution function by a logistic series, |error| < 2e-4
    of Page 1977)."""
    z = (np.log(revenue / floor) + drift) / spread
    return 1.0 / (1.0 + np.exp(-np.clip(1.5976 * z + 0.070566 * z**3, -60, 60)))
