"""Problems of a delivery as rows, so that they can be filtered, counted and exported like any list."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from lianzhang.engines.tables import Problem
from lianzhang.kernel.imports import fatal
from lianzhang.kernel.imports.report import Report
from lianzhang.kernel.imports.storable import storable
from lianzhang.kernel.models import Import, ImportProblem

KEPT = 5_000
"""Problems kept as rows; the file of refused rows has the reasons of all."""
LENGTHS = {"sheet": 120, "column": 200, "value": 300}


def keep(row: Import, report: Report) -> None:
    """Replace the problems of a delivery by those of its last reading, errors before warnings when not all fit."""
    ImportProblem.objects.filter(delivery=row).delete()
    chosen = report.problems
    if len(chosen) > KEPT:
        chosen = sorted(chosen, key=lambda p: p.severity != "error")[:KEPT]
    failed = [
        _kept(row, severity="error", sheet=f.name, code=f.error.code, value=str(f.error))
        for f in report.failed
    ]
    ImportProblem.objects.bulk_create([*failed, *(_row(row, p) for p in chosen)], batch_size=500)


def _row(row: Import, problem: Problem) -> ImportProblem:
    return _kept(
        row, severity=problem.severity, sheet=problem.sheet or "", row=problem.row, column=problem.column or "",
        letter=problem.letter or "", code=problem.code, detail=problem.detail,
        value="" if problem.value is None else str(problem.value),
        params={k: v if isinstance(v, int | float | str | None) else str(v) for k, v in problem.params.items()},
    )  # fmt: skip


def _kept(delivery: Import, **fields: Any) -> ImportProblem:
    """A problem cut to what its columns hold."""
    for name, length in LENGTHS.items():
        fields[name] = storable(fields.get(name, ""))[:length]
    fields["params"] = storable(fields.get("params", {}))
    return ImportProblem(delivery=delivery, **fields)


def words(row: ImportProblem) -> str:
    """The sentence of a kept problem in the reader's language: row, column letter, value, how to mend it."""
    if row.row is None and row.code in fatal.WORDS:
        return f"{row.sheet}: {fatal.words(row.code)}"
    problem = Problem(
        row.severity, row.sheet, row.row, row.column or None, row.value or None, row.code, row.detail,
        letter=row.letter or None, params=row.params,
    )  # fmt: skip
    return problem.message(language())


def language() -> str:
    """The language in which the table reader speaks to this reader."""
    return "en" if (get_language() or "").startswith("en") else "zh"
