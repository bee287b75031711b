"""Time limits: a number and a unit, written ``{5: working_day}``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: unit -> the longest limit that is believed: about five years. More is a slip of the pen.
LONGEST: dict[str, int] = {"working_hour": 8_000, "working_day": 1_250, "day": 1_830, "month": 60}
UNITS = tuple(LONGEST)
WRITTEN = "one number and one unit, as {5: working_day}"

_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limit:
    """``value`` of ``unit``; whole numbers except for working hours."""

    value: int | float
    unit: str

    def __str__(self) -> str:
        return f"{self.value} {self.unit}"

    def fault(self) -> str:
        """What makes the limit senseless (zero, negative, absurdly long, a part of a day), or an empty text."""
        if self.value <= 0:
            return f"a limit of {self}, expected more than 0"
        if self.value > LONGEST[self.unit]:
            return f"a limit of {self}, expected at most {LONGEST[self.unit]} {self.unit}"
        if isinstance(self.value, float) and self.unit != "working_hour":
            return f"a limit of {self}, expected a whole number"
        return ""


def parse_limit(raw: Any) -> Limit:
    """Read ``{5: working_day}`` (JSON keys are text: ``{"5": "working_day"}``).

    Raises ValueError "what, expected what" for another shape or unit; senseless values are ``fault``'s.
    """
    if isinstance(raw, Limit):
        return raw
    if not isinstance(raw, Mapping) or len(raw) != 1:
        raise ValueError(f"{_short(raw)} is no limit, expected {WRITTEN}")
    [(key, unit)] = raw.items()
    if isinstance(key, bool) or _NUMBER.fullmatch(str(key)) is None:
        raise ValueError(f"{_short(key)} is no number, expected {WRITTEN}")
    if unit not in UNITS:
        raise ValueError(f"unknown unit {_short(unit)}, expected one of {' '.join(UNITS)}")
    number = float(str(key))
    return Limit(int(number) if number.is_integer() else number, str(unit))


def _short(raw: Any) -> str:
    text = repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."
