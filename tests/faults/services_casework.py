"""Cases of the services of casework."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from faults.registry import tries
from lianzhang.casework import services
from lianzhang.casework.models import Matter
from lianzhang.city.models import Organisation
from lianzhang.kernel.scope import SYSTEM

AREA = {"org": "gxj-449801", "area": "449801"}
Call = Callable[[], Any]


def moved(actor: Any, matter: Matter, move: str, **data: Any) -> Matter:
    """The matter after one more move."""
    now = Matter.objects.get(pk=matter.pk).version
    return services.make_move(actor=actor, matter_id=matter.pk, move=move, version=now, data=data)


@tries("casework.services.opening.open_matter")
def open_matter(stage: Any) -> Call:
    fields = {"field": "revenue", "shown": "100", "claimed": "120"}
    offices = list(Organisation.objects.filter(code__in=["gxj", "gxj-equipment"]))
    return lambda: services.open_matter(
        actor=SYSTEM, kind="data_dispute", title="又一件", text="x", fields=fields, enterprise=stage.a.enterprise,
        co_orgs=offices,
    )  # fmt: skip


@tries("casework.services.moving.make_move")
def make_move(stage: Any) -> Call:
    office, matter = stage.actor("chain_office", org="gxj-chain"), stage.a.matter
    return lambda: moved(office, matter, "dispatch", lead="gxj-449801")


@tries("casework.services.moving.bulk_move")
def bulk_move(stage: Any) -> Call:
    """Each matter by itself: one that fails leaves the others whole."""
    office, matter = stage.actor("chain_office", org="gxj-chain"), stage.a.matter
    items = [(matter.pk, matter.version)]
    return lambda: services.bulk_move(actor=office, items=items, move="dispatch", data={"lead": "gxj-449801"})


@tries("casework.services.handing.hand_over")
def hand_over(stage: Any) -> Call:
    office, matter = stage.actor("chain_office", org="gxj-chain"), stage.a.matter
    return lambda: services.hand_over(
        actor=office, matter_id=matter.pk, version=matter.version, to="gxj", reason="属地办理"
    )


@tries("casework.services.handing.ask_opinion")
def ask_opinion(stage: Any) -> Call:
    office, matter = stage.actor("chain_office", org="gxj-chain"), stage.a.matter
    return lambda: services.ask_opinion(
        actor=office, matter_id=matter.pk, version=matter.version, orgs=["gxj", "gxj-equipment"], question="怎么看"
    )  # fmt: skip


@tries("casework.services.handing.give_opinion")
def give_opinion(stage: Any) -> Call:
    office, desk = (
        stage.actor("chain_office", org="gxj-chain"),
        stage.actor("desk_officer", org="gxj-equipment"),
    )
    asked = services.ask_opinion(
        actor=office, matter_id=stage.a.matter.pk, version=stage.a.matter.version, orgs=["gxj-equipment"], question="怎么看"
    )  # fmt: skip
    return lambda: services.give_opinion(
        actor=desk, matter_id=asked.pk, version=asked.version, opinion="同意"
    )


@tries("casework.services.handing.extend")
def extend(stage: Any) -> Call:
    office, matter = stage.actor("chain_office", org="gxj-chain"), stage.a.matter
    return lambda: services.extend(
        actor=office, matter_id=matter.pk, version=matter.version, clock="main", to={"8": "working_day"}, reason="需取证"
    )  # fmt: skip


@tries("casework.services.talking.add_note")
def add_note(stage: Any) -> Call:
    return lambda: services.add_note(actor=SYSTEM, matter_id=stage.a.matter.pk, text="一句话", internal=True)


@tries("casework.services.files.attach")
def attach(stage: Any) -> Call:
    """The file itself is kept by its content: without a row nobody reaches it, and retention removes it."""
    return lambda: services.attach(
        actor=SYSTEM, matter_id=stage.a.matter.pk, name="说明.txt", chunks=[b"text"], public=True
    )


@tries("casework.services.disputing.raise_dispute")
def raise_dispute(stage: Any) -> Call:
    who, firm = stage.actor("chain_office", org="gxj-chain"), stage.a.enterprise
    return lambda: services.raise_dispute(
        actor=who, enterprise=firm, about="fact/revenue/2022", claimed="6000万元", text="见申报表"
    )
