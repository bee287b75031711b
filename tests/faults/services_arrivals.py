"""Cases of the work on deliveries, of the pick-up folder and of the catalogue."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from faults.registry import tries
from faults.services_casework import Call
from faults.services_imports import received
from lianzhang.city import services as city
from lianzhang.city.models import Area
from lianzhang.engines.tables import parse_map
from lianzhang.kernel import catalogue
from lianzhang.kernel.imports import deliver, jobs
from lianzhang.kernel.imports import services as imports
from lianzhang.kernel.imports.options import context_of, options_of
from lianzhang.kernel.imports.pickup import look
from lianzhang.kernel.imports.tests.bench import roster
from lianzhang.kernel.jobs import worker
from lianzhang.kernel.jobs.runner import Handle
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import SYSTEM
from lianzhang.site.operations import unapplied

NOBODY = Handle(None)


def _quiet(_share: float, _text: str = "") -> None:
    """Tells nobody."""


@tries("kernel.imports.jobs.read", event=False)
def read(stage: Any) -> Call:
    """That it came was recorded; what it would do is no event."""
    _officer, row = received(stage)
    Import.objects.filter(pk=row.pk).update(state=Import.State.UPLOADED, report={}, accepted=0)
    return lambda: jobs.read(NOBODY, row.pk)


@tries("kernel.imports.jobs.apply", "kernel.imports.deliver.apply")
def apply(stage: Any) -> Call:
    """Rows of the ledger, what is derived from them, the event and the delivery's own state."""
    _officer, row = received(stage)
    if ".jobs." in stage.service:
        return lambda: jobs.apply(NOBODY, row.pk)

    def once() -> None:
        found = Import.objects.get(pk=row.pk)
        chosen = options_of(found)
        deliver.apply(found, context_of(chosen, SYSTEM), parse_map(found.mapping), chosen.units, _quiet)

    return once


@tries("kernel.imports.jobs.undo", "kernel.imports.deliver.undo")
def undo(stage: Any) -> Call:
    officer, row = received(stage)
    imports.start_apply(actor=officer, row=row)
    worker.run(once=True)
    if ".jobs." in stage.service:
        return lambda: jobs.undo(NOBODY, row.pk)
    return lambda: deliver.undo(Import.objects.get(pk=row.pk), SYSTEM)


@tries("kernel.imports.pickup.look.pick_up", steps=True)
def pick_up(stage: Any) -> Call:
    """Taken, read, applied, put away, each by itself. The same file lies there, wherever an earlier trial left it."""
    root = Path(settings.HOME) / "drop"
    folder = root / "district" / "enterprises"

    def once() -> None:
        shutil.rmtree(root, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "名录.csv").write_bytes(roster())
        os.utime(folder / "名录.csv", (LONG_AGO, LONG_AGO))
        look.pick_up(NOBODY)

    return override_settings(PICKUP_FOLDER=root)(once)


@tries("site.operations.unapplied.remove", steps=True)
def unapplied_goes(stage: Any) -> Call:
    """Delivery by delivery; the file when all are gone."""
    received(stage)
    return lambda: unapplied.remove(timezone.now() + timedelta(minutes=1), really=True)


LONG_AGO = time.time() - 3600


@tries("city.services.load_parsed")
def load_parsed(stage: Any) -> Call:
    """A catalogue that names an area otherwise than before."""
    Area.objects.filter(code="449801").update(zh="旧名")
    parsed, _mistakes = catalogue.read(catalogue.folder_of("example"))
    return lambda: city.load_parsed(replace(parsed, digest="another"), SYSTEM)
