"""What the drawn city achieves for each published figure, in the unit of the targets table."""

from collections.abc import Callable

import numpy as np

from .chains import members
from .city import City

FITTED, TUNED, HELD_OUT, ASSUMED = "fitted", "tuned", "held out", "assumed"
_BN, _PERCENT = 1e9, 100.0
_HIGH_TECH = ("27", "374", "39", "3474", "3475", "358", "40", "2664", "2665")
_ADVANCED = (*_HIGH_TECH, "34", "35", "36", "37", "38", "2651", "2652", "2653", "266")
_SOFTWARE = ("64", "65")


def _value(city: City, field: str) -> np.ndarray:
    return city.filings[city.last_year].values[field]


def _share(city: City, field: str, prefixes: tuple[str, ...]) -> float:
    own = np.array([code.startswith(prefixes) for code in city.firms.classes[: city.firms.above]])
    return float(_value(city, field)[own].sum() / _value(city, field).sum())


def _sector_share(city: City, group: int) -> float:
    codes = city.ref.recipe.sectors["groups"][group]["codes"]
    own = np.isin(np.array(city.ref.io.codes)[city.sector], codes)
    return float(city.output[own].sum() / city.output.sum())


def _top(city: City) -> float:
    count = city.ref.recipe.count(city.ref.recipe.sizes["top"], city.scale)
    return float(np.sort(city.output)[::-1][:count].sum() / city.output.sum())


def _district(city: City, names: list[str]) -> np.ndarray:
    wanted = [index for index, place in enumerate(city.ref.districts) if place.name in names]
    return np.isin(city.firms.district[: city.firms.above], wanted)


def _month(city: City, indicator: str, period: str, district: str = "") -> float:
    area = next((p.code for p in city.ref.districts if p.name == district), city.ref.recipe.city["area"])
    keys = (indicator, period, area, "", "level_cum")
    return next(
        o.value for o in city.months if (o.indicator, o.period, o.area, o.industry, o.measure) == keys
    )


def _known_district(city: City, key: str) -> str:
    return city.ref.recipe.monthly["district_q1"][key]


def _software(city: City) -> float:
    own = np.array([code[:2] in _SOFTWARE for code in city.smaller.classes])
    return float(city.smaller.revenue[own].sum())


def _digital_value_added(city: City) -> float:
    electronic = np.array([code[:2] == "39" for code in city.firms.classes[: city.firms.above]])
    ratios = city.ref.io.ratios["value_added"]
    software = np.mean([ratios[city.ref.class_sector[code]] for code in ("6513", "6531", "6421")])
    return float(_value(city, "value_added")[electronic].sum() + software * _software(city))


def _new_firms(city: City) -> float:
    """Return a quarter's output of 200 firms like those that entered in the year before the last in the
    district of the published figure, bn yuan."""
    present = city.history.present()[: city.firms.above]
    new = present[:, -2] & ~present[:, -3] & _district(city, [_known_district(city, "district")])
    return float(200 * city.output[new].mean() / 4)


def _rail(city: City) -> int:
    return len(members(city.ref, "rail", city.firms.classes, ("up", "mid", "down")))


Measure = tuple[str, Callable[[City], float]]

MEASURES: dict[str, Measure] = {
    "firms_above_scale": (FITTED, lambda c: c.firms.above),
    "gross_output_above_scale": (FITTED, lambda c: _value(c, "output").sum() / _BN),
    "top100_output_share_q1": (FITTED, _top),
    "auto_output_share_q1": (FITTED, lambda c: _sector_share(c, 0)),
    "electronics_output_share_q1": (FITTED, lambda c: _sector_share(c, 1)),
    "four_districts_va_share_q1": (
        FITTED,
        lambda c: (
            _value(c, "value_added")[_district(c, c.ref.recipe.districts["va_group"]["districts"])].sum()
            / _value(c, "value_added").sum()
        ),
    ),
    "huadu_output": (
        FITTED,
        lambda c: c.output[_district(c, [(c.ref.recipe.district_growth or {})["district"]])].sum() / _BN,
    ),
    "software_revenue": (FITTED, lambda c: _software(c) / _BN),
    "va_above_scale_q1": (FITTED, lambda c: _month(c, "industrial_value_added", "2022-03") / _BN),
    "panyu_output_q1": (
        FITTED,
        lambda c: _month(c, "industrial_output", "2022-03", _known_district(c, "district")) / _BN,
    ),
    "panyu_output_1_2": (
        FITTED,
        lambda c: _month(c, "industrial_output", "2022-02", _known_district(c, "district")) / _BN,
    ),
    "industrial_investment": (FITTED, lambda c: _month(c, "industrial_investment", "2022-12") / _BN),
    "chains": (FITTED, lambda c: len({segment.chain for segment in c.ref.segments})),
    "chain_master_firms": (FITTED, lambda c: sum(map(len, c.anchors.values()))),
    "top100_output_q1": (TUNED, lambda c: _top(c) * _month(c, "industrial_output", "2022-03") / _BN),
    "sales_ratio_q1": (TUNED, lambda c: _PERCENT * _value(c, "revenue").sum() / _value(c, "output").sum()),
    "advanced_mfg_va_share_q1": (HELD_OUT, lambda c: _PERCENT * _share(c, "value_added", _ADVANCED)),
    "hightech_va_share_q1": (HELD_OUT, lambda c: _PERCENT * _share(c, "value_added", _HIGH_TECH)),
    "panyu_new_firms_2021_output_q1": (HELD_OUT, lambda c: _new_firms(c) / _BN),
    "digital_core_va": (HELD_OUT, lambda c: _digital_value_added(c) / _BN),
    "rail_transit_firms": (TUNED, _rail),
}
"""Status and measure by key of the targets table; keys without an entry are assumed."""
