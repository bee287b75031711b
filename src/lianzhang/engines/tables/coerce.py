"""From cells to typed values, a column at a time; repeated texts are understood once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .cells import broken
from .model import NUMERIC_TYPES, FieldSpec
from .problems import Bad

_CACHE_SIZE = 8_000

Values = tuple[list[Any], dict[int, Bad]]


class _Cache(dict[str, Any]):
    """Text → value of one column; emptied when full, so that memory stays constant."""

    def __init__(self, parse: Callable[[Any], Any]) -> None:
        super().__init__()
        self.parse = parse

    def __missing__(self, cell: str) -> Any:
        if len(self) >= _CACHE_SIZE:
            self.clear()
        value = self[cell] = self.parse(cell)
        return value


class Coercer:
    """Turns the cells of one column into values of its field.

    A value is None where the cell is empty or marked as not known, and a `Bad` where it cannot be understood.
    """

    def __init__(self, field: FieldSpec, parse: Callable[[Any], Any]) -> None:
        self.field = field
        self._parse = parse
        self._cache = _Cache(parse)

    def one(self, cell: Any) -> Any:
        """Value of one cell."""
        if type(cell) is str:
            return self._cache[cell]
        if cell is None or cell != cell:  # no number is how programs of statistics write "not known"
            return None
        return broken(cell) or self._parse(cell)

    def fast(self, cells: Sequence[Any]) -> list[Any] | None:
        """Values of a column without any irregular cell, or None; subclasses know the short way."""
        return None

    def column(self, cells: Sequence[Any]) -> Values:
        """Values of a column and the bad ones among them by position."""
        values = self.fast(cells)
        if values is not None:
            return values, {}
        values = list(map(self.one, cells))
        if Bad not in set(map(type, values)):
            return values, {}
        bad = {i: value for i, value in enumerate(values) if type(value) is Bad}
        for i in bad:
            values[i] = None
        return values, bad


def build_coercer(field: FieldSpec, unit: str | None) -> Coercer:
    """The coercer of a field; `unit` is what bare numbers of the column are counted in (None: cells must say)."""
    from .coerce_number import NumberCoercer
    from .coerce_text import UsccCoercer, parser

    if field.type in NUMERIC_TYPES:
        return NumberCoercer(field, unit)
    if field.type == "uscc":
        return UsccCoercer(field)
    return Coercer(field, parser(field))
