"""The work on deliveries that takes long: read and check, apply, take back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, transaction

from lianzhang.engines.tables import Row, TableError, TableResult, parse_map
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports import deliver, fatal, learn, preview, problems, recognise, store
from lianzhang.kernel.imports import mapping as maps
from lianzhang.kernel.imports.beside import Beside
from lianzhang.kernel.imports.fate import Fate, Watch
from lianzhang.kernel.imports.guess import guess
from lianzhang.kernel.imports.options import context_of, options_of
from lianzhang.kernel.imports.parts import is_zip
from lianzhang.kernel.imports.rejects import RejectsFile
from lianzhang.kernel.imports.report import KEPT_IN_DATABASE, Report
from lianzhang.kernel.imports.storable import storable
from lianzhang.kernel.jobs.runner import Handle, Refused, job
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import SYSTEM, Actor, actor_in_post

ROUNDS = 3
"""Readings of one check at most: a column taken over from an earlier file may show only then that its unit is missing."""


@job("imports.read")
def read(handle: Handle, delivery: int, by: int | None = None, post: int | None = None) -> dict[str, Any]:
    """Read the file and say what it would do; keeps columns, first rows, problems and the refused rows."""
    row = Import.objects.get(pk=delivery)
    if row.state in (Import.State.APPLIED, Import.State.UNDONE):
        return {}
    with _room():
        try:
            report, first = _check(row, _actor(by, post), handle)
        except TableError as error:
            report, first = Report(row.dataset, row.file_name, fatal=error), preview.Preview()
        with transaction.atomic():
            _keep_check(row, report, first)
    return {"state": row.state}


def _check(row: Import, actor: Actor, handle: Handle) -> tuple[Report, preview.Preview]:
    path = store.path_of(row.sha256)
    if not row.dataset:
        row.dataset = guess(path, row.file_name) or ""
        if not row.dataset:
            raise TableError(
                "unknown_dataset", "It could not be told what the file is about.", "Choose the data set."
            )
        row.mapping = maps.remembered(row.source, row.dataset, actor)
    follows = row.report.get("follows", "" if row.mapping else recognise.SURE)
    for _round in range(ROUNDS):
        report, first = _dry_run(row, actor, handle)
        row.report = {**preview.shown(report, first), "follows": follows}
        row.report["offers"] = learn.offers(row, actor) if report.fatal is None else []
        taken = recognise.taken_over(row.report["offers"], follows)
        if not taken:
            break
        row.mapping = recognise.merged(row.mapping, taken)
    return report, first


def _dry_run(row: Import, actor: Actor, handle: Handle) -> tuple[Report, preview.Preview]:
    """One reading: counts, columns, first rows; the plan and the refused rows are kept beside the delivery."""
    chosen, dataset, first = options_of(row), datasets.get(row.dataset), preview.Preview()
    with _watched(row, first.see) as (watch, refused, beside):
        report = deliver.dry_run(store.path_of(row.sha256), row.file_name, dataset, context_of(chosen, actor), parse_map(row.mapping),
                                 chosen.units, handle.step, watch=watch)  # fmt: skip
        row.rejects_file = refused.save_for(row.pk, report.failed)
        beside.link(row, actor)
    return report, first


def _keep_check(row: Import, report: Report, first: preview.Preview) -> None:
    row.state = Import.State.READ if report.fatal is None else Import.State.FAILED
    row.error = "" if report.fatal is None else report.fatal.code
    row.take_counts(report.counts, report.rejected)
    foreseen = {
        "foreseen": {**report.counts, "rejected": report.rejected},
        "steps_before": deliver.steps_taken(),
    }
    learnt = {k: row.report[k] for k in ("offers", "follows") if k in row.report}
    row.report = storable(
        {**report.to_dict("zh", KEPT_IN_DATABASE), **preview.shown(report, first), **learnt, **foreseen}
    )
    row.save(
        update_fields=[
            "state",
            "error",
            "report",
            "rejects_file",
            "dataset",
            "mapping",
            "accepted",
            "created",
            "updated",
            "unchanged",
            "rejected",
        ]
    )
    problems.keep(row, report)


@job("imports.apply")
def apply(handle: Handle, delivery: int, by: int | None = None, post: int | None = None) -> dict[str, Any]:
    """Apply a checked delivery in one transaction. Taken up again after a crash it finds either nothing or all done."""
    row = Import.objects.get(pk=delivery)
    if row.state == Import.State.APPLIED:
        return row.counts
    if row.state != Import.State.READ:
        raise Refused(row.get_state_display())
    chosen, actor = options_of(row), _actor(by, post)

    def keep(kept: Import, report: Report) -> None:
        kept.rejects_file = refused.save_for(kept.pk, report.failed)
        kept.report["problem_counts"] = dict(report.problem_counts)
        learn.learn(kept, actor)
        beside.keep(kept, actor)

    with _room(), _watched(row) as (watch, refused, beside):
        report = deliver.apply(row, context_of(chosen, actor), parse_map(row.mapping), chosen.units, handle.step,
                               watch=watch, keep=keep)  # fmt: skip
    if report.fatal is not None:
        raise Refused(fatal.words(report.fatal.code, str(report.fatal)))
    return row.counts


@job("imports.undo")
def undo(handle: Handle, delivery: int, by: int | None = None, post: int | None = None) -> dict[str, Any]:
    """Take an applied delivery back."""
    row = Import.objects.get(pk=delivery)
    handle.step(0.1)
    if row.state == Import.State.APPLIED:
        with _room():
            try:
                deliver.undo(row, _actor(by, post))
            except ValueError as error:
                raise Refused(str(error)) from error
    return {}


def _actor(by: int | None, post: int | None) -> Actor:
    """Who started the work, in the post he did it in: what he may not see he may not overwrite or compare with either."""
    return SYSTEM if by is None else actor_in_post(by, post)


@contextmanager
def _watched(row: Import, also: Watch | None = None) -> Iterator[tuple[Watch, RejectsFile, Beside]]:
    """A watcher that keeps the refused rows and which row became what; what it kept stands when all went well."""
    log, refused = (
        Beside(datasets.get(row.dataset).key),
        RejectsFile(problems.language(), is_zip(store.path_of(row.sha256))),
    )

    def see(result: TableResult, line: Row, fate: Fate) -> None:
        log.see(result, line, fate)
        if fate.status == datasets.REJECTED:
            refused.add(result, line)
        if also:
            also(result, line, fate)

    try:
        yield see, refused, log
    except BaseException:
        log.abandon()
        raise
    else:
        log.close(row.pk)
    finally:
        refused.close()


@contextmanager
def _room() -> Iterator[None]:
    """A full disk is told to the person; trying again at once would not help."""
    try:
        yield
    except (OSError, OperationalError) as error:
        if not fatal.disk_full(error):
            raise
        raise Refused(fatal.words("disk_full")) from error
