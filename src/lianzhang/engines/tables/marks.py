"""Special cells of a sheet that the fast reader does not tell, and how far a sheet reaches."""

from __future__ import annotations

from dataclasses import dataclass, field

from .model import Limits, TableError


@dataclass(slots=True)
class SheetMarks:
    """Special cells by row, then column, from 0: errors, formulas without a result, cells shown as percentages."""

    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    formulas: dict[int, dict[int, str]] = field(default_factory=dict)
    percents: dict[int, set[int]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.errors or self.formulas or self.percents)


def check_reach(rows: int, columns: int, name: str, limits: Limits) -> None:
    """Refuse a sheet whose last filled row, last filled column, or rectangle lies beyond the limits.

    Raises TableError `too_many_rows` or `too_many_columns`.
    """
    if rows > limits.sheet_rows:
        raise TableError(
            "too_many_rows",
            f"{name} reaches down to row {rows:,}; at most {limits.sheet_rows:,} rows a sheet are read.",
            "Send the table as csv, which may be of any length.",
        )
    if columns > limits.columns:
        raise too_many_columns(name, columns, limits)
    if rows * columns > limits.cells:
        raise TableError(
            "too_many_columns",
            f"{name} spans {rows:,} rows by {columns:,} columns; at most {limits.cells:,} cells a sheet are read.",
            "Delete far-off cells and unused columns, or send the table as csv.",
        )


def too_many_columns(name: str, found: int, limits: Limits) -> TableError:
    """The refusal of a sheet that is wider than any table people fill in."""
    return TableError(
        "too_many_columns",
        f"{name} has {found:,} columns; at most {limits.columns:,} are read.",
        "Delete the unused columns, or check the delimiter.",
    )
