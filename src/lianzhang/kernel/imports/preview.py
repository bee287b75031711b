"""What a person looks at before applying: the columns that were found, and the first rows as read beside the raw cells."""

from __future__ import annotations

from datetime import date
from typing import Any

from lianzhang.engines.tables import Problem, Row, SheetReport, TableResult
from lianzhang.kernel.imports.fate import Fate
from lianzhang.kernel.imports.problems import language
from lianzhang.kernel.imports.report import Report

ROWS, COLUMNS, HEAD_ROWS, TEXT = 50, 60, 12, 200


class Preview:
    """Collects the first rows of a file while it is read; `to_dict` gives JSON values."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def see(self, result: TableResult, row: Row, fate: Fate) -> None:
        """Take a row while there is room."""
        if len(self.rows) >= ROWS:
            return
        sheet = next(s for s in result.sheets if s.name == row.sheet)
        wrong = {p.letter: p.message(language()) for p in row.problems}
        cells = [
            {
                "raw": _plain(row.raw[c.index]) if c.index < len(row.raw) else None,
                "value": _plain(row.values.get(c.field)) if c.status == "mapped" and c.field else None,
                "mapped": c.status == "mapped",
                "error": wrong.get(c.letter, ""),
            }
            for c in sheet.columns[:COLUMNS]
        ]
        general = [p.message(language()) for p in row.problems if p.letter is None]
        self.rows.append(
            {
                "sheet": row.sheet,
                "row": row.row_number,
                "status": fate.status,
                "cells": cells,
                "general": general,
            }
        )


def shown(report: Report, first: Preview) -> dict[str, Any]:
    """What the pages of a delivery keep of a reading beside the counts: first rows, columns, how often which problem."""
    return {
        "preview": first.rows,
        "tables": sheets_of(report.sheets, report.heads, report.problems),
        "problem_counts": dict(report.problem_counts),
        "reconciliation": report.reconciliation,
    }


def sheets_of(
    sheets: list[SheetReport], heads: dict[str, Any], problems: list[Problem]
) -> list[dict[str, Any]]:
    """Each sheet with its columns and the first rows of its head, for the page where the mapping is corrected."""
    complaints: dict[tuple[str, str], str] = {}
    for problem in problems:
        if (
            problem.letter
            and problem.code in ("unknown_unit", "duplicate_column", "other_year")
            and problem.value is None
        ):
            complaints.setdefault((problem.sheet, problem.letter), problem.code)
    return [
        {
            **sheet.to_dict(),
            "skipped": len(sheet.skipped),
            "period": sheet.period,
            "columns": [
                _column(c, complaints.get((sheet.name, c.letter), "")) for c in sheet.columns[:COLUMNS]
            ],
            "head": [[_plain(v) for v in row[:COLUMNS]] for row in heads.get(sheet.name, [])[:HEAD_ROWS]],
        }
        for sheet in sheets
    ]


def _column(column: Any, complaint: str) -> dict[str, Any]:
    return {
        "letter": column.letter, "header": column.header, "field": column.field, "unit": column.unit, "unit_stated": column.unit_stated,
        "status": column.status, "suggestions": [code for code, _ in column.suggestions], "complaint": complaint,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """A cell as a JSON value short enough for a page."""
    if isinstance(value, float):  # a spreadsheet keeps whole numbers as 3.0
        if value != value:
            return None
        return int(value) if value.is_integer() and abs(value) < 1e15 else float(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    return text if len(text) <= TEXT else text[:TEXT] + "…"
