"""Problems of a delivery as rows, so that they can be filtered, counted and exported like any list."""

from __future__ import annotations

from django.utils.translation import get_language

from lianzhang.engines.tables import Problem
from lianzhang.kernel.imports import fatal
from lianzhang.kernel.imports.report import Report
from lianzhang.kernel.models import Import, ImportProblem

KEPT = 5_000
"""Problems kept as rows; the file of refused rows has the reasons of all."""


def keep(row: Import, report: Report) -> None:
    """Replace the problems of a delivery by those of its last reading, errors before warnings when not all fit."""
    ImportProblem.objects.filter(delivery=row).delete()
    chosen = report.problems
    if len(chosen) > KEPT:
        chosen = sorted(chosen, key=lambda p: p.severity != "error")[:KEPT]
    failed = [
        ImportProblem(
            delivery=row, severity="error", sheet=f.name[:120], code=f.error.code, value=str(f.error)[:300]
        )
        for f in report.failed
    ]
    ImportProblem.objects.bulk_create([*failed, *(_row(row, p) for p in chosen)], batch_size=500)


def _row(row: Import, problem: Problem) -> ImportProblem:
    return ImportProblem(
        delivery=row, severity=problem.severity, sheet=(problem.sheet or "")[:120], row=problem.row,
        column=(problem.column or "")[:200], letter=problem.letter or "", code=problem.code, detail=problem.detail,
        value="" if problem.value is None else str(problem.value)[:300],
        params={k: v if isinstance(v, int | float | str | None) else str(v) for k, v in problem.params.items()},
    )  # fmt: skip


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
