"""Kinds of values and how they are brought to a common footing.

``None`` is *unknown*. Dates and moments are different kinds: a day is not an instant.
"""

import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .errors import ExprError

KINDS = ("bool", "number", "text", "date", "moment", "list", "any")


def kind_of(value: Any, pos: int) -> str:
    """The kind of a known value; ExprError for anything the language has no word for."""
    match value:
        case bool():
            return "bool"
        case int() | float() | Decimal():
            return "number"
        case str():
            return "text"
        case datetime():
            return "moment"
        case date():
            return "date"
        case list() | tuple() | set() | frozenset():
            return "list"
    raise ExprError(f"a value of type {type(value).__name__}, expected bool, number, text, date or list", pos)


def finite(value: Any) -> Any:
    """``value``, or None where it is a number that is not finite: NaN and infinity say nothing."""
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def look_up(env: Mapping[str, Any], name: str) -> Any:
    """The value of a dotted name: the whole name as a key first, then key by key; None if absent."""
    if name in env:
        return finite(env[name])
    value: Any = env
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return finite(value)


def paired(left: Any, right: Any) -> tuple[Any, Any]:
    """Two numbers that can meet: a Decimal beside a float becomes a float."""
    if isinstance(left, Decimal) and isinstance(right, float):
        return float(left), right
    if isinstance(left, float) and isinstance(right, Decimal):
        return left, float(right)
    return left, right
