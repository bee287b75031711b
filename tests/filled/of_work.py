"""Forms of deliveries, jobs, chains and situations."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from faults.services_chains import _alone, _counted
from faults.services_imports import SAID, received
from filled import Desk, Sent, fills
from lianzhang.casework import services as casework
from lianzhang.casework.models import Matter
from lianzhang.domains.chains import corrections
from lianzhang.domains.chains.models import Segment
from lianzhang.kernel.imports import services as imports
from lianzhang.kernel.imports.tests.bench import roster
from lianzhang.kernel.jobs import worker
from lianzhang.kernel.models import Job

OFFICER, OFFICE = "data_officer", "chain_office"
NEW_RUN = "a question asked again is computed again, of the figures of that day"


@fills("imports:new", OFFICER, "the same bytes again are a delivery of their own, which its page says")
def new(d: Desk) -> Sent:
    def files() -> dict[str, SimpleUploadedFile]:
        return {"file": SimpleUploadedFile(f"{d.word}.csv".replace("/", "／"), roster())}

    return Sent({}, SAID, files)


@fills("imports:check", OFFICER)
def check(d: Desk) -> Sent:
    return Sent({"pk": received(d)[1].pk})


@fills("imports:apply", OFFICER)
def apply(d: Desk) -> Sent:
    return Sent({"pk": received(d)[1].pk})


@fills("imports:undo", OFFICER)
def undo(d: Desk) -> Sent:
    officer, row = received(d)
    imports.start_apply(actor=officer, row=row)
    worker.run(once=True)
    return Sent({"pk": row.pk})


@fills("imports:columns", OFFICER)
def columns(d: Desk) -> Sent:
    return Sent(
        {"pk": received(d)[1].pk}, {**SAID, "s0-F-field": "revenue", "s0-F-unit": "万元", "remember": "on"}
    )


@fills("imports:columns", OFFICER, name="imports:columns unit")
def columns_unit(d: Desk) -> Sent:
    """A unit that nobody knows is kept as it was typed, and the reading says so."""
    return Sent(
        {"pk": received(d)[1].pk}, {**SAID, "s0-E-field": "revenue", "s0-E-unit": d.word, "remember": "on"}
    )


@fills("kernel:job_cancel", "system_admin")
def job_cancel(d: Desk) -> Sent:
    return Sent({"pk": Job.objects.create(function="registry.doubles", title="x").pk})


@fills("kernel:job_retry", "system_admin")
def job_retry(d: Desk) -> Sent:
    return Sent(
        {"pk": Job.objects.create(function="registry.doubles", title="x", state="failed", error="E").pk}
    )


@fills("chains:placement", OFFICER)
def placement(d: Desk) -> Sent:
    segment = Segment.objects.order_by("pk").last()
    assert segment is not None
    return Sent({"pk": d.a.enterprise.pk}, {"segment": segment.pk, "decision": "confirm", "reason": d.word})


@fills("chains:placement_undo", OFFICER)
def placement_undo(d: Desk) -> Sent:
    officer, first = d.actor(OFFICER, org="gxj-data"), Segment.objects.order_by("pk")[0]
    change = corrections.confirm(actor=officer, enterprise=d.a.enterprise, segment=first, reason="走访")
    return Sent({"pk": d.a.enterprise.pk, "change": change})


@fills("chains:risk_compute", OFFICE, NEW_RUN)
def risk(d: Desk) -> Sent:
    _counted(d)
    return Sent()


@fills("chains:scenario_create", OFFICE, NEW_RUN)
def scenario(d: Desk) -> Sent:
    _counted(d)
    return Sent({}, {"stop": [d.a.enterprise.ref], "loss": "100", "title": d.word})


@fills("chains:scenario_again", OFFICE, NEW_RUN)
def scenario_again(d: Desk) -> Sent:
    _counted(d)
    return Sent({"pk": d.a.run.scenario_id})


@fills("chains:situation_open", "director")
def situation_open(d: Desk) -> Sent:
    data = {
        "scenario": d.a.run.scenario_id, "key": "b" * 32, "title": d.word, "chain": "smart_equipment", "cause": "logistics",
        "level": "general", "days": 10, "plan": d.word, "firm": [d.a.enterprise.pk],
    }  # fmt: skip
    return Sent({}, data)


@fills("chains:situation_add", OFFICE)
def situation_add(d: Desk) -> Sent:
    return Sent({"pk": d.a.situation.pk}, {"uscc": d.b.enterprise.uscc})


def responding(d: Desk) -> Matter:
    from faults.services_chains import _responding

    return _responding(d)


@fills("chains:situation_file", OFFICE)
def situation_file(d: Desk) -> Sent:
    return Sent({"pk": d.a.situation.pk}, {"version": responding(d).version, "text": d.word})


@fills("chains:situation_wind_down", OFFICE)
def wind_down(d: Desk) -> Sent:
    mother, _office = _alone(d)
    return Sent({"pk": d.a.situation.pk}, {"version": mother.version, "text": d.word})


@fills("chains:situation_judge", "enterprise")
def judge(d: Desk) -> Sent:
    from faults.services_chains import REPLY, moved

    district = d.actor("district_officer", username="doer", org="gxj-449801", area="449801")
    office, child = d.actor(OFFICE, username="giver", org="gxj-chain"), d.a.situation.firms.get().matter
    moved(office, child, "assign", lead="gxj-449801")
    for co in child.co_handlers.all():
        desk = d.actor("desk_officer", username=f"co{co.pk}", org=co.organisation.code)
        version = Matter.objects.get(pk=child.pk).version
        casework.give_opinion(actor=desk, matter_id=child.pk, version=version, opinion="同意")
    moved(district, child, "accept_task")
    replied = moved(district, child, "resolve", **REPLY)
    data = {"version": replied.version, "satisfaction": "satisfied", "recovered": "200", "evidence": d.word}
    return Sent({"pk": child.pk}, data)
