"""Draw the whole city: everything follows from reference data, seed and scale."""

from dataclasses import dataclass

import numpy as np

from .chains import draw_anchors
from .enterprises import Enterprises, draw_enterprises
from .facts import draw_ratios, yearly_facts
from .history import History, draw_history
from .monthly import Observation, draw_months
from .network import Network, draw_network
from .outputs import rake_outputs, value_added
from .places import draw_districts
from .reference import Reference
from .sectors import draw_classes, draw_products, draw_sectors
from .sizes import Sizes, fit_sizes
from .smaller import Smaller, draw_smaller
from .streams import stream
from .titles import Title, draw_titles

LARGEST_SCALE = 3.0
"""Above this the candidate links of one draw pass 3 GB of memory."""


@dataclass(frozen=True)
class Filing:
    """Facts of one year: index of the enterprise per row and columns of equal length (NaN: unknown)."""

    firm: np.ndarray
    values: dict[str, np.ndarray]


@dataclass(frozen=True)
class City:
    """A drawn city. Money in yuan; firm indices point into `firms`."""

    ref: Reference
    seed: int
    scale: float
    sizes: Sizes
    firms: Enterprises
    sector: np.ndarray
    output: np.ndarray
    products: list[tuple[tuple[str, float], ...]]
    smaller: Smaller
    history: History
    filings: dict[int, Filing]
    network: Network
    anchors: dict[str, list[int]]
    titles: list[Title]
    months: list[Observation]

    @property
    def last_year(self) -> int:
        """The latest year with facts."""
        return self.history.years[-1]


def draw_city(ref: Reference, seed: int = 1, scale: float = 1.0) -> City:
    """Draw a city at `scale` (1: as many firms as published). The same arguments give the same city.

    Raises ValueError for a scale that leaves fewer than fifty firms or is above `LARGEST_SCALE`.
    """
    if scale > LARGEST_SCALE:
        raise ValueError(f"scale {scale} is above {LARGEST_SCALE}: candidate links grow with its square")
    plan = ref.recipe.sizes
    count = ref.recipe.count(plan["firms"], scale)
    if count < 50:
        raise ValueError(f"scale {scale} gives {count} firms above the line; at least 50 are needed")
    ceiling = plan["ceiling"] * min(1.0, scale) ** 0.5
    sizes = fit_sizes(count, plan["floor"], ceiling, plan["total"] * scale)
    sector = draw_sectors(stream(seed, "sectors"), ref, sizes.values)
    district = draw_districts(stream(seed, "districts"), ref, sector, sizes.values)
    output = rake_outputs(ref, sizes.values, sector, district, scale)
    main = draw_classes(stream(seed, "classes"), ref, sector, output)
    products = draw_products(stream(seed, "products"), ref, sector, main, output)
    smaller = draw_smaller(stream(seed, "smaller"), ref, scale)
    history = draw_history(
        stream(seed, "history"),
        ref,
        output,
        district,
        smaller.revenue[: smaller.industrial],
        smaller.district[: smaller.industrial],
        scale,
    )
    firms = draw_enterprises(
        ref,
        seed,
        main + smaller.classes,
        np.append(district, smaller.district),
        count,
        np.append(output, smaller.revenue),
        _latest_start(history, count, len(smaller.classes)),
    )
    filings = _filings(
        ref, seed, history, firms, sector, value_added(stream(seed, "va"), ref, output, sector, district)
    )
    revenue = np.append(filings[history.years[-1]].values["revenue"], smaller.revenue)
    anchors = draw_anchors(ref, firms.classes, revenue, scale)
    return City(
        ref=ref,
        seed=seed,
        scale=scale,
        sizes=sizes,
        firms=firms,
        sector=sector,
        output=output,
        products=products,
        smaller=smaller,
        history=history,
        filings=filings,
        network=draw_network(ref, seed, sector, output, products, scale),
        anchors=anchors,
        titles=_titles(ref, seed, firms, history, filings, revenue, anchors, scale),
        months=_months(ref, seed, history, firms, filings, scale),
    )


def _rows(history: History, above: int) -> np.ndarray:
    """Return the enterprise index of each row of the history."""
    return np.append(np.arange(above), above + history.left)


def _latest_start(history: History, above: int, smaller: int) -> np.ndarray:
    """Return the latest founding year that each enterprise's reports allow."""
    latest = np.full(above + smaller, history.years[-1])
    first = np.array(history.years)[history.present().argmax(1)] - 1
    latest[_rows(history, above)] = first
    return latest


def _filings(
    ref: Reference, seed: int, history: History, firms: Enterprises, sector: np.ndarray, added: np.ndarray
) -> dict[int, Filing]:
    rows = _rows(history, firms.above)
    every = np.append(sector, [ref.class_sector[firms.classes[row]] for row in rows[firms.above :]]).astype(
        int
    )
    ratios = draw_ratios(stream(seed, "ratios"), ref, every)
    ratios.per_output["value_added"][: firms.above] = added / history.output[: firms.above, -1]
    latest = np.nanmax(history.output, axis=1)
    result = {}
    for column, year in enumerate(history.years):
        at = np.flatnonzero(history.present()[:, column])
        own = type(ratios)({key: value[at] for key, value in ratios.per_output.items()})
        values = yearly_facts(
            stream(seed, f"facts {year}"),
            own,
            history.output[at, column],
            latest[at],
            ref.recipe.sizes["floor"],
        )
        if year == history.years[-1]:
            values["value_added"] = added
        result[year] = Filing(rows[at], values)
    return result


def _titles(
    ref: Reference,
    seed: int,
    firms: Enterprises,
    history: History,
    filings: dict[int, Filing],
    revenue: np.ndarray,
    anchors: dict[str, list[int]],
    scale: float,
) -> list[Title]:
    rng = stream(seed, "titles")
    values = filings[history.years[-1]].values
    research = np.full(len(revenue), np.nan)
    research[: firms.above] = values["rd_expense"] / values["revenue"]
    first = np.zeros(len(revenue), int)
    seen = np.array(history.years)[history.present()[: firms.above].argmax(1)]
    early = rng.integers(2011, history.years[0] + 1, firms.above)
    founded = np.array([int(date[:4]) for date in firms.established[: firms.above]])
    first[: firms.above] = np.where(
        seen > history.years[0], seen, np.maximum(early, np.minimum(founded + 1, seen))
    )
    return draw_titles(rng, ref, firms.classes, revenue, research, first, anchors, scale)


def _months(
    ref: Reference,
    seed: int,
    history: History,
    firms: Enterprises,
    filings: dict[int, Filing],
    scale: float,
) -> list[Observation]:
    before, last = (filings[year] for year in history.years[-2:])
    count = len(ref.districts)
    output = np.column_stack(
        [np.bincount(firms.district[f.firm], f.values["output"], count) for f in (before, last)]
    )
    industry = {
        code: (_industry_output(firms, before, code), _industry_output(firms, last, code))
        for code in ref.recipe.monthly["industries"]
    }
    power = (float(before.values["electricity_kwh"].sum()), float(last.values["electricity_kwh"].sum()))
    added = float(last.values["value_added"].sum())
    return draw_months(stream(seed, "months"), ref, output, added, power, industry, scale)


def _industry_output(firms: Enterprises, filing: Filing, code: str) -> float:
    own = np.array([firms.classes[index].startswith(code) for index in filing.firm])
    return float(filing.values["output"][own].sum())
