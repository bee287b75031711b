"""Personal values as everybody sees them: a name's first character, a telephone's ends, an identity number's ends.

The widths follow the practice of Chinese public offices: of a name the first sign, 138****1234, first six and last four. Whoever needs
the whole value asks for it, says why, and leaves an event.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["name", "phone", "id"]
SEPARATORS = re.compile(r"([;\uff1b\u3001,\uff0c/|\n]+\s*)")
STAR = "*"
LONG, AREA, END = 7, 3, 4
HEAD = 6


def mask(value: str, kind: Kind) -> str:
    """The value with what identifies a person hidden. Several values in one cell are hidden each; empty stays empty.

    Masking a masked value changes nothing.
    """
    parts = SEPARATORS.split(value)
    return "".join(part if i % 2 else _ONE[kind](part) for i, part in enumerate(parts))


@dataclass(frozen=True)
class Sight:
    """What somebody sees of personal columns: masked, unless `whole`."""

    masks: Mapping[str, Kind] = field(default_factory=dict)
    whole: bool = False

    def show(self, column: str, value: Any) -> Any:
        """The value of a column as it is shown."""
        if self.whole or column not in self.masks or not isinstance(value, str):
            return value
        return mask(value, self.masks[column])


def _name(text: str) -> str:
    """The first sign and a star for each other; a name in Latin letters keeps its first letter and no length."""
    name = text.strip()
    if not name:
        return text
    if set(name[1:] or name) == {STAR}:
        return name
    if name.isascii():
        return name[0] + STAR * 3
    return name[0] + STAR * (len(name) - 1) if len(name) > 1 else STAR


def _phone(text: str) -> str:
    """13812341234 → 138****1234; a number without area code keeps its last four digits; a short one nothing."""
    digits = [i for i, sign in enumerate(text) if sign.isdigit() or sign == STAR]
    if not digits:
        return text if not text.strip() else STAR * END
    if len(digits) < LONG:
        return STAR * len(digits)
    head = AREA if len(digits) > LONG + 1 else 0
    hidden = digits[head : len(digits) - END]
    return "".join(STAR if i in set(hidden) else sign for i, sign in enumerate(text))


def _id(text: str) -> str:
    """440106199001011234 → 440106********1234; a shorter number keeps its ends only where as much again is hidden."""
    number = text.strip()
    if len(number) >= HEAD + END + 5:
        return number[:HEAD] + STAR * (len(number) - HEAD - END) + number[-END:]
    if len(number) >= 6:
        return number[:1] + STAR * (len(number) - 2) + number[-1:]
    return STAR * len(number)


_ONE = {"name": _name, "phone": _phone, "id": _id}
