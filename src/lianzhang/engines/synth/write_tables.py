"""Links, purchases outside, titles and indicators."""

from collections.abc import Iterable

import numpy as np

from .delivery import Delivery
from .monthly import Observation
from .sheets import Cell, Sheet

_INDICATOR_COLUMNS = (
    "indicator",
    "period",
    "area",
    "industry",
    "measure",
    "value",
    "vintage",
    "calibre",
    "precision",
)


def write_links(out: Delivery) -> None:
    """Write supply links and purchases from outside, both in yuan of the last year; links of one pair and
    product are added up."""
    net, firms, period = out.city.network, out.city.firms, str(out.city.last_year)
    codes = np.array(net.products.codes)
    uscc = np.array(firms.uscc[: firms.above])
    columns = {
        "supplier_uscc": uscc[net.supplier],
        "buyer_uscc": uscc[net.buyer],
        "product_code": codes[net.product],
        "value": np.round(net.value, 2),
    }
    keep = columns["value"] > 0
    columns = {key: value[keep] for key, value in columns.items()}
    path = out.parquet(out.words["files"]["links"], {**columns, "period": [period] * int(keep.sum())})
    out.record(path, "supply_links", "links", int(keep.sum()), period, use="consented")
    some = net.outside >= 1.0
    rest = {
        "uscc": uscc[net.needs.buyer[some]],
        "product_code": codes[net.needs.product[some]],
        "value": np.round(net.outside[some], 2),
        "period": [period] * int(some.sum()),
    }
    path = out.parquet(out.words["files"]["outside"], rest)
    out.record(path, "outside_purchases", "links", int(some.sum()), period, use="consented")


def write_titles(out: Delivery) -> None:
    """Write one sheet per title, with a heading above and running numbers."""
    firms, words = out.city.firms, out.words
    columns = ("seq", "uscc", "name", "title", "level", "batch", "granted_on", "expires_on")
    head: list[Cell] = [out.label(column) for column in columns]
    sheets = []
    for key, name in words["titles"].items():
        rows: list[list[Cell]] = [[words["phrases"]["titles_title"]], head]
        held = [title for title in out.city.titles if title.key == key]
        for number, title in enumerate(held, 1):
            own = [number, firms.uscc[title.firm], firms.name[title.firm], name]
            rows.append(
                [*own, words["levels"][title.level], title.batch, title.granted_on, title.expires_on or None]
            )
        if held:
            sheets.append(Sheet(name, rows, ("A1:H1",)))
    path = out.workbook(words["files"]["titles"], sheets)
    out.record(path, "titles", "titles", len(out.city.titles))


def write_indicators(out: Delivery) -> None:
    """Write yearly figures (UTF-8) and monthly ones (GBK), values in yuan, kWh, counts and fractions."""
    year = out.city.last_year
    annual = annual_figures(out)
    path = out.table(out.words["files"]["annual"], _INDICATOR_COLUMNS, _rows(annual))
    out.record(path, "indicators", "indicators", len(annual), str(year))
    path = out.table(out.words["files"]["monthly"], _INDICATOR_COLUMNS, _rows(out.city.months), "gbk")
    out.record(path, "indicators", "indicators", len(out.city.months))


def _rows(observations: Iterable[Observation]) -> Iterable[tuple[str, ...]]:
    for o in observations:
        value = f"{o.value:.4f}".rstrip("0").rstrip(".")
        yield o.indicator, o.period, o.area, o.industry, o.measure, value, o.vintage, o.calibre, o.precision


def annual_figures(out: Delivery) -> list[Observation]:
    """Return the published yearly figures that the recipe names, and output and firms of the drawn years."""
    return [*_published(out), *_drawn(out)]


def _published(out: Delivery) -> Iterable[Observation]:
    recipe, year = out.city.ref.recipe, out.city.last_year
    area, known = recipe.city["area"], f"{year + 1}-01-28"
    targets = {row["key"]: row for row in out.city.ref.targets}
    for key, plan in recipe.monthly["annual"].items():
        value = float(targets[key]["value"]) * plan["factor"] * (out.city.scale if plan["scales"] else 1.0)
        calibre, precision = plan.get("calibre", ""), plan.get("precision", "exact")
        period = targets[key]["period"]
        yield Observation(plan["indicator"], period, area, "", "level", value, known, calibre, precision)
    for plan in recipe.monthly["published"]:
        calibre, precision = plan.get("calibre", ""), plan.get("precision", "exact")
        place = (str(year), area, plan.get("industry", ""), plan["measure"])
        yield Observation(plan["indicator"], *place, plan["value"], known, calibre, precision)


def _drawn(out: Delivery) -> Iterable[Observation]:
    city = out.city
    codes = [city.ref.recipe.city["area"], *(place.code for place in city.ref.districts)]
    for year, filing in city.filings.items():
        known = f"{year + 1}-01-28"
        firms = float(len(filing.firm))
        yield Observation("above_scale_firms", str(year), codes[0], "", "level", firms, known)
        parts = np.bincount(city.firms.district[filing.firm], filing.values["output"], len(codes) - 1)
        for code, total in zip(codes, [parts.sum(), *parts], strict=True):
            yield Observation("industrial_output", str(year), code, "", "level", float(total), known)
