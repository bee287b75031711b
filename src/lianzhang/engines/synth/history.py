"""Five years backwards: which firms stood above the line in which year, and with what output.

A firm enters when its output crosses the statistical line and leaves when it falls below. Numbers per
year are exact; growth of single firms is Laplace-distributed around the city's, as observed for firms.
"""

from dataclasses import dataclass

import numpy as np

from .raking import keep_above, rake
from .reference import Reference


@dataclass(frozen=True)
class History:
    """Output per firm and year (n×Y, yuan; NaN where the firm did not report) and the years.

    Rows are the firms above the line in the last year, then those that left earlier (`left`: their index
    among the smaller industrial firms, `left_year`: first year without them).
    """

    years: tuple[int, ...]
    output: np.ndarray
    left: np.ndarray
    left_year: np.ndarray

    def present(self) -> np.ndarray:
        """Return who reported in which year (n×Y)."""
        return ~np.isnan(self.output)


def draw_history(
    rng: np.random.Generator,
    ref: Reference,
    output: np.ndarray,
    district: np.ndarray,
    small_revenue: np.ndarray,
    small_district: np.ndarray,
    scale: float,
) -> History:
    """Draw entries, exits and earlier outputs for firms with last year's `output` and `district`.

    `small_revenue` and `small_district` describe the smaller industrial firms, the largest of which have
    been above the line before.
    """
    years = tuple(sorted(ref.recipe.years))
    exits = [ref.recipe.count(ref.recipe.years[y]["exits"], scale) if y > years[0] else 0 for y in years]
    firms = [ref.recipe.count(ref.recipe.years[y]["firms"], scale) for y in years]
    left = np.argsort(-small_revenue, kind="stable")[: sum(exits)]
    left_year = rng.permutation(np.repeat(years, exits))
    count = len(output)
    inside = np.zeros((count + len(left), len(years)), bool)
    inside[:count, -1] = True
    for step in range(len(years) - 1, 0, -1):
        before = inside[:, step].copy()
        before[count + np.flatnonzero(left_year == years[step])] = True
        surplus = int(before.sum()) - firms[step - 1]
        if surplus < 0:
            raise ValueError(f"recipe: {years[step - 1]} has more firms than stay and leave in {years[step]}")
        chance = np.append(output, small_revenue[left]) ** -0.6 * (before & inside[:, step])
        before[rng.choice(len(before), surplus, replace=False, p=chance / chance.sum())] = False
        inside[:, step - 1] = before
    level = np.append(output, ref.recipe.sizes["floor"] * (1.0 + rng.exponential(0.25, len(left))))
    place = np.append(district, small_district[left])
    table = _backwards(rng, ref, level, place, inside, years, scale)
    table[:count, -1] = output
    return History(years, table, left, left_year)


def _backwards(
    rng: np.random.Generator,
    ref: Reference,
    level: np.ndarray,
    district: np.ndarray,
    inside: np.ndarray,
    years: tuple[int, ...],
    scale: float,
) -> np.ndarray:
    floor = ref.recipe.sizes["floor"]
    table = np.full(inside.shape, np.nan)
    for step in range(len(years) - 2, -1, -1):
        level = level / np.exp(np.clip(rng.laplace(0.03, 0.09, len(level)), -0.6, 0.6))
        at = np.flatnonzero(inside[:, step])
        total = ref.recipe.years[years[step]]["output"] * scale
        group, target = _margins(ref, years[step], district[at], total, scale)
        raked = rake(level[at], [(group, target)], lambda v: np.maximum(v, floor * 1.001))
        table[at, step] = keep_above(raked, floor)
        level[at] = table[at, step]
    return table


def _margins(
    ref: Reference, year: int, district: np.ndarray, total: float, scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return groups and targets: the published growth of one district fixes its year before."""
    known = ref.recipe.district_growth
    if not known or known["year"] - 1 != year:
        return np.zeros(len(district), int), np.array([total])
    names = [place.name for place in ref.districts]
    share = ref.recipe.districts["output_share"][known["district"]]
    before = ref.recipe.sizes["total"] * scale * share / (1.0 + known["growth"])
    group = (district == names.index(known["district"])).astype(int)
    return group, np.array([total - before, before])
