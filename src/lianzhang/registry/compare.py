"""Two to four enterprises side by side: standing facts, titles and figures, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lianzhang.city.words import in_words
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import figures
from lianzhang.registry import selectors, sensitive
from lianzhang.registry.models import Enterprise

FEWEST, MOST = 2, 4


@dataclass(frozen=True)
class Cell:
    """A value in words with its source; `raw` is what a file holds."""

    text: str
    raw: Any
    source: str = ""


@dataclass(frozen=True)
class Line:
    """One thing of all enterprises. differs: two known values are not the same; None where fewer than two are known.
    ratio: for figures, the largest of the known values over the smallest; None where that says nothing."""

    label: str
    unit: str
    cells: list[Cell | None]
    differs: bool | None
    ratio: float | None = None


def firms(actor: Actor, ids: list[int]) -> list[Enterprise]:
    """The enterprises the actor may see, in the order asked for, each once; an entry merged away by its survivor."""
    found = [selectors.enterprise_for(actor, pk) for pk in ids[: MOST * 2]]
    return list({e.pk: e for e in found if e is not None}.values())[:MOST]


def lines(found: list[Enterprise], actor: Actor) -> list[Line]:
    """Standing facts, titles in force, then every figure that one of them has, for the newest year any of them has."""
    out = [*_standing(found, actor), _titles(found, actor)]
    return out + _figures(found, actor) if actor.can("filing.view") else out


def _standing(found: list[Enterprise], actor: Actor) -> list[Line]:
    told = [{i["code"]: i for i in selectors.identity(e, actor, sensitive.sight_of(actor, e))} for e in found]
    labels = {code: i["label"] for each in told for code, i in each.items() if code != "name"}
    out = []
    for code, label in labels.items():
        items = [each.get(code) for each in told]
        cells = [
            Cell(str(i["value"]), str(i["value"]), _source(i["source"])) if i and i["value"] else None
            for i in items
        ]
        out.append(Line(label, "", cells, _differs(cells)))
    return out


def _titles(found: list[Enterprise], actor: Actor) -> Line:
    cells: list[Cell | None] = []
    for e in found:
        held = [in_words(t.title) for t in selectors.titles(e, actor) if t.term.state != "lapsed"]  # type: ignore[attr-defined]
        cells.append(Cell("、".join(held), "、".join(held)) if held else None)
    return Line(_("Titles"), "", cells, _differs(cells))


def _figures(found: list[Enterprise], actor: Actor) -> list[Line]:
    tables = [selectors.facts_by_year(e, actor) for e in found]
    year = max((y for t in tables for y in t.years), default=None)
    if year is None:
        return []
    known = [{line.code: line for line in t.lines} for t in tables]
    order = {code: line for each in known for code, line in each.items()}
    out = []
    for code, line in order.items():
        values = [
            next((v for v in each[code].values if v.year == year), None) if code in each else None
            for each in known
        ]
        kind = "money_full" if line.type == "money" else "count"
        cells = [_figure(v, kind) for v in values]
        if any(cells):
            unit = "" if line.type == "money" else line.unit_word
            out.append(Line(f"{line.label} {year}", unit, cells, _differs(cells), _ratio(cells)))
    return out


def _figure(value: selectors.Value | None, kind: str) -> Cell | None:
    if value is None or value.value is None:
        return None
    shown = figures.show(value.value, kind)
    as_of = f" {value.filing.as_of}" if value.filing else ""
    return Cell(shown.text if shown else str(value.value), value.value, f"{value.source_label}{as_of}")


def _source(source: dict[str, Any] | None) -> str:
    return f"{source['label']} {source['as_of']}" if source else ""


def _differs(cells: list[Cell | None]) -> bool | None:
    known = [c.raw for c in cells if c is not None]
    return None if len(known) < FEWEST else len(set(map(str, known))) > 1


def _ratio(cells: list[Cell | None]) -> float | None:
    known = [
        c.raw
        for c in cells
        if c is not None and isinstance(c.raw, int | float) and not isinstance(c.raw, bool)
    ]
    positive = len(known) >= FEWEST and min(known) > 0
    return max(known) / min(known) if positive else None
