"""Take a file of the drop folder in: store it by content, read it, apply it where nothing is open, put it away."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from lianzhang.kernel import events
from lianzhang.kernel.imports import jobs, recognise, store
from lianzhang.kernel.imports import mapping as maps
from lianzhang.kernel.imports.options import options, row_of
from lianzhang.kernel.imports.pickup import places
from lianzhang.kernel.imports.pickup.places import Found
from lianzhang.kernel.jobs.runner import Handle, Refused
from lianzhang.kernel.models import Import, PickedFile
from lianzhang.kernel.scope import SYSTEM

State = PickedFile.State


class Changed(Exception):
    """The file changed while it was being taken; it is left until it rests."""


def take(root: Path, found: Found, picked: PickedFile, handle: Handle) -> None:
    """Take one resting file in. What was begun before the process died is taken up where it stood."""
    with places.opened(root, found.source, found.dataset) as folder:
        if picked.delivery is None:
            sha256, size = _store(folder, found)
            _settle_delivery(picked, found, sha256, size)
        _work(picked, handle)
        _put_away(folder, found, picked)


def _store(folder: int, found: Found) -> tuple[str, int]:
    with places.reading(folder, found.name) as file:
        draft = store.Draft()
        try:
            while chunk := os.read(file, 1 << 20):
                draft.write(chunk)
            after = os.fstat(file)
        except BaseException:
            draft.abort()
            raise
        if (after.st_size, after.st_mtime_ns) != (found.size, found.changed_ns) or draft.size != found.size:
            draft.abort()
            raise Changed
        return draft.finish()


def _settle_delivery(picked: PickedFile, found: Found, sha256: str, size: int) -> None:
    """A delivery of its own, or the one that brought the same bytes before."""
    with transaction.atomic():
        same = Import.objects.filter(sha256=sha256, source=found.source, dataset=found.dataset)
        before = same.exclude(state__in=[Import.State.UNDONE, Import.State.FAILED]).order_by("pk").first()
        if before is not None:
            picked.delivery, picked.state = before, State.TWICE
        else:
            row = row_of(options(found.source, None, None), found.dataset, found.name, sha256, size, SYSTEM)
            row.mapping = maps.remembered(row.source, row.dataset, SYSTEM)
            row.save()
            data = {"file": row.file_name, "sha256": sha256, "size": size, "picked": found.path}
            events.record(SYSTEM, f"import:{row.pk}", "uploaded", data)
            picked.delivery, picked.state = row, State.TAKEN
        picked.save(update_fields=["delivery", "state"])


def _work(picked: PickedFile, handle: Handle) -> None:
    """Read the delivery; apply it where it is known and nearly nothing is refused; a person decides about all else."""
    row = picked.delivery
    if picked.state == State.TWICE or row is None:
        return
    if row.state == Import.State.UPLOADED:
        jobs.read(handle, row.pk)
        row.refresh_from_db()
    if row.state == Import.State.READ:
        picked.reason = waits_because(row)
        if not picked.reason:
            try:
                jobs.apply(handle, row.pk)
            except Refused:
                picked.reason = "not_applied"
            row.refresh_from_db()
    ends = {Import.State.APPLIED: State.APPLIED, Import.State.FAILED: State.REFUSED}
    picked.state = ends.get(Import.State(row.state), State.WAITING)
    if picked.state == State.REFUSED:
        picked.reason = row.error[:60]


def waits_because(row: Import) -> str:
    """Why a delivery that was read is not applied by itself; empty: nothing is open."""
    entry = apps.get_model("city", "Source").objects.filter(code=row.source).first()
    agreed: dict[str, Any] = next(
        (d for d in (entry.deliveries if entry else []) if d["dataset"] == row.dataset), {}
    )
    share, rows = agreed.get("refused_share"), row.accepted + row.rejected
    if share is None:
        return "not_agreed"
    if row.accepted == 0:
        return "nothing_taken"
    if not recognise.known(row.report):
        return "columns_unknown"
    if recognise.unit_differences(row.report):
        return "units_differ"
    return "many_refused" if row.rejected > share * rows else ""


def _put_away(folder: int, found: Found, picked: PickedFile) -> None:
    """Out of the way, with the report beside it; where that is not allowed the file stays and this is told."""
    where = places.REFUSED if picked.state == State.REFUSED else places.DONE
    status = os.stat(found.name, dir_fd=folder, follow_symlinks=False)
    if (status.st_size, status.st_mtime_ns) == (found.size, found.changed_ns):
        try:
            places.put_away(folder, found.name, where, report_of(picked))
        except OSError:
            picked.reason = "not_moved"
    picked.settled_at = timezone.now()
    picked.save(update_fields=["state", "reason", "settled_at"])


def report_of(picked: PickedFile) -> bytes:
    """The report beside a file: what became of it, and the answer of the import."""
    row = picked.delivery
    answer: dict[str, Any] = {"file": picked.path, "state": picked.state, "reason": picked.reason or None}
    if row is not None:
        kept = {k: row.report.get(k) for k in ("sheets", "problems") if k in row.report}
        answer |= {"import_id": row.pk, "dataset": row.dataset, "source": row.source, **row.counts, **kept}
    return json.dumps(answer, ensure_ascii=False, indent=1, default=str).encode()
