"""Cells that carry more than their value: errors, formulas without a result, percent formats."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from .problems import Bad


class ErrorCell(str):
    """A formula error such as #DIV/0!; its text is the error."""

    __slots__ = ()


class FormulaCell(str):
    """A formula whose result was not stored in the file; its text is the formula."""

    __slots__ = ()


class BesideCell(str):
    """A line of text beside a table of a printed page: never a row of facts."""

    __slots__ = ()


class PercentCell(float):
    """A number shown as a percentage: 0.125 displayed as 12.5 %."""

    __slots__ = ()


def broken(cell: Any) -> Bad | None:
    """The problem a special cell has whatever its field, or None."""
    if isinstance(cell, FormulaCell):
        return Bad("formula_without_value")
    if isinstance(cell, ErrorCell):
        return Bad("formula_error")
    return None


def text_of(cell: Any) -> str:
    """A cell as the text a person sees: 3670.0 → 3670, dates in ISO form."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else f"{cell.total_seconds():g} s"
