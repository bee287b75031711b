"""Cases of the services of the registry, and of saved views."""

from __future__ import annotations

from datetime import date
from typing import Any

from faults.registry import tries
from faults.services_casework import Call
from lianzhang.city.models import Membership
from lianzhang.kernel import time, views_saved
from lianzhang.kernel.models import SavedView
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry import sensitive
from lianzhang.registry.models import (
    Consent,
    DuplicatePair,
    Enterprise,
    Filing,
    FirmList,
    ListChange,
    ListMember,
    ManualTag,
    Merge,
)
from lianzhang.registry.services import consenting, forgetting, lists, merging, tagging

MERGING, LISTS = "registry.services.merging.", "registry.services.lists."


def officer(stage: Any) -> Any:
    return stage.actor("data_officer", org="gxj-data")


@tries(MERGING + "merge", MERGING + "unmerge", MERGING + "judge_different", MERGING + "ask_again")
def on_a_pair(stage: Any) -> Call:
    """The suspected double of one's own side, judged each way."""
    who, pair, name = officer(stage), stage.a.pair, stage.service.rpartition(".")[2]
    firm, twin = pair.first_id, pair.second_id

    def entries() -> dict[str, Enterprise]:
        return {"absorbed": Enterprise.objects.get(pk=twin), "into": Enterprise.objects.get(pk=firm)}

    def found() -> DuplicatePair:
        return DuplicatePair.objects.get(pk=pair.pk)

    if name == "merge":
        return lambda: merging.merge(actor=who, reason="同一企业", **entries())
    if name == "unmerge":
        row = merging.merge(actor=who, reason="同一企业", **entries())
        return lambda: merging.unmerge(actor=who, merge=Merge.objects.get(pk=row.pk), reason="查证有误")
    if name == "judge_different":
        return lambda: merging.judge_different(actor=who, pair=found(), reason="两家")
    merging.judge_different(actor=who, pair=found(), reason="两家")
    return lambda: merging.ask_again(actor=who, pair=found())


@tries("registry.services.forgetting.export", "registry.services.forgetting.erase")
def on_a_contact(stage: Any) -> Call:
    firm = stage.a.enterprise
    Filing.objects.create(
        enterprise=firm, delivery=stage.a.delivery, source="tax", use="administrative", as_of=date(2023, 1, 1),
        values={"name": firm.name, "contact": "欧阳不忘", "phone": "13812345678"},
    )  # fmt: skip
    name = stage.service.rpartition(".")[2]
    more = {"why": "request 2023-7"} if name == "erase" else {}
    return lambda: getattr(forgetting, name)(actor=SYSTEM, text="欧阳不忘", **more)


@tries("registry.services.tagging.put", "registry.services.tagging.take")
def on_a_tag(stage: Any) -> Call:
    who, firm, tag = officer(stage), stage.a.enterprise, stage.a.tag.pk
    if stage.service.endswith(".put"):
        return lambda: tagging.put(actor=who, enterprise=firm, word="首批", reason="走访")
    return lambda: tagging.take(actor=who, tag=ManualTag.objects.get(pk=tag))


@tries("registry.sensitive.show_whole")
def show_whole(stage: Any) -> Call:
    who, firm = officer(stage), stage.a.enterprise
    return lambda: sensitive.show_whole(actor=who, enterprise=firm, reason="走访前联系")


@tries("registry.sensitive.for_export")
def for_export(stage: Any) -> Call:
    who = officer(stage)
    return lambda: sensitive.for_export(who, "enterprises")


@tries("kernel.views_saved.save", "kernel.views_saved.delete")
def on_a_view(stage: Any) -> Call:
    who = officer(stage)
    given = {
        "listing": "enterprises",
        "path": "/enterprises/",
        "query": "sort=name",
        "name": "按名称",
        "shared": True,
    }
    if stage.service.endswith(".save"):
        return lambda: views_saved.save(actor=who, **given)
    row: SavedView = views_saved.save(actor=who, **given)
    return lambda: views_saved.delete(actor=who, pk=row.pk)


@tries(
    LISTS + "make", LISTS + "change", LISTS + "add", LISTS + "remove", LISTS + "annotate", LISTS + "undo", LISTS + "delete",
    LISTS + "restore", LISTS + "take_over",
)  # fmt: skip
def on_a_list(stage: Any) -> Call:
    """One's own list with one enterprise, and each thing that is done to lists."""
    who, name = officer(stage), stage.service.rpartition(".")[2]
    about = lists.About("重点企业", "调度", share="all")
    first, second = stage.a.enterprise.pk, stage.b.enterprise.pk
    if name == "make":
        return lambda: lists.make(actor=who, about=about, firms=[(first, ""), (second, "备注")])
    row = lists.make(actor=who, about=about, firms=[(first, "")])
    member = ListMember.objects.get(list=row).pk

    if name == "take_over":
        Membership.objects.filter(user=who.user).update(ended_at=time.now())
        who = stage.actor("data_officer", username="successor", org="gxj-data")

    def found() -> FirmList:
        return FirmList.objects.get(pk=row.pk)

    if name == "undo":
        step = ListChange.objects.get(list=row).pk
        return lambda: lists.undo(actor=who, step=ListChange.objects.select_related("list").get(pk=step))
    if name == "restore":
        lists.delete(actor=who, row=found())
    more: dict[str, Any] = {
        "change": {"about": lists.About("改名", "调度")}, "add": {"firms": [(second, "备注")]}, "remove": {"member_ids": [member]},
        "annotate": {"member_ids": [member], "note": "已走访"},
    }.get(name, {})  # fmt: skip
    return lambda: getattr(lists, name)(actor=who, row=found(), **more)


@tries("registry.services.consenting.grant", "registry.services.consenting.withdraw")
def on_a_consent(stage: Any) -> Call:
    """Figures of one's own enterprise that wait for its consent."""
    firm = stage.a.enterprise
    agent = stage.actor("enterprise", username="agent", enterprise=firm)
    held = {"use": "consented", "values": {}, "held": {"revenue": 5.0}}
    Filing.objects.create(enterprise=firm, period="2021", source="grid", as_of="2023-03-01", **held)
    terms = consenting.Terms("张三", "融资", date(2023, 1, 1))
    if stage.service.endswith("grant"):
        return lambda: consenting.grant(actor=agent, enterprise=firm, terms=terms)
    row = consenting.grant(actor=agent, enterprise=firm, terms=terms)
    return lambda: consenting.withdraw(actor=agent, consent=Consent.objects.get(pk=row.pk), reason="撤回")
