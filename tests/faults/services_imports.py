"""Cases of the services of deliveries."""

from __future__ import annotations

from typing import Any

from faults.registry import tries
from faults.services_casework import Call
from lianzhang.kernel.imports import services, store
from lianzhang.kernel.imports.tests.bench import roster
from lianzhang.kernel.jobs import worker
from lianzhang.kernel.models import Import

SAID = {"dataset": "enterprises", "source": "district", "period": "2022", "use": ""}


def received(stage: Any) -> tuple[Any, Import]:
    """A roster, handed in and read."""
    officer = stage.actor("data_officer", org="gxj-data")
    sha256, size = store.keep([roster()])
    row = services.receive(actor=officer, name="名录.csv", sha256=sha256, size=size, **SAID)
    worker.run(once=True)
    row.refresh_from_db()
    assert row.state == Import.State.READ, row.error
    return officer, row


@tries("kernel.imports.services.receive")
def receive(stage: Any) -> Call:
    officer = stage.actor("data_officer", org="gxj-data")
    sha256, size = store.keep([roster()])
    return lambda: services.receive(actor=officer, name="名录.csv", sha256=sha256, size=size, **SAID)


@tries("kernel.imports.services.describe")
def describe(stage: Any) -> Call:
    officer, row = received(stage)
    mapping = {"*": {"columns": {"营业收入(万元)": {"field": "revenue"}}}}
    return lambda: services.describe(
        actor=officer, row=Import.objects.get(pk=row.pk), mapping=mapping, keep=True, **SAID
    )


@tries("kernel.imports.services.recheck", "kernel.imports.services.start_apply", event=False)
def start(stage: Any) -> Call:
    """Starting leaves no event: the work itself does when it is done."""
    officer, row = received(stage)
    chosen = getattr(services, stage.service.rpartition(".")[2])
    return lambda: chosen(actor=officer, row=Import.objects.get(pk=row.pk))


@tries("kernel.imports.services.start_undo", event=False)
def start_undo(stage: Any) -> Call:
    officer, row = received(stage)
    services.start_apply(actor=officer, row=row)
    worker.run(once=True)
    return lambda: services.start_undo(actor=officer, row=Import.objects.get(pk=row.pk))
