"""What nobody spoke of before is written in one go, filings and what is shown of them: the same as to insert the filings
and then to project, without reading anything back. This is how a large first delivery is quick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lianzhang.kernel import bulk
from lianzhang.kernel.imports.dataset import Context
from lianzhang.registry import consents, projection
from lianzhang.registry.models import Enterprise, Filing
from lianzhang.registry.names import index
from lianzhang.registry.projection import COLUMNS, LATEST, Around, Said, Shown, Year, is_year

Values = dict[str, Any]
FILING = ("id", "enterprise_id", "period", "values")


def around(context: Context) -> Around:
    """What projections look up, once a delivery."""
    found: Around = context.memory.setdefault("around", None) or Around.known()
    context.memory["around"] = found
    return found


def delivered(context: Context) -> dict[str, Any]:
    """What stands in every filing of a delivery."""
    return {
        "delivery_id": context.delivery.pk if context.delivery else None, "source": context.source, "use": context.use,
        "as_of": context.as_of, "provenance": context.provenance, "held": {},
    }  # fmt: skip


def insert_enterprises(fresh: Sequence[tuple[str, Values, Values, str]], context: Context) -> None:
    """Enterprises nobody knew, each with its only filings: rows of (code, standing facts, yearly facts, period)."""
    looked_up = around(context)
    keys = bulk.reserve(Enterprise, len(fresh))
    numbers = iter(bulk.reserve(Filing, sum(2 if yearly else 1 for _, _, yearly, _ in fresh)))
    rows, filings, years, names = [], [], [], []
    withheld: list[tuple[int, str, Values, Values]] = []
    allowed = context.use == consents.USE and consents.states_it(context.source)
    for pk, (uscc, standing, yearly, period) in zip(keys, fresh, strict=True):
        shown = Shown(pk, uscc)
        said = Said(next(numbers), context.source, context.as_of, standing)
        filings.append((said.pk, pk, "", standing))
        projection.identity(shown, [said], looked_up)
        yearly, held = (yearly, {}) if context.use != consents.USE or allowed else ({}, yearly)
        if held:
            withheld.append((pk, period, {}, held))
        if yearly:
            figures = Said(next(numbers), context.source, context.as_of, yearly)
            filings.append((figures.pk, pk, period, yearly))
            if is_year(period):
                years.append((int(period), pk, [figures]))
                newest = Year(int(period), yearly.get("revenue"), yearly.get("employees"))
                for name, value in zip(LATEST, projection.latest([newest]), strict=True):
                    setattr(shown, name, value)
        rows.append(shown.values(COLUMNS))
        names.append(shown.found_by)
    bulk.insert_rows(Enterprise, COLUMNS, rows, bulk.blank(Enterprise, COLUMNS))
    bulk.insert_rows(Filing, FILING, filings, delivered(context))
    insert_held(withheld, context)
    projection.insert_years(years, looked_up.rank)
    index.put(names, new=True)


def insert_held(rows: Sequence[tuple[int, str, Values, Values]], context: Context) -> None:
    """Filings of which something is held: rows of (enterprise, period, used, held)."""
    constants = {k: v for k, v in delivered(context).items() if k != "held"}
    bulk.insert_rows(Filing, ("enterprise_id", "period", "values", "held"), rows, constants)


def insert_figures(rows: Sequence[tuple[int, str, Values]], context: Context) -> None:
    """Figures of periods in which nobody said anything of the enterprise: rows of (enterprise, period, values)."""
    filings, years = [], []
    for number, (pk, period, values) in zip(bulk.reserve(Filing, len(rows)), rows, strict=True):
        filings.append((number, pk, period, values))
        if is_year(period):
            years.append((int(period), pk, [Said(number, context.source, context.as_of, values)]))
    bulk.insert_rows(Filing, FILING, filings, delivered(context))
    projection.insert_years(years, around(context).rank)
    projection.refresh_latest([pk for _, pk, _ in years])
