"""The calibration card: every published figure with target, achieved value, error and status.

`fitted`: the draw is made to meet it. `held out`: compared, never used. `assumed`: carried over as
published or not part of these files.
"""

from dataclasses import asdict, dataclass
from typing import Any

from .city import City
from .measures import ASSUMED, FITTED, HELD_OUT, MEASURES
from .network_stats import network_shape

TOLERANCE = 0.005
"""Largest relative error of a fitted figure; counts must be exact."""
_COUNTS = ("家", "条", "个", "人", "项", "份")


@dataclass(frozen=True)
class Row:
    """A line of the card. `target` is a number or a range [low, high]; `error` is relative to the target
    (zero inside a range) and None where nothing was achieved."""

    key: str
    period: str
    unit: str
    target: float | list[float]
    achieved: float | None
    error: float | None
    status: str
    source: str


def build_card(city: City) -> dict[str, Any]:
    """Return the card of `city` as plain data: rows, seed, scale, inputs with their sha256."""
    rows = [_published(city, target) for target in city.ref.targets]
    rows += _by_year(city) + _network(city)
    return {
        "city": city.ref.recipe.city["name"],
        "seed": city.seed,
        "scale": city.scale,
        "provenance": "synthetic",
        "inputs": dict(sorted(city.ref.hashes.items())),
        "rows": [asdict(row) for row in rows],
    }


def check_card(card: dict[str, Any]) -> list[str]:
    """Return what fails: fitted figures off by more than the tolerance, counts not exact, network
    statistics outside their range. Targets are those of the whole city, so only scale 1 is judged."""
    if card["scale"] != 1:
        return []
    failures = []
    for row in card["rows"]:
        if row["status"] == FITTED or (isinstance(row["target"], list) and row["unit"] == "network"):
            limit = 0.0 if row["unit"] in _COUNTS else TOLERANCE
            if row["achieved"] is None or row["error"] > limit:
                failures.append(f"{row['key']}: {row['achieved']} instead of {row['target']}")
    return failures


def card_text(card: dict[str, Any]) -> str:
    """Return the card as a Markdown table."""
    lines = [
        f"# {card['city']}: seed {card['seed']}, scale {card['scale']:g} (synthetic)",
        "",
        "| figure | period | unit | target | achieved | error | status |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in card["rows"]:
        target = row["target"]
        shown = f"{target[0]:g} … {target[1]:g}" if isinstance(target, list) else f"{target:g}"
        achieved = "" if row["achieved"] is None else f"{row['achieved']:.5g}"
        error = "" if row["error"] is None else f"{row['error']:.2%}"
        lines.append(
            f"| {row['key']} | {row['period']} | {row['unit']} | {shown} | {achieved} | {error} | {row['status']} |"
        )
    lines += ["", "Inputs (sha256):", "", *(f"- {name}: {digest}" for name, digest in card["inputs"].items())]
    return "\n".join(lines) + "\n"


def _row(
    key: str, period: str, unit: str, target: float | list[float], got: float | None, status: str, source: str
) -> Row:
    if got is None:
        error = None
    elif isinstance(target, list):
        error = max(target[0] - got, got - target[1], 0.0) / max(abs(target[0]), abs(target[1]))
    else:
        error = abs(got - target) / abs(target)
    return Row(key, period, unit, target, None if got is None else float(got), error, status, source)


def _published(city: City, target: dict[str, str]) -> Row:
    value, key = float(target["value"]), target["key"]
    got = None
    status = ASSUMED
    if key in MEASURES:
        status, measure = MEASURES[key]
        got = float(measure(city))
    elif key in city.ref.recipe.monthly["annual"]:
        got = value
    return _row(key, target["period"], target["unit"], value, got, status, target["source"])


def _by_year(city: City) -> list[Row]:
    """Rows for the recipe's years: counts, and value added that nothing was fitted to."""
    rows = []
    years = city.ref.recipe.years
    for year, filing in city.filings.items():
        status = FITTED if years[year].get("published", True) else ASSUMED
        source = "yearbook, table 12-6" if status == FITTED else "recipe"
        count = float(len(filing.firm))
        rows.append(_row(f"firms_{year}", str(year), "家", years[year]["firms"], count, status, source))
    known = city.ref.recipe.district_growth
    if known:
        column = city.history.years.index(known["year"])
        place = [d.name for d in city.ref.districts].index(known["district"])
        both = [city.filings[y] for y in city.history.years[column - 1 : column + 1]]
        before, after = (f.values["output"][city.firms.district[f.firm] == place].sum() for f in both)
        growth = float(after / before - 1)
        rows.append(
            _row("district_growth", str(known["year"]), "share", known["growth"], growth, FITTED, "recipe")
        )
    quarter = city.ref.recipe.monthly["city_q1"]
    if quarter:
        added = float(city.filings[city.last_year].values["value_added"].sum()) / 1e9
        rows.append(
            _row(
                "va_year_against_four_q1",
                "2022",
                "十亿元",
                4 * quarter["va"] / 1e9,
                added,
                HELD_OUT,
                "derived",
            )
        )
    return rows


def _network(city: City) -> list[Row]:
    net, last = city.network, str(city.last_year)
    shape = network_shape(net.supplier, net.buyer, city.firms.above)

    def row(key: str, low: float, high: float, got: float, status: str, source: str) -> Row:
        return _row(key, last, "network", [low, high], got, status, source)

    return [
        row("size_exponent", 0.64, 0.83, city.sizes.alpha, HELD_OUT, "Peng and Xia: 1998-2007"),
        row("sector_flow_error", 0.0, 0.01, net.flows.error, FITTED, "national input-output table 2020"),
        row(
            "mean_degree",
            0.9 * city.ref.recipe.network["degree"],
            1.1 * city.ref.recipe.network["degree"],
            shape.degree,
            ASSUMED,
            "recipe",
        ),
        row(
            "degree_exponent_out",
            1.0,
            1.6,
            shape.exponent_out,
            HELD_OUT,
            "Mizuno et al. 2014; Fujiwara and Aoyama 2010",
        ),
        row("degree_exponent_in", 1.0, 1.6, shape.exponent_in, HELD_OUT, "Fujiwara and Aoyama 2010"),
        row("degree_assortativity", -1.0, 0.0, shape.assortativity, HELD_OUT, "arXiv 1706.00203"),
        row("largest_weak_component", 0.95, 1.0, shape.weak_component, HELD_OUT, "arXiv 2503.20594"),
    ]
