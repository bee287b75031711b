"""Rows of facts from rows of cells: one chunk at a time, each column in one go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .cells import BesideCell, text_of
from .coerce import Coercer, build_coercer
from .model import Column, FieldSpec, SheetReport, Skipped
from .problems import Bad, Problem
from .rowkinds import HINT, RowJudge
from .source import Rows
from .text import is_blank, letter


@dataclass(slots=True)
class Row:
    """One row of facts.

    `values` has every mapped field (None: not known); `raw` the cells as they stood; a row with `problems` of
    severity error is `rejected` and nothing of it should be used.
    """

    sheet: str
    row_number: int
    values: dict[str, Any]
    raw: Sequence[Any]
    problems: list[Problem] = field(default_factory=list)
    rejected: bool = False

    def reject(self, problem: Problem) -> None:
        """Add a problem found by the caller (a duplicate, an unknown enterprise)."""
        self.problems.append(problem)
        self.rejected = True


@dataclass(slots=True)
class ProblemLog:
    """All problems counted by code, the first `limit` of them kept."""

    limit: int
    kept: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, problem: Problem) -> None:
        """Count a problem and keep it while there is room."""
        self.counts[problem.code] += 1
        if len(self.kept) < self.limit:
            self.kept.append(problem)


class RowMaker:
    """Makes the rows of one sheet once its columns are settled.

    `missing` are problems that reject every row; `flat_width` is the number of cells in the header of a flat file,
    0 for other sheets, whose rows may have any width.
    """

    def __init__(
        self,
        report: SheetReport,
        fields: Mapping[str, FieldSpec],
        judge: RowJudge,
        missing: list[Problem],
        flat_width: int,
    ) -> None:
        self.report, self.judge, self.missing, self.flat_width = report, judge, missing, flat_width
        self.columns = [c for c in report.columns if c.status == "mapped" and c.field]
        self.fields = [fields[c.field or ""] for c in self.columns]
        self.codes = [f.code for f in self.fields]
        self.coercers: list[Coercer] = [
            build_coercer(f, c.unit) for f, c in zip(self.fields, self.columns, strict=True)
        ]
        self.width = len(report.columns)
        # What is given for all rows goes under what a row says for itself.
        self.given = {code: value for code, value in report.given.items() if code not in self.codes}
        self.identities = [i for i, f in enumerate(self.fields) if f.type == "uscc"]

    def rows(self, cells: Rows, first_number: int, log: ProblemLog) -> list[Row]:
        """The rows of facts among `cells`, whose first stands in row `first_number` of the sheet."""
        if not cells:
            return []
        cells, numbers, ragged = self._shape(cells, first_number)
        by_index = list(zip(*cells, strict=True))
        values: list[list[Any]] = []
        bad: dict[int, dict[int, Bad]] = {}
        for j, (column, coercer) in enumerate(zip(self.columns, self.coercers, strict=True)):
            found, wrong = coercer.column(by_index[column.index])
            values.append(found)
            for i, what in wrong.items():
                bad.setdefault(i, {})[j] = what
        for j, spec in enumerate(self.fields):
            if spec.required and None in values[j]:
                for i, value in enumerate(values[j]):
                    if value is None and j not in bad.get(i, ()) and not self._stands_in(spec, values, i):
                        bad.setdefault(i, {})[j] = Bad("missing_required")
        return self._assemble(cells, numbers, values, bad, ragged, log)

    def _stands_in(self, spec: FieldSpec, values: Sequence[Sequence[Any]], i: int) -> bool:
        """Whether row `i` has the value that may stand in for a missing one of this field."""
        return spec.instead in self.codes and values[self.codes.index(spec.instead)][i] is not None

    def _shape(self, cells: Rows, first: int) -> tuple[Rows, Sequence[int], dict[int, int]]:
        """Rows of one width; those of another width are remembered with the number of cells they had."""
        if set(map(len, cells)) == {self.width}:
            return cells, range(first, first + len(cells)), {}
        shaped: Rows = []
        ragged: dict[int, int] = {}
        for i, row in enumerate(cells):
            if len(row) != self.width:
                extra = row[self.flat_width :]
                if self.flat_width and (len(row) < self.width or not all(map(is_blank, extra))):
                    ragged[i] = len(row)
                row = [*row, *[""] * (self.width - len(row))]
            shaped.append(row)
        longest = max(map(len, shaped))
        if longest > self.width:
            shaped = [[*row, *[""] * (longest - len(row))] for row in shaped]
        return shaped, range(first, first + len(cells)), ragged

    def _assemble(
        self,
        cells: Rows,
        numbers: Sequence[int],
        values: list[list[Any]],
        bad: dict[int, dict[int, Bad]],
        ragged: dict[int, int],
        log: ProblemLog,
    ) -> list[Row]:
        out: list[Row] = []
        name, codes, missing = self.report.name, self.codes, self.missing
        tuples = zip(*values, strict=True) if values else [()] * len(cells)
        sure = self._sure(values, len(cells))
        if not (bad or ragged or missing) and all(sure):
            # The ordinary case, and the reason why a million rows take seconds.
            self.report.rows += len(cells)
            facts = zip(numbers, tuples, cells, strict=True)
            given = self.given
            return [Row(name, n, {**given, **dict(zip(codes, v, strict=False))}, raw) for n, v, raw in facts]
        for i, found in enumerate(tuples):
            number, raw = numbers[i], cells[i]
            if not sure[i] and (reason := self._reason(raw, number, i in bad)):
                self.report.skipped.append(Skipped(number, reason))
                continue
            row = Row(name, number, {**self.given, **dict(zip(codes, found, strict=True))}, raw)
            if i in ragged:
                row.reject(self._ragged(raw, number, ragged[i], log))
            elif i in bad:
                self._complain(row, bad[i], log)
            if missing:
                row.problems.extend(missing)
                row.rejected = True
            self.report.rejected += row.rejected
            out.append(row)
        self.report.rows += len(out)
        return out

    def _sure(self, values: list[list[Any]], n: int) -> list[bool]:
        """Rows with a valid credit code are facts, whatever else stands in them."""
        if not self.identities:
            return [False] * n
        first, *others = (values[j] for j in self.identities)
        sure = [v is not None for v in first]
        for column in others:
            sure = [s or v is not None for s, v in zip(sure, column, strict=True)]
        return sure

    def _reason(self, raw: Sequence[Any], number: int, suspicious: bool) -> str | None:
        if type(raw[0]) is BesideCell:
            return self.judge.reason(raw, number) or "note"
        if not suspicious and any(raw) and not HINT.search(" ".join(map(text_of, raw))):
            same = [c for c in self.columns[:2] if text_of(raw[c.index]).strip() == c.header]
            if not same and not all(map(is_blank, raw)):
                return None
        return self.judge.reason(raw, number)

    def _ragged(self, raw: Sequence[Any], number: int, found: int, log: ProblemLog) -> Problem:
        params = {"found": found, "expected": self.flat_width}
        problem = Problem("error", self.report.name, number, None, None, "ragged_row", params=params)
        log.add(problem)
        return problem

    def _complain(self, row: Row, wrong: dict[int, Bad], log: ProblemLog) -> None:
        for j, bad in sorted(wrong.items()):
            column: Column = self.columns[j]
            cell = row.raw[column.index]
            shown = None if is_blank(cell) else text_of(cell)
            problem = Problem(
                "error",
                row.sheet,
                row.row_number,
                column.header,
                shown,
                bad.code,
                bad.detail,
                letter(column.index),
                column.field,
                bad.params,
            )
            log.add(problem)
            row.reject(problem)
