"""Read a file, classify its rows, write them in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from lianzhang.engines.tables import ColumnMap, DuplicateGuard, Row, TableError, TableResult, TableSpec, read_table
from lianzhang.kernel import events, signals, time
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports import store
from lianzhang.kernel.imports.dataset import REJECTED, UNCHANGED, Context, Dataset
from lianzhang.kernel.imports.report import KEPT_IN_DATABASE, Report, problem_of
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import Actor

Tell = Callable[[float, str], None]
BATCH = 2000


class Nothing(Exception):
    """Raised inside the transaction when no row was accepted: nothing is to be written."""


def read(path: Path, name: str, dataset: Dataset, mapping: ColumnMap | None, units: dict[str, str], period: str) -> TableResult:
    """Open a file as rows of a data set."""
    spec = TableSpec(dataset.code, dataset.fields())
    return read_table(path, spec, name=name, mapping=mapping, default_units=units, period=period or None)


def dry_run(path: Path, name: str, dataset: Dataset, context: Context, mapping: ColumnMap | None, units: dict[str, str], tell: Tell,
            rejects: Callable[[TableResult, Row], None] | None = None) -> Report:  # fmt: skip
    """What the delivery would do; writes nothing."""
    report = Report(dataset.code, name)
    try:
        _run(read(path, name, dataset, mapping, units, context.period), dataset, context, report, tell, rejects, write=False)
    except TableError as error:
        report.fatal = error
    return report


def apply(row: Import, context: Context, mapping: ColumnMap | None, units: dict[str, str], tell: Tell,
          rejects: Callable[[TableResult, Row], None] | None = None) -> Report:  # fmt: skip
    """Apply a stored delivery in one transaction: rows, projections, the event and the import's own state, or nothing."""
    dataset = datasets.get(row.dataset)
    report = Report(row.dataset, row.file_name)
    try:
        result = read(store.path_of(row.sha256), row.file_name, dataset, mapping, units, context.period)
        with transaction.atomic():
            if row.pk is None:
                row.save()
            context.delivery = row
            _run(result, dataset, context, report, tell, rejects, write=True)
            if report.accepted == 0:
                raise Nothing
            dataset.project(context)
            _keep(row, report, context)
    except TableError as error:
        report.fatal = error
    except Nothing:
        pass
    else:
        report.import_id = row.pk
    return report


def _run(result: TableResult, dataset: Dataset, context: Context, report: Report, tell: Tell,
         rejects: Callable[[TableResult, Row], None] | None, write: bool) -> None:  # fmt: skip
    guards: dict[tuple[str, ...], DuplicateGuard] = {}
    digest = hashlib.sha256()
    seen = 0
    for batch in _batches(result):
        good = []
        for row in batch:
            if not row.rejected and _first(row, dataset, guards, report):
                good.append(row)
        values = [{**r.values, "period": _period(r, result, context)} for r in good]
        outcomes = dataset.classify(values, context) if good else []
        accepted = []
        for row, outcome in zip(good, outcomes, strict=True):
            sheet = next(s for s in result.sheets if s.name == row.sheet)
            for doubt in outcome.warnings:
                report.problems.append(problem_of(doubt, "warning", row, sheet))
            if outcome.status == REJECTED:
                for trouble in outcome.troubles:
                    row.reject(problem_of(trouble, "error", row, sheet))
                    report.problems.append(row.problems[-1])
                continue
            report.counts[outcome.status] += 1
            accepted.append(outcome)
            digest.update(json.dumps(row.values, ensure_ascii=False, sort_keys=True, default=str).encode())
        for row in batch:
            if row.rejected:
                report.rejected += 1
                if rejects:
                    rejects(result, row)
        if write and accepted:
            dataset.write(accepted, context)
        seen += len(batch)
        tell(min(0.9, seen / (seen + 20_000)), f"{seen}")
    report.sheets = result.sheets
    report.problems = sorted([*result.problems, *report.problems], key=lambda p: (_order(result, p.sheet), p.row or 0))
    report.problem_counts = dict(result.problem_counts)
    report.digest = digest.hexdigest()
    tell(0.95, "")


def _batches(result: TableResult) -> Iterator[list[Row]]:
    for rows in result.batches():
        for i in range(0, len(rows), BATCH):
            yield rows[i : i + BATCH]


def _first(row: Row, dataset: Dataset, guards: dict[tuple[str, ...], DuplicateGuard], report: Report) -> bool:
    """Whether the row is the first with its key among rows of the same columns; equal repeats count as unchanged."""
    columns = tuple(row.values)
    guard = guards.setdefault(columns, DuplicateGuard(dataset.key))
    verdict = guard.check(row)
    if verdict == "same":
        report.counts[UNCHANGED] += 1
    elif verdict == "different":
        report.problems.append(row.problems[-1])
    return verdict == "first"


def _period(row: Row, result: TableResult, context: Context) -> str:
    """The period of a row: its own cell, else what was said of the delivery, else the title of the sheet."""
    own = row.values.get("period")
    if own is not None:
        return str(own)
    if context.period:
        return context.period
    return next((s.period or "" for s in result.sheets if s.name == row.sheet), "")


def _order(result: TableResult, sheet: str | None) -> int:
    return next((i for i, s in enumerate(result.sheets) if s.name == sheet), -1)


def _keep(row: Import, report: Report, context: Context) -> None:
    """The import's own state, and one event that binds the content it brought."""
    row.state, row.applied_at, row.digest = Import.State.APPLIED, timezone.now(), report.digest
    row.accepted, row.rejected = report.accepted, report.rejected
    row.created, row.updated, row.unchanged = (report.counts[n] for n in ("created", "updated", "unchanged"))
    row.report = report.to_dict("zh", KEPT_IN_DATABASE)
    row.save()
    data = {
        "dataset": row.dataset, "file": row.file_name, "sha256": row.sha256, "rows": report.digest, "source": row.source,
        "use": row.use, **row.counts,
    }  # fmt: skip
    events.record(context.actor, f"import:{row.pk}", "applied", data)
    signals.emit(signals.import_applied, dataset=row.dataset, import_id=row.pk)


def undo(row: Import, actor: Actor) -> int:
    """Take a delivery back; returns the ledger rows removed. The import and the events of it stay."""
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=row.pk)
        if locked.state != Import.State.APPLIED:
            raise ValueError(f"import {row.pk} is {locked.state}, only an applied one can be undone")
        context = Context(actor, row.source, row.use, row.period, row.as_of or time.today(), delivery=locked)
        removed = datasets.get(row.dataset).undo(locked, context)
        locked.state, locked.undone_at = Import.State.UNDONE, timezone.now()
        locked.save(update_fields=["state", "undone_at"])
        events.record(actor, f"import:{row.pk}", "undone", {"removed": removed})
        signals.emit(signals.import_undone, dataset=row.dataset, import_id=row.pk)
    row.refresh_from_db()
    return removed


