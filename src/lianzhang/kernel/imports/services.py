"""What people do with deliveries: hand in, decide about columns, start the check, apply, undo."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lianzhang.kernel import events
from lianzhang.kernel.imports import mapping as maps
from lianzhang.kernel.imports import recognise
from lianzhang.kernel.imports.deliver import steps_taken
from lianzhang.kernel.imports.options import options, row_of
from lianzhang.kernel.jobs import runner
from lianzhang.kernel.models import Import, Job
from lianzhang.kernel.scope import Actor

OPEN = (Import.State.UPLOADED, Import.State.READ, Import.State.FAILED)


class NotNow(Exception):
    """The step is not possible in the state the delivery is in."""


def receive(
    *, actor: Actor, name: str, sha256: str, size: int, dataset: str, source: str, period: str, use: str
) -> Import:
    """Take a stored file in as a delivery and start reading it; without `dataset` the reading guesses."""
    with transaction.atomic():
        row = row_of(options(source or None, use or None, period), dataset, name, sha256, size, actor)
        if dataset:
            row.mapping = maps.remembered(row.source, dataset, actor)
        row.save()
        events.record(
            actor, f"import:{row.pk}", "uploaded", {"file": row.file_name, "sha256": sha256, "size": size}
        )
        start_check(row, actor)
    return row


def describe(
    *,
    actor: Actor,
    row: Import,
    dataset: str,
    source: str,
    period: str,
    use: str,
    mapping: dict[str, Any],
    keep: bool,
) -> None:
    """Settle what the delivery is and which column is which; it is read again. `keep`: remember for the next one."""
    with transaction.atomic():
        locked = _locked(row, OPEN)
        chosen = options(source or None, use or None, period)
        moved = (locked.dataset, locked.source) != (dataset, chosen.source)
        if moved:  # decisions name fields of the data set they were made for
            mapping = maps.remembered(chosen.source, dataset, actor)
        locked.dataset, locked.source, locked.period = dataset, chosen.source, chosen.period
        locked.use, locked.use_confirmed, locked.mapping = chosen.use, chosen.use_confirmed, mapping
        locked.state, locked.error = Import.State.UPLOADED, ""
        locked.report.pop("follows", None)
        locked.save()
        if keep and mapping:
            maps.remember(locked, actor)
        said = {
            "dataset": dataset,
            "source": locked.source,
            "period": period,
            "use": locked.use,
            "mapping": mapping,
        }
        events.record(actor, f"import:{row.pk}", "described", said)
        start_check(locked, actor)


def follow(*, actor: Actor, row: Import) -> None:
    """Read the file as the earlier delivery that it resembles was read; units the file states itself stay."""
    with transaction.atomic():
        locked = _locked(row, OPEN)
        taken = recognise.taken_over(recognise.open_offers(locked.report), recognise.ACCEPTED)
        if not taken:
            raise NotNow
        locked.mapping = recognise.merged(locked.mapping, taken)
        locked.report["follows"] = recognise.ACCEPTED
        locked.state, locked.error = Import.State.UPLOADED, ""
        locked.save(update_fields=["mapping", "report", "state", "error"])
        of = [o["delivery"] for o in locked.report["offers"] if o["decided"]]
        events.record(actor, f"import:{row.pk}", "followed", {"deliveries": of, "mapping": locked.mapping})
        start_check(locked, actor)


def start_check(row: Import, actor: Actor) -> Job:
    """Read the file in the worker: what would change, which rows would be refused."""
    return _start(row, actor, "imports.read", _("Check %(file)s") % {"file": row.file_name})


def recheck(*, actor: Actor, row: Import) -> Job:
    """Read a file again that was not applied: after a stopped or broken reading, or because the registers changed."""
    with transaction.atomic():
        locked = _locked(row, OPEN)
        locked.state, locked.error = Import.State.UPLOADED, ""
        locked.save(update_fields=["state", "error"])
        return start_check(locked, actor)


def start_apply(*, actor: Actor, row: Import) -> Job:
    """Apply in the worker; nothing is stored before it is done."""
    with transaction.atomic():
        locked = _locked(row, (Import.State.READ,))
        if locked.accepted == 0:
            raise NotNow
        return _start(locked, actor, "imports.apply", _("Import %(file)s") % {"file": row.file_name})


def start_undo(*, actor: Actor, row: Import) -> Job:
    """Take an applied delivery back in the worker."""
    with transaction.atomic():
        locked = _locked(row, (Import.State.APPLIED,))
        return _start(locked, actor, "imports.undo", _("Undo %(file)s") % {"file": row.file_name})


def _locked(row: Import, states: tuple[str, ...]) -> Import:
    # Only the delivery is locked: PostgreSQL refuses to lock a job that may be absent.
    locked = Import.objects.select_for_update(of=("self",)).select_related("job").get(pk=row.pk)
    if locked.state not in states or (locked.job is not None and locked.job.is_open):
        raise NotNow
    return locked


def _start(row: Import, actor: Actor, job: str, title: str) -> Job:
    url = reverse("imports:delivery", args=[row.pk])
    row.job = runner.start(
        job, title, actor.user, url, delivery=row.pk, by=actor.user_id, post=actor.membership_id
    )
    row.save(update_fields=["job"])
    return row.job


def same_bytes(row: Import, actor: Actor) -> QuerySet[Import]:
    """Deliveries of the same content for the same data set that are applied and not taken back."""
    twins = Import.objects.visible_to(actor).filter(
        sha256=row.sha256, dataset=row.dataset, state=Import.State.APPLIED
    )
    return twins.exclude(pk=row.pk)


def applied_since_check(row: Import) -> int:
    """How many deliveries were applied or taken back since this one was checked; 0 where it waits for no decision."""
    then = row.report.get("steps_before")
    return steps_taken() - then if row.state == Import.State.READ and then is not None else 0
