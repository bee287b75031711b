"""The answer of an import, as the command prints it and the page shows it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from lianzhang.engines.tables import Column, Problem, SheetReport, TableError, conversion, text_of
from lianzhang.kernel.imports.dataset import CREATED, UNCHANGED, UPDATED, Trouble
from lianzhang.kernel.imports.parts import Failed

KEPT_IN_DATABASE = 500
PROBLEMS_KEPT = 100_000


@dataclass
class Report:
    """Counts, sheets and problems of one file."""

    dataset: str
    file: str
    sheets: list[SheetReport] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {CREATED: 0, UPDATED: 0, UNCHANGED: 0})
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_counts: Counter[str] = field(default_factory=Counter)
    fatal: TableError | None = None
    failed: list[Failed] = field(default_factory=list)
    import_id: int | None = None
    digest: str = ""
    heads: dict[str, Any] = field(default_factory=dict)
    reconciliation: list[dict[str, Any]] = field(default_factory=list)

    @property
    def accepted(self) -> int:
        """Rows that are taken: created, updated or unchanged."""
        return sum(self.counts.values())

    @property
    def exit_status(self) -> int:
        """0 nothing rejected, 3 in part, 1 nothing done."""
        if self.fatal is not None or self.accepted == 0:
            return 1
        return 3 if self.rejected or self.failed else 0

    def to_dict(self, language: str = "en", limit: int | None = None) -> dict[str, Any]:
        """The JSON object of the contract."""
        problems = [p.to_dict(language) for p in self.problems[:limit]]
        problems[:0] = [fatal_problem(f.error, f.name) for f in self.failed]
        if self.fatal is not None:
            problems.insert(0, fatal_problem(self.fatal))
        return {
            "dataset": self.dataset,
            "file": self.file,
            "sheets": [s.to_dict() for s in self.sheets],
            "accepted": self.accepted,
            **self.counts,
            "rejected": self.rejected,
            "problems": problems,
            "import_id": self.import_id,
        }


def fatal_problem(error: TableError, sheet: str | None = None) -> dict[str, Any]:
    """A file (or the member of a zip named by `sheet`) that cannot be read at all, as a problem."""
    message = f"{error.message} {error.hint}".strip()
    return {
        "severity": "error",
        "sheet": sheet,
        "row": None,
        "column": None,
        "value": None,
        "code": error.code,
        "message": message,
    }


def problem_of(
    trouble: Trouble, severity: str, row: Any, sheet: SheetReport, stored: str | None = None
) -> Problem:
    """A trouble found beyond the table, placed in its cell; `stored` is the unit its field is kept in."""
    column = next((c for c in sheet.columns if c.field == trouble.field and c.status == "mapped"), None)
    shown, params = trouble.value, dict(trouble.params)
    if column and shown is not None:
        shown = text_of(row.raw[column.index])  # as it stands in the file, not as it was understood
    if "other" in params:
        params["other"] = _in_unit_of(column, params["other"], stored)
    if trouble.code == "unknown_unit" and shown is not None:
        params["unit"] = shown
    return Problem(
        severity, row.sheet, row.row_number, column.header if column else trouble.field,
        None if shown is None else str(shown), trouble.code, detail=_variant(trouble, column),
        letter=column.letter if column else None, field=trouble.field, params={"label": trouble.field, **params},
    )  # fmt: skip


def _variant(trouble: Trouble, column: Column | None) -> str:
    """Which words a problem takes, where its code has several."""
    if trouble.code == "missing_required" and column is None:
        return "period" if trouble.field == "period" else "column"
    if "variant" in trouble.params:
        return str(trouble.params["variant"])
    return "misfit" if trouble.code == "unknown_unit" and trouble.value is not None else ""


def _in_unit_of(column: Column | None, value: Any, stored: str | None) -> str:
    """A stored figure as the file would write it, so that one can compare it with the cell."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return text_of(value)
    unit = column.unit if column and column.unit else stored
    factor = conversion(unit, stored) if unit and stored else None
    return f"{text_of(float(value / factor) if factor else float(value))}{unit or ''}"
