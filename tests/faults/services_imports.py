"""Cases of the services of deliveries."""

from __future__ import annotations

from typing import Any

from faults.registry import tries
from faults.services_casework import Call
from lianzhang.kernel.imports import services, store
from lianzhang.kernel.imports.tests.bench import CODES, roster
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


@tries("kernel.imports.services.follow")
def follow(stage: Any) -> Call:
    """A file that is only like an earlier one, of which a column stays open until a person says: read it so."""
    officer = stage.actor("data_officer", org="gxj-data")
    head, line = (
        "统一社会信用代码,企业名称,去年进账,职工,内部编号\n",
        f"{CODES[0]},云溪一号有限公司,1200,500,9",
    )
    like = "企业名称,统一社会信用代码,去年进账,职工,备注\n"
    said = {**SAID, "source": "tax"}

    def handed_in(content: bytes, name: str) -> Import:
        sha256, size = store.keep([content])
        row = services.receive(actor=officer, name=name, sha256=sha256, size=size, **said)
        worker.run(once=True)
        return Import.objects.get(pk=row.pk)

    first = handed_in(roster(line, head=head), "旧.csv")
    mapping = {
        "*": {"columns": {"去年进账": {"field": "revenue", "unit": "万元"}, "职工": {"field": "employees"}}}
    }
    services.describe(actor=officer, row=first, mapping=mapping, keep=False, **said)
    worker.run(once=True)
    services.start_apply(actor=officer, row=Import.objects.get(pk=first.pk))
    worker.run(once=True)
    row = handed_in(roster(f"云溪一号有限公司,{CODES[0]},77,50,无", head=like), "像.csv")
    assert [o for o in row.report["offers"] if o["decided"]], row.report
    return lambda: services.follow(actor=officer, row=Import.objects.get(pk=row.pk))
