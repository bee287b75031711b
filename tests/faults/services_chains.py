"""Cases of the services of chains and situations."""

from __future__ import annotations

from typing import Any

from faults.registry import tries
from faults.services_casework import AREA, Call, moved
from lianzhang.casework import services as casework
from lianzhang.casework.models import Matter
from lianzhang.domains.chains import corrections, services
from lianzhang.domains.chains.models import Chain, Segment, SupplyLink
from lianzhang.domains.chains.situations import services as situations
from lianzhang.domains.chains.situations.services.opening import About

REPLY = {"reply": "已协调", "output_recovered": "100", "evidence": "送货单"}


@tries("domains.chains.services.start_risk")
def start_risk(stage: Any) -> Call:
    office = _counted(stage)
    return lambda: services.start_risk(actor=office)


@tries("domains.chains.services.open_scenario")
def open_scenario(stage: Any) -> Call:
    office, stops = _counted(stage), [{"ref": stage.a.enterprise.ref}]
    return lambda: services.open_scenario(actor=office, title="停一周", stops=stops, loss=1.0)


@tries("domains.chains.services.run_scenario")
def run_scenario(stage: Any) -> Call:
    office = _counted(stage)
    return lambda: services.run_scenario(actor=office, scenario=stage.a.run.scenario)


def _counted(stage: Any) -> Any:
    SupplyLink.objects.update(counted=True, current=True)
    return stage.actor("chain_office", org="gxj-chain")


@tries(
    "domains.chains.corrections.confirm", "domains.chains.corrections.remove", "domains.chains.corrections.move",
    "domains.chains.corrections.undo",
)  # fmt: skip
def correct(stage: Any) -> Call:
    """The four of them one after the other, in one transaction, as a page would call them."""
    officer, firm = stage.actor("data_officer", org="gxj-data"), stage.a.enterprise
    first, second = Segment.objects.order_by("pk")[:2]
    given = {"actor": officer, "enterprise": firm, "reason": "走访所见"}
    by_name = {
        "confirm": lambda: corrections.confirm(segment=first, **given),
        "remove": lambda: corrections.remove(segment=first, **given),
        "move": lambda: corrections.move(segment=first, to=second, **given),
    }
    if (which := stage.service.rpartition(".")[2]) == "undo":
        change = corrections.confirm(segment=first, **given)
        return lambda: corrections.undo(actor=officer, enterprise=firm, change=change)
    return by_name[which]


@tries("domains.chains.situations.services.opening.open_situation")
def open_situation(stage: Any) -> Call:
    director = stage.actor("director", org="gxj")
    about = About("停产", Chain.objects.get(code="smart_equipment"), "logistics", "general", 10)
    return lambda: situations.open_situation(
        actor=director, scenario=stage.a.run.scenario, about=about, firms=1, key="k" * 32
    )


@tries("domains.chains.situations.services.adding.add_firm")
def add_firm(stage: Any) -> Call:
    office, other = stage.actor("chain_office", org="gxj-chain"), stage.b.enterprise
    return lambda: situations.add_firm(actor=office, situation_id=stage.a.situation.pk, uscc=other.uscc)


def _responding(stage: Any) -> Matter:
    director = stage.actor("director", org="gxj")
    return moved(director, stage.a.situation.matter, "respond", lead="gxj-chain", plan="逐户走访")


@tries("domains.chains.situations.services.steps.file_report")
def file_report(stage: Any) -> Call:
    mother, office = _responding(stage), stage.actor("chain_office", org="gxj-chain")
    return lambda: situations.file_report(
        actor=office, situation_id=stage.a.situation.pk, version=mother.version, note="今日"
    )


def _alone(stage: Any) -> tuple[Matter, Any]:
    """The situation with its one child withdrawn."""
    mother, office = _responding(stage), stage.actor("chain_office", org="gxj-chain")
    moved(office, stage.a.situation.firms.get().matter, "withdraw", reason="误报")
    return Matter.objects.get(pk=mother.pk), office


@tries("domains.chains.situations.services.steps.wind_down")
def wind_down(stage: Any) -> Call:
    mother, office = _alone(stage)
    return lambda: situations.wind_down(
        actor=office, situation_id=stage.a.situation.pk, version=mother.version, summary="已恢复"
    )


@tries("domains.chains.situations.services.steps.close")
def close(stage: Any) -> Call:
    mother, office = _alone(stage)
    done = situations.wind_down(
        actor=office, situation_id=stage.a.situation.pk, version=mother.version, summary="已恢复"
    )
    director = stage.actor("director", org="gxj")
    return lambda: situations.close(
        actor=director, situation_id=stage.a.situation.pk, version=done.version, lessons="备货"
    )


@tries("domains.chains.situations.services.steps.judge")
def judge(stage: Any) -> Call:
    """The correction of the figure and the acceptance: both, or neither."""
    office, district = stage.actor("chain_office", org="gxj-chain"), stage.actor("district_officer", **AREA)
    child = stage.a.situation.firms.get().matter
    moved(office, child, "assign", lead="gxj-449801")
    for co in child.co_handlers.all():
        version = Matter.objects.get(pk=child.pk).version
        desk = stage.actor("desk_officer", org=co.organisation.code)
        casework.give_opinion(actor=desk, matter_id=child.pk, version=version, opinion="同意")
    moved(district, child, "accept_task")
    replied = moved(district, child, "resolve", **REPLY)
    asker = stage.actor("enterprise", enterprise=stage.a.enterprise)
    return lambda: situations.judge(
        actor=asker, matter_id=child.pk, version=replied.version, satisfaction="satisfied", recovered="200", evidence="账"
    )  # fmt: skip
