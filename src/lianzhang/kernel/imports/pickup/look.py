"""Look into the drop folder: what rests is taken in, what still grows waits, what is strange is told."""

from __future__ import annotations

import time as wall
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports.pickup import places
from lianzhang.kernel.imports.pickup.places import Found
from lianzhang.kernel.imports.pickup.take import Changed, take
from lianzhang.kernel.jobs import runner
from lianzhang.kernel.jobs.runner import Handle, job
from lianzhang.kernel.locks import only_one
from lianzhang.kernel.models import Job, PickedFile

QUIET = 20.0
"""Seconds a file must not have changed before it is taken."""
State = PickedFile.State


def root() -> Path:
    """The drop folder; nothing is picked up where it does not exist."""
    return Path(settings.PICKUP_FOLDER)


def watch() -> str | None:
    """Regular work: where something lies in the folder, a job takes it in, so that other work need not wait."""
    if (
        not root().is_dir()
        or Job.objects.filter(function="imports.pickup", state__in=["waiting", "running"]).exists()
    ):
        return None
    known = set(
        PickedFile.objects.exclude(state__in=[State.GROWING, State.TAKEN]).values_list(
            "path", "size", "changed_ns"
        )
    )
    open_ = [f for f in places.entries(root()) if (f.path, f.size, f.changed_ns) not in known]
    if open_:
        runner.start("imports.pickup", _("Take in files from the pick-up folder"), None, "/imports/pickup/")
    return str(len(open_))


@job("imports.pickup")
def pick_up(handle: Handle) -> dict[str, Any]:
    """Take in all that rests."""
    return {"files": take_all(handle)}


def take_all(handle: Handle) -> list[dict[str, Any]]:
    """Take in all that rests, and tell what became of each file. One process looks at a time."""
    with only_one("imports.pickup") as held:
        rows = [_one(found, handle) for found in places.entries(root())] if held and root().is_dir() else []
    return [told(row) for row in rows if row is not None]


def told(row: PickedFile) -> dict[str, Any]:
    """What became of a file, as the command and the job tell it."""
    return {"file": row.path, "state": row.state, "reason": row.reason or None, "import_id": row.delivery_id}


def _one(found: Found, handle: Handle) -> PickedFile | None:
    """Settle one entry; None where it was settled before and only lies there still."""
    row = _seen(found)
    if row.state not in (State.GROWING, State.TAKEN):
        return None
    if (why := _strange(found)) is not None:
        row.state, row.reason, row.settled_at = State.IGNORED, why, timezone.now()
        row.save(update_fields=["state", "reason", "settled_at"])
        return row
    if not _rests(found, row):
        return row
    try:
        take(root(), found, row, handle)
    except Changed:
        PickedFile.objects.filter(pk=row.pk).update(seen_at=timezone.now())
    except FileNotFoundError:
        row.delete()  # taken away again by who had put it there
        return None
    except OSError:
        row.reason = "not_readable"
        row.save(update_fields=["reason"])
    return row


def _seen(found: Found) -> PickedFile:
    """The row of this very content at this place; another size or time of change is another content."""
    same = PickedFile.objects.filter(path=found.path[:600], size=found.size, changed_ns=found.changed_ns)
    row = same.select_related("delivery").order_by("-pk").first()
    if row is not None:
        return row
    PickedFile.objects.filter(path=found.path[:600], state=State.GROWING).delete()
    return PickedFile.objects.create(
        path=found.path[:600], source=found.source[:255], dataset=found.dataset[:255], size=found.size, changed_ns=found.changed_ns,
    )  # fmt: skip


def _strange(found: Found) -> str | None:
    """Why an entry is left where it is."""
    if found.kind != "file":
        return {"link": "link", "closed": "closed"}.get(found.kind, "no_file")
    if not apps.get_model("city", "Source").objects.filter(code=found.source).exists():
        return "unknown_source"
    return None if found.dataset in datasets.codes() else "unknown_dataset"


def _rests(found: Found, row: PickedFile) -> bool:
    """Whether the file has not changed for a while, by its own time or, where that lies ahead, by ours."""
    old = wall.time() - found.changed_ns / 1e9 >= QUIET
    return found.size > 0 and (old or timezone.now() - row.seen_at >= timedelta(seconds=QUIET))
