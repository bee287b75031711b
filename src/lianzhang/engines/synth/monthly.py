"""Monthly indicators of two years, published as cumulative figures with January and February together."""

from dataclasses import dataclass

import numpy as np

from .benchmark import denton
from .raking import fit_table
from .reference import Reference

_MONTHS = 11
"""Published points of a year: January–February, then March … December."""
_SEASON = np.array([1.66, 0.98, 0.95, 0.98, 1.05, 0.97, 0.99, 1.04, 1.05, 1.09, 1.24])


@dataclass(frozen=True)
class Observation:
    """One figure: indicator, period (month, or year), area code, industry
    (two digits or blank), measure (level; level_cum and
    growth_cum: from January to the month), value (yuan, kWh or fraction), day published."""

    indicator: str
    period: str
    area: str
    industry: str
    measure: str
    value: float
    vintage: str
    calibre: str = ""
    precision: str = "exact"


def _cumulative(
    indicator: str, year: int, area: str, industry: str, values: np.ndarray, measure: str = "level_cum"
) -> list[Observation]:
    result = []
    for month, value in zip(range(2, 13), values, strict=True):
        known = f"{year}-{month + 1:02d}-18" if month < 12 else f"{year + 1}-01-18"
        period = f"{year}-{month:02d}"
        result.append(Observation(indicator, period, area, industry, measure, float(value), known))
    return result


def _profile(rng: np.random.Generator, years: int) -> np.ndarray:
    noise = np.exp(np.cumsum(rng.normal(0.0, 0.008, years * _MONTHS)))
    return np.tile(_SEASON, years) * noise * rng.lognormal(0.0, 0.01, years * _MONTHS)


def city_months(
    rng: np.random.Generator, totals: tuple[float, float], first_quarter: float | None = None
) -> np.ndarray:
    """Return two years of months (2×11, single values) that add up to `totals` and, in the second year,
    to the published first quarter."""
    sums: list[tuple[range, float]] = [(range(0, 11), totals[0]), (range(11, 22), totals[1])]
    if first_quarter is not None:
        sums.append((range(11, 13), first_quarter))
    return denton(_profile(rng, 2), sums).reshape(2, _MONTHS)


def draw_months(
    rng: np.random.Generator,
    ref: Reference,
    output: np.ndarray,
    value_added: float,
    power: tuple[float, float],
    by_industry: dict[str, tuple[float, float]],
    scale: float,
) -> list[Observation]:
    """Draw all monthly series. `output` is districts × 2 years (yuan), `power` kWh of both years,
    `by_industry` output of two-digit industries in both years."""
    plan, area = ref.recipe.monthly, ref.recipe.city["area"]
    quarter = plan["city_q1"]
    city = city_months(rng, (output[:, 0].sum(), output[:, 1].sum()), _scaled(quarter, "output", scale))
    result = []
    series = {area: city}
    series |= _district_months(rng, ref, output, city, scale)
    for code, values in series.items():
        result += _levels("industrial_output", code, "", values)
    growth = np.array(plan["va_growth_2022"])
    whole = (value_added / (1.0 + growth[-1]), value_added)
    result += _levels(
        "industrial_value_added", area, "", city_months(rng, whole, _scaled(quarter, "va", scale))
    )
    result += _cumulative("industrial_value_added", 2022, area, "", growth, "growth_cum")
    invest = plan["investment"]
    amount = invest["value"] * scale
    result += _levels(
        "industrial_investment", area, "", city_months(rng, (amount / (1 + invest["growth"]), amount))
    )
    result += _levels("industrial_electricity", area, "", city_months(rng, power))
    for industry, totals in by_industry.items():
        result += _levels("industrial_output", area, industry, city_months(rng, totals))
    return result


def _scaled(anchor: dict[str, float] | None, key: str, scale: float) -> float | None:
    return anchor[key] * scale if anchor else None


def _levels(indicator: str, area: str, industry: str, values: np.ndarray) -> list[Observation]:
    """Cumulative levels of both years and cumulative growth of the second (at current prices)."""
    sums = np.cumsum(values, axis=1)
    result = _cumulative(indicator, 2021, area, industry, np.round(sums[0], -4))
    result += _cumulative(indicator, 2022, area, industry, np.round(sums[1], -4))
    if indicator != "industrial_value_added" and sums[0, 0] > 0:
        growth = np.round(sums[1] / sums[0] - 1.0, 4)
        result += _cumulative(indicator, 2022, area, industry, growth, "growth_cum")
    return result


def _district_months(
    rng: np.random.Generator, ref: Reference, output: np.ndarray, city: np.ndarray, scale: float
) -> dict[str, np.ndarray]:
    """Split the city's months over districts: both margins exact, one district's first quarter given."""
    known = ref.recipe.monthly["district_q1"]
    fixed = {}
    if known:
        row = [place.name for place in ref.districts].index(known["district"])
        sums = [(range(0, 11), output[row, 0]), (range(11, 22), output[row, 1])]
        sums += [(range(11, 13), known["output"] * scale), (range(11, 12), known["jan_feb"] * scale)]
        fixed[row] = denton(_profile(rng, 2), sums).reshape(2, _MONTHS)
    free = [row for row in range(len(output)) if row not in fixed]
    left = city - sum(fixed.values(), np.zeros_like(city))
    result = {ref.districts[row].code: months for row, months in fixed.items()}
    tables = []
    for year in range(2):
        seed = np.array([city[year] * rng.lognormal(0.0, 0.02, _MONTHS) for _ in free])
        tables.append(fit_table(seed, output[free, year], left[year], rounds=200))
    for place, row in enumerate(free):
        result[ref.districts[row].code] = np.array([tables[0][place], tables[1][place]])
    return result
