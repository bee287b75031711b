"""Numbers as people write them: separators, brackets for minus, units behind the figure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from .text import fold

_SHAPE = re.compile(
    r"(?P<sign>[-+△▲]?)(?:[\u00a5\uffe5$]|RMB|CNY)?(?P<digits>[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)(?P<power>[eE][-+]?[0-9]{1,3})?"
    r"(?P<unit>[^0-9().,+\-\u00b2\u00b3\u00b9\u2070-\u2079][^().,]{0,15})?"
)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?|[0-9]{1,4}(,[0-9]{4})+(\.[0-9]*)?")
_BRACKETS = re.compile(r"\(([^()]+)\)([^0-9().,]{0,15})")
_INNER_BLANK = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))")


class ParsedNumber(NamedTuple):
    """A figure and the unit written behind it (None: bare)."""

    value: Decimal
    unit: str | None


class NumberTextError(ValueError):
    """The text is no number; `detail` says why: '' or 'grouping'."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or "not a number")
        self.detail = detail


def parse_number(text: str) -> ParsedNumber:
    """Read one figure.

    Accepts full-width signs, thousands separators in groups of three or four, `(1.5)` and `△1.5` for minus,
    a currency sign in front, a unit behind. Raises NumberTextError otherwise; approximate words are no number.
    """
    folded = _INNER_BLANK.sub(",", fold(text))
    minus = False
    if bracket := _BRACKETS.fullmatch(folded.replace(" ", "")):
        folded, minus = bracket[1] + bracket[2], True
    match = _SHAPE.fullmatch(folded.replace(" ", ""))
    if match is None or (minus and match["sign"]):
        raise NumberTextError
    digits = match["digits"]
    if "," in digits:
        if not _GROUPED.fullmatch(digits):
            raise NumberTextError("grouping")
        digits = digits.replace(",", "")
    value = Decimal(digits + (match["power"] or ""))
    return ParsedNumber(-value if minus or match["sign"] in {"-", "△", "▲"} else value, match["unit"])
