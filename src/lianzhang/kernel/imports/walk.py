"""The walk over a file's rows: duplicates set aside, each batch classified, accepted rows written."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lianzhang.engines.tables import DuplicateGuard, Problem, Row, SheetReport, TableResult
from lianzhang.kernel import bulk
from lianzhang.kernel.imports.dataset import (
    CREATED,
    REJECTED,
    UNCHANGED,
    UPDATED,
    Change,
    Context,
    Dataset,
    Outcome,
)
from lianzhang.kernel.imports.fate import Fate, Watch
from lianzhang.kernel.imports.parts import Failed, Part
from lianzhang.kernel.imports.report import PROBLEMS_KEPT, Report, problem_of

Tell = Callable[[float, str], None]
Guards = dict[frozenset[str], DuplicateGuard]
BATCH = 2000
MANY = 10_000
"""Rows of a delivery after which the database takes stock, at its end; of larger ones on the way too."""
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str).encode


def walk_all(
    parts: Iterator[Part],
    dataset: Dataset,
    context: Context,
    report: Report,
    tell: Tell,
    write: bool,
    watch: Watch | None,
) -> None:
    """Walk over all tables of a file as over one: the first row with a key counts, wherever it stands."""
    guards: Guards = {}
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Failed):
            report.failed.append(part)
            continue
        Walk(part, dataset, context, report, tell, write, watch, guards, digest).run()
        report.heads.update(part.heads)
    report.digest = digest.hexdigest()
    report.reconciliation = dataset.reconcile(context)


@dataclass
class Walk:
    """One reading of one table. `watch` is shown every row with what became of it, in the order of the file."""

    result: TableResult
    dataset: Dataset
    context: Context
    report: Report
    tell: Tell
    write: bool
    watch: Watch | None = None
    guards: Guards = field(default_factory=dict)
    digest: Any = field(default_factory=hashlib.sha256)
    found: list[Problem] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    sheets: dict[str, SheetReport] = field(default_factory=dict)
    units: dict[str, str | None] = field(default_factory=dict)

    def run(self) -> None:
        """Take every row once and leave counts, sheets, problems in the report, and the digest of what was accepted."""
        self.units = {f.code: f.unit for f in self.dataset.fields()}
        seen = 0
        for batch in _batches(self.result):
            self.sheets = {s.name: s for s in self.result.sheets}
            self._take(batch)
            seen += len(batch)
            self.tell(min(0.9, seen / (seen + 20_000)), f"{seen}")
        order = {s.name: i for i, s in enumerate(self.result.sheets)}
        problems = [*self.result.problems, *self.found]
        problems.sort(key=lambda p: (order.get(p.sheet, -1), p.row or 0))
        self.report.sheets += self.result.sheets
        self.report.problems += problems
        self.report.problem_counts.update(self.result.problem_counts)
        self.report.problem_counts.update(self.counted)
        self.tell(0.95, "")

    def _identify(self, batch: list[Row]) -> None:
        """The keys of the rows as the data set means them: the period said of all, a code found by its name."""
        rows = [row for row in batch if not row.rejected]
        for row in rows:
            # A sheet headed by another year tells of other facts, also where no column says so.
            if "period" in self.dataset.key or "period" in row.values:
                row.values["period"] = self._period(row) or None
        troubles = self.dataset.identify([row.values for row in rows], self.context)
        for row, trouble in zip(rows, troubles, strict=True):
            if trouble is not None:
                row.reject(problem_of(trouble, "error", row, self.sheets[row.sheet]))
                self._note(row.problems[-1])

    def _take(self, batch: list[Row]) -> None:
        self._identify(batch)
        sound = [row for row in batch if not row.rejected]
        values = [{**r.values, "period": self._period(r)} for r in sound]
        outcomes = iter(self.dataset.classify(values, self.context) if sound else ())
        accepted: list[Outcome] = []
        for row in batch:
            fate = Fate(REJECTED) if row.rejected else self._settle(row, next(outcomes), accepted)
            if fate.status == REJECTED:
                self.report.rejected += 1
            else:
                self.report.counts[fate.status] += 1
            self.dataset.count(row.values, fate.status, self.context)
            if self.watch:
                self.watch(self.result, row, fate)
        if self.write and accepted:
            self.dataset.write(accepted, self.context)
            self._look_on()

    def _look_on(self) -> None:
        """Each time there are five times as many, let the database see how its tables grew: nobody else can tell it before
        this transaction ends, and it would look up the next rows by reading all that were written."""
        if self.report.accepted >= self.context.memory.setdefault("stock", 5 * MANY):
            bulk.take_stock()
            self.context.memory["stock"] = 5 * self.report.accepted

    def _settle(self, row: Row, outcome: Outcome, accepted: list[Outcome]) -> Fate:
        """What becomes of a sound row; what it delivers is added to `accepted`.

        Of rows with the same key and columns the first that can be taken counts; equal repeats are unchanged.
        """
        sheet = self.sheets[row.sheet]
        if outcome.status == REJECTED:
            for trouble in outcome.troubles:
                row.reject(problem_of(trouble, "error", row, sheet))
                self._note(row.problems[-1])
            return Fate(REJECTED)
        verdict = self._repeat(row)
        if verdict == "different":
            self._note(row.problems[-1])
            return Fate(REJECTED)
        if verdict == "same":
            return Fate(UNCHANGED)
        doubts = [
            problem_of(doubt, "warning", row, sheet, self.units.get(doubt.field or ""))
            for doubt in outcome.warnings
        ]
        for doubt in doubts:
            self._note(doubt)
        self.digest.update(_canonical(row.values).encode())
        accepted.append(outcome)
        if outcome.status == CREATED and self._on_another_sheet(row):
            outcome.status = UPDATED
            outcome.changes = [Change(k, None, v) for k, v in row.values.items() if v is not None]
        return Fate(outcome.status, outcome.changes, doubts)

    def _repeat(self, row: Row) -> str:
        """`first`, `same` or `different`: whatever the order of the columns, and with tables of other columns as far as both speak."""
        columns = frozenset(row.values)
        if any(guard.contradicts(row) for other, guard in self.guards.items() if other != columns):
            return "different"
        guard = self.guards.get(columns)
        if guard is None:
            guard = self.guards[columns] = DuplicateGuard(self.dataset.key)
        return guard.check(row)

    def _on_another_sheet(self, row: Row) -> bool:
        """Whether a table with other columns named the same key: then this row adds to what that one creates."""
        columns = row.values.keys()
        return any(guard.knows(row) for others, guard in self.guards.items() if others != columns)

    def _note(self, problem: Problem) -> None:
        """Count a problem and keep it while there is room."""
        self.counted[problem.code] += 1
        if len(self.found) < PROBLEMS_KEPT:
            self.found.append(problem)

    def _period(self, row: Row) -> str:
        """The period of a row: its own cell, else what was said of the delivery, else the title of the sheet."""
        own = row.values.get("period")
        if own is not None:
            return str(own)
        return self.context.period or self.sheets[row.sheet].period or ""


def _batches(result: TableResult) -> Iterator[list[Row]]:
    for rows in result.batches():
        for i in range(0, len(rows), BATCH):
            yield rows[i : i + BATCH]
