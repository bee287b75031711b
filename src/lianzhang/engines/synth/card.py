"""The calibration card: every published figure with target, achieved value, error and status.

`fitted`: the draw is made to meet it. `tuned`: an assumption was chosen with sight of it, or it follows from
fitted figures. `held out`: compared, never used. `assumed`: carried over as
published or not part of these files.
"""

from dataclasses import asdict, dataclass
from typing import Any

from .city import City
from .measures import ASSUMED, FITTED, HELD_OUT, MEASURES
from .network_stats import network_shape

TOLERANCE = 0.005
"""Largest relative error of a fitted figure; counts must be exact."""


@dataclass(frozen=True)
class Row:
    """A line of the card. `target` is a number or a range [low, high]; `error` is relative to the target
    (zero inside a range) and None where nothing was achieved; `exact` marks counts."""

    key: str
    period: str
    unit: str
    target: float | list[float]
    achieved: float | None
    error: float | None
    status: str
    source: str
    exact: bool


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
    """Return what fails: fitted figures off by more than the tolerance or outside their range, counts not
    exact. Other rows are shown with their error, never judged. Targets are those of the whole city, so
    only scale 1 is judged."""
    if card["scale"] != 1:
        return []
    failures = []
    for row in card["rows"]:
        limit = 0.0 if row["exact"] or isinstance(row["target"], list) else TOLERANCE
        if row["status"] == FITTED and (row["achieved"] is None or row["error"] > limit):
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
    key: str,
    when: tuple[str, str],
    target: float | list[float],
    got: float | None,
    status: str,
    source: str,
    exact: bool = False,
) -> Row:
    """Return a row with its error; `when` is the period and the unit."""
    if got is None:
        error = None
    elif isinstance(target, list):
        error = max(target[0] - got, got - target[1], 0.0) / max(abs(target[0]), abs(target[1]))
    else:
        error = abs(got - target) / abs(target)
    return Row(key, *when, target, None if got is None else float(got), error, status, source, exact)


def _published(city: City, target: dict[str, str]) -> Row:
    value, key = float(target["value"]), target["key"]
    got = None
    status = ASSUMED
    if key in MEASURES:
        status, measure = MEASURES[key]
        got = float(measure(city))
    elif key in city.ref.recipe.monthly["annual"]:
        got = value
    counted = target["unit"] in city.ref.layout["counts"]
    return _row(key, (target["period"], target["unit"]), value, got, status, target["source"], counted)


def _by_year(city: City) -> list[Row]:
    """Rows for the recipe's years: counts, growth of one district, value added that nothing was fitted to."""
    rows, recipe = [], city.ref.recipe
    for year, filing in city.filings.items():
        status = FITTED if recipe.years[year].get("published", True) else ASSUMED
        source = "yearbook, table 12-6" if status == FITTED else "recipe"
        firms, count = recipe.years[year]["firms"], float(len(filing.firm))
        rows.append(_row(f"firms_{year}", (str(year), "firms"), firms, count, status, source, exact=True))
    if known := recipe.district_growth:
        when = (str(known["year"]), "share")
        rows.append(_row("district_growth", when, known["growth"], _district_growth(city), FITTED, "recipe"))
    if quarter := recipe.monthly["city_q1"]:
        added = float(city.filings[city.last_year].values["value_added"].sum()) / 1e9
        when = (str(city.last_year), "bn yuan")
        rows.append(
            _row("va_year_against_four_q1", when, 4 * quarter["va"] / 1e9, added, HELD_OUT, "derived")
        )
    return rows


def _district_growth(city: City) -> float:
    known = city.ref.recipe.district_growth or {}
    place = [district.name for district in city.ref.districts].index(known["district"])
    before, after = (
        filing.values["output"][city.firms.district[filing.firm] == place].sum()
        for filing in (city.filings[known["year"] - 1], city.filings[known["year"]])
    )
    return float(after / before - 1)


def _network(city: City) -> list[Row]:
    """Rows for the statistics of size and network that the recipe sets bounds for."""
    net = city.network
    shape = network_shape(net.supplier, net.buyer, city.firms.above)
    found = {
        "size_exponent": city.sizes.alpha,
        "sector_flow_error": net.flows.error,
        "mean_degree": shape.degree,
        "degree_exponent_out": shape.exponent_out,
        "degree_exponent_in": shape.exponent_in,
        "degree_assortativity": shape.assortativity,
        "largest_weak_component": shape.weak_component,
    }
    return [
        _row(key, (str(city.last_year), "network"), [low, high], found[key], status, source)
        for key, (low, high, status, source) in city.ref.recipe.bounds.items()
    ]
