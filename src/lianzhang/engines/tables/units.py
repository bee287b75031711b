"""Units: their dimension, their factor to the base unit, the words people write for them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from importlib import resources

from .lexicon import table, word
from .text import key

#: Bare multipliers behind a figure (ten thousand, hundred million); they scale the base unit of the field.
MULTIPLIERS: dict[str, int] = table("multipliers")
#: Dimensions in which a bare figure can only mean one of each.
COUNTED = frozenset({"people", "count", "years", "months", "days", "hours"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: one of it is `factor` base units of `dimension`."""

    code: str
    dimension: str
    factor: Fraction


@lru_cache(maxsize=1)
def _table() -> dict[str, Unit]:
    content = resources.files(__package__).joinpath("data/units.csv").read_text(encoding="utf-8")
    out: dict[str, Unit] = {}
    for line in csv.DictReader(content.splitlines()):
        unit = Unit(
            line["unit"], line["dimension"], Fraction(int(line["numerator"]), int(line["denominator"]))
        )
        for name in [line["unit"], *filter(None, line["aliases"].split(";"))]:
            out[key(name)] = unit
    return out


def find_unit(text: str | None) -> Unit | None:
    """The unit that `text` names, or None."""
    return _table().get(key(text)) if text else None


def conversion(unit_text: str, target: str | None) -> Fraction | None:
    """How many target units one `unit_text` is; None when it is no unit or of another dimension.

    A bare multiplier scales the base unit of the target's dimension.
    """
    goal = find_unit(target)
    name = key(unit_text)
    if name in MULTIPLIERS:
        base = goal.factor if goal and goal.dimension == "money" else Fraction(1)
        return MULTIPLIERS[name] / base
    unit = find_unit(name)
    if unit is None:
        return Fraction(1) if target and name == key(target) else None
    if goal is None or unit.dimension != goal.dimension:
        return None
    return unit.factor / goal.factor


def known_units() -> tuple[str, ...]:
    """The written form of every unit, in the order of the table."""
    return tuple(dict.fromkeys(unit.code for unit in _table().values()))


def needs_unit(target: str | None) -> bool:
    """Whether a bare figure for this target is ambiguous, so that a unit must stand somewhere."""
    goal = find_unit(target)
    return goal is not None and goal.dimension not in COUNTED


def unit_examples(target: str | None, limit: int = 4) -> str:
    """A few units a field accepts, for messages."""
    goal = find_unit(target)
    if goal is None:
        return target or ""
    codes = dict.fromkeys(u.code for u in _table().values() if u.dimension == goal.dimension)
    return word("joiner").join(list(codes)[:limit])
