"""Read a file, classify its rows, write them in one transaction; take a delivery back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from lianzhang.engines.tables import ColumnMap, Row, TableError, TableResult
from lianzhang.kernel import bulk, events, signals, time
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports import problems, refused, store
from lianzhang.kernel.imports.dataset import REJECTED, Context, Dataset
from lianzhang.kernel.imports.fate import Fate, Watch
from lianzhang.kernel.imports.parts import tables
from lianzhang.kernel.imports.report import KEPT_IN_DATABASE, Report
from lianzhang.kernel.imports.storable import storable
from lianzhang.kernel.imports.turn import turn
from lianzhang.kernel.imports.walk import MANY, Tell, walk_all
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import Actor

Refuse = Callable[[TableResult, Row], None]
Keep = Callable[[Import, Report], None]


class Nothing(Exception):
    """Raised inside the transaction when no row was accepted: nothing is to be written."""


def dry_run(path: Path, name: str, dataset: Dataset, context: Context, mapping: ColumnMap | None, units: dict[str, str], tell: Tell,
            rejects: Refuse | None = None, watch: Watch | None = None) -> Report:  # fmt: skip
    """What the delivery would do; writes nothing. `watch` is shown every row, `rejects` the refused ones."""
    report = Report(dataset.code, name)
    try:
        parts = tables(path, name, dataset, mapping, units, context.period)
        walk_all(parts, dataset, context, report, tell, write=False, watch=_both(rejects, watch))
    except TableError as error:
        report.fatal = error
    return report


def apply(row: Import, context: Context, mapping: ColumnMap | None, units: dict[str, str], tell: Tell,
          rejects: Refuse | None = None, watch: Watch | None = None, keep: Keep | None = None) -> Report:  # fmt: skip
    """Apply a stored delivery in one transaction: rows, projections, the event and the import's own state, or nothing.

    `keep` is called with the finished report before the import's own state is saved. One delivery is applied at a
    time; another waits for its turn.
    """
    dataset = datasets.get(row.dataset)
    report = Report(row.dataset, row.file_name)
    try:
        parts = tables(store.path_of(row.sha256), row.file_name, dataset, mapping, units, context.period)
        with turn(tell), transaction.atomic():
            if row.pk is None:
                row.save()
            context.delivery = row
            walk_all(parts, dataset, context, report, tell, write=True, watch=_both(rejects, watch))
            if report.accepted == 0:
                raise Nothing
            dataset.project(context)
            report.reconciliation = dataset.reconcile(context)
            _keep(row, report, context, keep)
            # Before the commit: what follows from it reads these tables at once.
            if report.accepted >= MANY:
                bulk.take_stock()
    except TableError as error:
        report.fatal = error
    except Nothing:
        pass
    else:
        report.import_id = row.pk
    return report


def _both(rejects: Refuse | None, watch: Watch | None) -> Watch | None:
    """One watcher that serves both."""
    if rejects is None:
        return watch

    def see(result: TableResult, row: Row, fate: Fate) -> None:
        if fate.status == REJECTED:
            rejects(result, row)
        if watch:
            watch(result, row, fate)

    return see


def _keep(row: Import, report: Report, context: Context, keep: Keep | None) -> None:
    """The import's own state, its problems, and one event that binds the content it brought."""
    row.state, row.applied_at, row.digest = Import.State.APPLIED, time.now(), report.digest
    row.take_counts(report.counts, report.rejected)
    row.period = row.period or _period_of(report)
    row.report = {**row.report, **report.to_dict("zh", KEPT_IN_DATABASE), "import_id": row.pk}
    row.report["reconciliation"] = report.reconciliation
    if keep:
        keep(row, report)
    row.report = storable(row.report)
    row.save()
    problems.keep(row, report)
    data = {
        "dataset": row.dataset, "file": row.file_name, "sha256": row.sha256, "rows": report.digest, "source": row.source,
        "use": row.use, **row.counts,
    }  # fmt: skip
    events.record(context.actor, f"import:{row.pk}", "applied", data)
    signals.emit(signals.import_applied, dataset=row.dataset, import_id=row.pk)


def _period_of(report: Report) -> str:
    """The period all sheets with rows are headed by, where they agree: a source's page tells which periods came."""
    found = {sheet.period or "" for sheet in report.sheets if sheet.rows}
    return found.pop() if len(found) == 1 else ""


def undo(row: Import, actor: Actor) -> int:
    """Take a delivery back; returns the ledger rows removed. The import and the events of it stay."""
    with turn(), transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=row.pk)
        if locked.state != Import.State.APPLIED:
            raise ValueError(f"import {row.pk} is {locked.state}, only an applied one can be undone")
        context = Context(actor, row.source, row.use, row.period, row.as_of or time.today(), delivery=locked)
        removed = datasets.get(row.dataset).undo(locked, context)
        locked.state, locked.undone_at = Import.State.UNDONE, time.now()
        locked.save(update_fields=["state", "undone_at"])
        refused.reopen(locked)
        events.record(actor, f"import:{row.pk}", "undone", {"removed": removed})
        signals.emit(signals.import_undone, dataset=row.dataset, import_id=row.pk)
        row.refresh_from_db()
    return removed


def steps_taken() -> int:
    """How many deliveries were applied, plus how many of them were taken back: grows with each, whatever the clock says."""
    undone = Import.objects.filter(state=Import.State.UNDONE).count()
    return Import.objects.filter(state=Import.State.APPLIED).count() + 2 * undone
