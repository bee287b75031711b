"""Cells as a database takes them: no JSON column holds NaN or infinity, and PostgreSQL no text with a zero byte."""

from __future__ import annotations

from math import isfinite
from typing import Any


def storable(value: Any) -> Any:
    """A JSON value with what cannot be stored made plain: zero bytes out of texts, "nan" and "inf" as texts."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, float):
        return value if isfinite(value) else str(float(value))
    if isinstance(value, dict):
        return {storable(k): storable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [storable(v) for v in value]
    return value
