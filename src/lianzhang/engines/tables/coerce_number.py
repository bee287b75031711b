"""Figures: unit of the cell before unit of the column, exact decimal scaling, range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .cells import PercentCell
from .coerce import Coercer
from .lexicon import word
from .model import FieldSpec
from .numbers import NumberTextError, parse_number
from .problems import Bad
from .text import fold, is_missing
from .units import COUNTED, conversion, find_unit, needs_unit, unit_examples

_DEFAULT_TARGET = {"money": word("money_unit"), "percent": "ratio"}
_PLAIN = re.compile(r"(?:(?:-?[0-9]{1,15}(?:\.[0-9]{1,12})?)?\n)*")
_WHOLE = re.compile(r"(?:(?:-?[0-9]{1,15})?\n)*")
_LARGEST = Decimal("1e300")


def target_unit(field: FieldSpec) -> str | None:
    """The unit a numeric field is stored in."""
    return field.unit or _DEFAULT_TARGET.get(field.type)


class NumberCoercer(Coercer):
    """Numbers of one column; `unit` None means that each cell must carry its own unit if the field needs one."""

    def __init__(self, field: FieldSpec, unit: str | None) -> None:
        super().__init__(field, self._number)
        self.target = target_unit(field)
        self.whole = field.type == "int"
        self.factor: Fraction | None = Fraction(1)
        if unit:
            self.factor = conversion(unit, self.target)
        elif needs_unit(self.target):
            self.factor = None

    def fast(self, cells: Sequence[Any]) -> list[Any] | None:
        """Plain decimal texts or plain floats; anything else goes the careful way."""
        if self.factor is None:
            return None
        kinds = set(map(type, cells))
        if kinds == {str}:
            joined = "\n".join(cells) + "\n"
            shape = _WHOLE if self.whole else _PLAIN
            if joined.count("\n") != len(cells) or not shape.fullmatch(joined):
                return None
            values = self._scale_texts(cells)
        elif kinds <= {float, int} and not self.whole:
            values = self._scale_texts([format(c, ".15g") for c in cells])
        else:
            return None
        return values if self._all_in_range(values) else None

    def _scale_texts(self, texts: Sequence[str]) -> list[Any]:
        factor = self.factor or Fraction(1)
        kind = int if self.whole else float
        if factor == 1:
            return [kind(t) if t else None for t in texts]
        if factor.denominator == 1:
            times = Decimal(factor.numerator)
            return [kind(Decimal(t) * times) if t else None for t in texts]
        return [
            self._finish(Decimal(t) * factor.numerator / factor.denominator) if t else None for t in texts
        ]

    def _all_in_range(self, values: list[Any]) -> bool:
        known = [v for v in values if v is not None]
        if any(type(v) is Bad or v != v for v in known):
            return False
        low, high = self.field.range or (None, None)
        return not known or ((low is None or min(known) >= low) and (high is None or max(known) <= high))

    def _number(self, cell: Any) -> Any:
        if isinstance(cell, str):
            text = fold(cell).lstrip("'")
            if is_missing(text):
                return None
            try:
                value, unit = parse_number(text)
            except NumberTextError as error:
                return Bad("bad_number", error.detail)
            return self._scaled(value, unit)
        if isinstance(cell, bool) or not isinstance(cell, (int, float)):
            return Bad("bad_number")
        value = Decimal(format(cell, ".15g"))
        return self._scaled(value * 100, "%") if isinstance(cell, PercentCell) else self._scaled(value, None)

    def _scaled(self, value: Decimal, unit: str | None) -> Any:
        if not value.is_finite() or abs(value) > _LARGEST:
            return Bad("bad_number")
        factor = self.factor if unit is None else self._cell_factor(unit)
        if isinstance(factor, Bad):
            return factor
        if factor is None:
            return Bad("unknown_unit", "cell", {"expected": unit_examples(self.target)})
        return self._finish(value * factor.numerator / factor.denominator)

    def _cell_factor(self, unit: str) -> Fraction | Bad:
        if (factor := conversion(unit, self.target)) is not None:
            return factor
        known = find_unit(unit)
        if known is None:
            return Bad("bad_number")
        if self.target is None and (known.dimension in COUNTED or known.dimension == "ratio"):
            return known.factor
        return Bad("unknown_unit", "misfit", {"unit": unit, "expected": unit_examples(self.target)})

    def _finish(self, value: Decimal) -> Any:
        if self.whole and value != value.to_integral_value():
            return Bad("bad_number", "whole")
        low, high = self.field.range or (None, None)
        if (low is not None and value < Decimal(str(low))) or (
            high is not None and value > Decimal(str(high))
        ):
            shown = {"low": "−∞" if low is None else f"{low:g}", "high": "∞" if high is None else f"{high:g}"}
            return Bad("out_of_range", "", {**shown, "unit": self.target or "1"})
        return int(value) if self.whole else float(value)
