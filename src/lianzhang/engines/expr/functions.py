"""The closed list of functions: how many arguments, of which kinds, with what result.

Except for ``known`` and ``has`` a function of something unknown is unknown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import reduce
from typing import Any

from .values import paired

_MANY = 1000


@dataclass(frozen=True, slots=True)
class Function:
    """``takes``: kinds allowed for every argument; ``gives``: the kind of the result ("same": that of
    the arguments). Arguments are of one kind unless ``mixed``."""

    arity: tuple[int, int]
    takes: tuple[str, ...]
    gives: str
    work: Callable[[Sequence[Any]], Any]
    mixed: bool = False


def _smallest(values: Sequence[Any]) -> Any:
    return reduce(lambda a, b: b if paired(b, a)[0] < paired(b, a)[1] else a, values)


def _largest(values: Sequence[Any]) -> Any:
    return reduce(lambda a, b: b if paired(b, a)[0] > paired(b, a)[1] else a, values)


def _round(values: Sequence[Any]) -> Any:
    """Half away from zero, as offices round (not to even); ``round(x, n)`` keeps n places, -12 to 12."""
    places = int(values[1]) if len(values) == 2 else 0
    places = max(-12, min(12, places))
    value = values[0]
    with localcontext() as context:
        context.prec = 400
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if isinstance(value, Decimal):
        return rounded
    return float(rounded) if places > 0 else int(rounded)


def _days(values: Sequence[Any]) -> int:
    """Whole days from the first date to the second; moments count by their own calendar date."""
    first, second = (value.date() if isinstance(value, datetime) else value for value in values)
    return (second - first).days


def _length(values: Sequence[Any]) -> int:
    return len(values[0])


def _absolute(values: Sequence[Any]) -> Any:
    return abs(values[0])


FUNCTIONS: dict[str, Function] = {
    "min": Function((1, _MANY), ("number", "date", "moment"), "same", _smallest),
    "max": Function((1, _MANY), ("number", "date", "moment"), "same", _largest),
    "abs": Function((1, 1), ("number",), "number", _absolute),
    "round": Function((1, 2), ("number",), "number", _round),
    "len": Function((1, 1), ("text", "list"), "number", _length),
    "days": Function((2, 2), ("date", "moment"), "number", _days, mixed=True),
    # ``known`` and ``has`` look at unknown arguments themselves; see evaluate.py.
    "known": Function((1, 1), ("bool", "number", "text", "date", "moment", "list"), "bool", bool),
    "has": Function((1, 1), ("text",), "bool", bool),
}
