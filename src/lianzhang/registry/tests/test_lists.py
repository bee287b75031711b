"""Shared lists: made by hand, read within one's sight, every step told and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from lianzhang.city.models import Membership
from lianzhang.kernel import events, time
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import ANONYMOUS, Actor
from lianzhang.registry import lists
from lianzhang.registry.models import Enterprise, FirmList, ListMember
from lianzhang.registry.services import lists as services
from lianzhang.registry.services import merging
from lianzhang.registry.services.errors import Refused
from lianzhang.registry.services.lists import About

pytestmark = pytest.mark.django_db
ALL = About("重点企业", "月度调度", share="all")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def office(actor: Callable[..., Actor]) -> Actor:
    return actor("chain_office", org="gxj-chain")


@pytest.fixture
def east(actor: Callable[..., Actor]) -> Actor:
    return actor("district_officer", org="gxj-449801", area="449801")


@pytest.fixture
def firms(enterprise: Any) -> list[Enterprise]:
    """Two of the east bank, one of the west."""
    return [
        enterprise("云溪甲有限公司"),
        enterprise("云溪乙有限公司"),
        enterprise("西岭丙有限公司", district="449802"),
    ]


def made(who: Actor, firms: list[Enterprise], about: About = ALL) -> FirmList:
    return services.make(actor=who, about=about, firms=[(e.pk, "") for e in firms])


def on(who: Actor, row: FirmList) -> set[str]:
    return {m.enterprise.name for m in lists.members(who, row)}


def client_of(who: Actor) -> Client:
    client = Client()
    client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["django_language"] = "en"
    return client


def text_of(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def test_a_reader_sees_his_own_and_is_told_of_no_others(
    office: Actor, east: Actor, firms: list[Enterprise], actor: Any
) -> None:
    row = made(office, firms)
    services.remove(
        actor=office, row=row, member_ids=[lists.members(office, row).get(enterprise=firms[2]).pk]
    )
    services.add(actor=office, row=row, firms=[(firms[2].pk, "西岭重点")])
    assert (on(office, row), on(east, row)) == ({e.name for e in firms}, {e.name for e in firms[:2]})
    client = client_of(east)
    for where in (
        f"/lists/{row.pk}/",
        "/lists/",
        f"/lists/{row.pk}/?format=csv",
        f"/lists/compare/?a={row.pk}&since=2023-04-01",
    ):
        text = text_of(client.get(where))
        assert "西岭" not in text, where
        assert not [w for w in ("3 enterprises", "3 rows", ">3<") if w in text], where
    assert lists.counts(east, [row]) == {row.pk: 2}
    assert [s.change.kind for s in lists.steps(east, row)] == ["added"]
    assert [s.change.kind for s in lists.steps(office, row)] == ["added", "removed", "added"]
    # A list on which one sees nobody does not exist, nor does any for enterprises and the public.
    far = actor("district_officer", org="gxj-449802", area="449802")
    only_east = made(office, firms[:2], About("东岸名单", "调度", share="all"))
    assert client_of(far).get(f"/lists/{only_east.pk}/").status_code == 404
    assert "东岸名单" not in client_of(far).get("/lists/").content.decode()
    assert not FirmList.objects.visible_to(actor("enterprise", enterprise=firms[0])).exists()
    assert not FirmList.objects.visible_to(ANONYMOUS).exists()


@pytest.mark.parametrize(
    ("about", "readers"),
    [
        (About("甲", "用途"), set()),
        (About("甲", "用途", share="role", with_role="district_officer"), {"east"}),
        (About("甲", "用途", share="office", with_office="gxj-equipment"), {"desk"}),
        (About("甲", "用途", share="all"), {"east", "desk"}),
    ],
)
def test_with_whom_it_is_shared(
    about: About, readers: set[str], office: Actor, east: Actor, actor: Any, firms: list[Enterprise]
) -> None:
    row = made(office, firms, about)
    people = {"east": east, "desk": actor("desk_officer", org="gxj-equipment")}
    assert {n for n, who in people.items() if FirmList.objects.visible_to(who).filter(pk=row.pk)} == readers
    assert FirmList.objects.visible_to(office).get() == row


def test_only_the_keeper_changes_it(office: Actor, east: Actor, firms: list[Enterprise]) -> None:
    row = made(office, firms[:1])
    member = lists.members(office, row).get()
    before = list(ListMember.objects.values())
    for write in (
        lambda: services.add(actor=east, row=row, firms=[(firms[1].pk, "")]),
        lambda: services.remove(actor=east, row=row, member_ids=[member.pk]),
        lambda: services.annotate(actor=east, row=row, member_ids=[member.pk], note="x"),
        lambda: services.change(actor=east, row=row, about=ALL),
        lambda: services.undo(actor=east, step=row.changes.get()),
        lambda: services.delete(actor=east, row=row),
    ):
        with pytest.raises(Refused):
            write()
    for where in ("add", "edit", "note", "remove", "delete"):
        assert client_of(east).post(f"/lists/{row.pk}/{where}/", {"selected": member.pk}).status_code == 404
    assert list(ListMember.objects.values()) == before


def test_a_colleague_takes_over_what_somebody_gone_kept(
    office: Actor, east: Actor, actor: Any, firms: list[Enterprise]
) -> None:
    row = made(office, firms[:1])
    colleague = actor("chain_office", username="colleague", org="gxj-chain")
    offered, where = "Take the list over", f"/lists/{row.pk}/"
    assert offered not in text_of(client_of(colleague).get(where))
    with pytest.raises(Refused):
        services.take_over(actor=colleague, row=row)
    Membership.objects.filter(user=office.user).update(ended_at=time.now())
    assert offered not in text_of(client_of(east).get(where))
    client_of(east).post(f"{where}take-over/")
    assert FirmList.objects.get().owner_id == office.user_id
    assert offered in text_of(client_of(colleague).get(where))
    client_of(colleague).post(f"{where}take-over/")
    assert FirmList.objects.get().owner_id == colleague.user_id
    assert services.add(actor=colleague, row=row, firms=[(firms[1].pk, "")]) == 1
    told = Event.objects.get(subject=row.ref, verb="list_taken_over")
    assert (told.data["from"], told.actor_id) == (office.user_id, colleague.user_id)


def test_nobody_puts_in_whom_he_does_not_see(east: Actor, firms: list[Enterprise]) -> None:
    row = made(east, firms)
    assert ListMember.objects.filter(list=row).count() == 2
    assert services.add(actor=east, row=row, firms=[(firms[2].pk, "")]) == 0
    hidden, nowhere = firms[2].uscc, "91449900MA0000000X"
    answers = [
        client_of(east)
        .post(f"/lists/{row.pk}/add/", {"text": code}, follow=True)
        .content.decode()
        .replace(code, "?")
        for code in (hidden, nowhere)
    ]
    tokens = [a.count("No enterprise within your sight") for a in answers]
    assert tokens == [1, 1]
    assert ListMember.objects.filter(list=row).count() == 2


def test_codes_and_names_are_pasted_with_their_notes(
    office: Actor, firms: list[Enterprise], enterprise: Any
) -> None:
    enterprise("云溪同名有限公司"), enterprise("云溪同名有限公司")
    text = (
        f"{firms[0].uscc.lower()}\t首批\r\n{firms[1].name}\n\n查无此企业\n云溪同名有限公司\n{firms[0].uscc}\n"
    )
    found, missing, several = lists.named(office, text)
    assert dict(found) == {firms[0].pk: "首批", firms[1].pk: ""}
    assert (missing, several) == (["查无此企业"], ["云溪同名有限公司"])
    row = made(office, [])
    services.add(actor=office, row=row, firms=found)
    assert on(office, row) == {firms[0].name, firms[1].name}


def test_every_step_is_told_and_taken_back(office: Actor, firms: list[Enterprise]) -> None:
    row = made(office, firms[:2])
    (first,) = row.changes.all()
    keep = lists.members(office, row).get(enterprise=firms[0])
    services.annotate(actor=office, row=row, member_ids=[keep.pk], note="已走访")
    services.remove(
        actor=office, row=row, member_ids=[lists.members(office, row).get(enterprise=firms[1]).pk]
    )
    assert on(office, row) == {firms[0].name}
    removed, noted = row.changes.all()[:2]
    services.undo(actor=office, step=removed)
    assert on(office, row) == {firms[0].name, firms[1].name}
    with pytest.raises(Refused):
        services.undo(actor=office, step=removed)
    services.undo(actor=office, step=noted)
    assert {m.note for m in lists.members(office, row)} == {""}
    services.undo(actor=office, step=first)
    assert on(office, row) == set()
    services.delete(actor=office, row=row)
    assert not lists.lists(office).exists()
    services.restore(actor=office, row=row)
    assert lists.lists(office).get() == row
    verbs = list(Event.objects.filter(subject=row.ref).order_by("seq").values_list("verb", flat=True))
    assert verbs[:4] == ["list_made", "list_added", "list_noted", "list_removed"]
    assert verbs[4:] == ["list_undone"] * 3 + ["list_deleted", "list_restored"]
    assert list(events.verify()) == []


def test_what_changed_since_a_day_and_how_two_lists_differ(office: Actor, firms: list[Enterprise]) -> None:
    time.set_clock("2023-04-01T09:00:00+08:00", "frozen")
    row = made(office, firms[:2])
    time.set_clock("2023-04-10T09:00:00+08:00", "frozen")
    services.remove(
        actor=office, row=row, member_ids=[lists.members(office, row).get(enterprise=firms[0]).pk]
    )
    services.add(actor=office, row=row, firms=[(firms[2].pk, "")])
    then = lists.firms(office, row, lists.end_of(date(2023, 4, 1)))
    assert (then, lists.firms(office, row)) == ({firms[0].pk, firms[1].pk}, {firms[1].pk, firms[2].pk})
    assert lists.firms(office, row, lists.end_of(date(2023, 3, 31))) == set()
    assert lists.end_of(date(2023, 4, 1)) - datetime(2023, 4, 1, tzinfo=time.zone()) < timedelta(days=1)
    page = client_of(office).get(f"/lists/compare/?a={row.pk}&since=2023-04-01").content.decode()
    assert "1 only on 1 April 2023, 1 in both, 1 only now" in page or page.count("1 only") >= 1
    other = made(office, [firms[2]], About("乙", "用途"))
    rows = client_of(office).get(f"/lists/compare/?a={row.pk}&b={other.pk}&where=first")
    assert [r.thing.pk for r in rows.context["table"].rows] == [firms[1].pk]
    file = text_of(client_of(office).get(f"/lists/compare/?a={row.pk}&b={other.pk}&format=csv"))
    assert firms[1].name in file
    assert firms[0].name not in file
    assert (
        client_of(office).get("/lists/compare/?a=x&b=999999999999999999&since=0001-01-01").status_code == 200
    )


def test_from_the_list_of_enterprises_selected_or_as_filtered(office: Actor, firms: list[Enterprise]) -> None:
    client = client_of(office)
    listed = client.get("/enterprises/?district=449801").content.decode()
    assert "/lists/choose/" in listed
    assert "/lists/new/?from=district%3D449801" in listed
    page = client.get("/lists/new/?from=district%3D449801").content.decode()
    assert "2 enterprises stand in the list" in page
    sent = {"name": "东岸", "purpose": "走访", "share": "all", "from": "district=449801"}
    assert client.post("/lists/new/", sent).status_code == 302
    snapshot = FirmList.objects.get()
    assert on(office, snapshot) == {firms[0].name, firms[1].name}
    Enterprise.objects.filter(pk=firms[0].pk).update(district=firms[2].district, area_path=firms[2].area_path)
    assert firms[0].name in on(office, snapshot)
    chosen = {"selected": [firms[2].pk], "list": snapshot.pk}
    assert client.post("/lists/choose/", {"selected": [firms[2].pk]}).status_code == 200
    assert client.post("/lists/choose/", chosen).headers["Location"] == f"/lists/{snapshot.pk}/"
    assert firms[2].name in on(office, snapshot)
    # A new one from the selection, by way of the same page.
    page = client.post("/lists/choose/", {"selected": [firms[2].pk], "list": ""})
    assert "1 enterprise is selected" in page.content.decode()
    assert client.post("/lists/choose/", {}).status_code == 302
    assert client.post("/lists/new/", {"name": "", "purpose": "x", "share": "nobody"}).status_code == 422
    long = {"name": "a", "purpose": "x", "share": "role"}
    assert client.post("/lists/new/", long).status_code == 422


def test_an_enterprise_merged_away_stands_under_its_survivor(office: Actor, firms: list[Enterprise]) -> None:
    row = made(office, firms[:1])
    merging.merge(actor=office, absorbed=firms[0], into=firms[1], reason="同一企业")
    assert lists.firms(office, row) == {firms[1].pk}
    assert firms[1].name in client_of(office).get(f"/lists/{row.pk}/").content.decode()


def test_a_step_of_thousands_hides_no_step_before_it(office: Actor, firms: list[Enterprise]) -> None:
    """Each is counted whole, and an older one can still be taken back."""
    first = firms[0]
    many = Enterprise.objects.bulk_create(
        Enterprise(
            uscc=f"91449900MQ{n:06d}9X", name=f"云溪{n}号有限公司", registered=True, district=first.district, area_path=first.area_path,
        )
        for n in range(5_010)
    )  # fmt: skip
    row = made(office, firms)
    services.add(actor=office, row=row, firms=[(e.pk, "") for e in many])
    told = lists.steps(office, row)
    assert [(s.count, len(s.names), s.may_undo) for s in told] == [(5_010, 5, True), (3, 3, True)]
    services.undo(actor=office, step=told[1].change)
    assert on(office, row) == {e.name for e in many}
    assert [s.count for s in lists.steps(office, row)] == [3, 5_010, 3]


def test_a_list_has_bounds(office: Actor, firms: list[Enterprise], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST", 1)
    with pytest.raises(Refused, match="At most"):
        made(office, firms)
    assert not FirmList.objects.exists()
    for about in (
        About("", "x"),
        About("x", ""),
        About("x" * 81, "x"),
        About("x", "x", share="world"),
        About("x", "x", share="office"),
    ):
        with pytest.raises(Refused):
            made(office, [], about)
