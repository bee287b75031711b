"""No administrator gets into the account of another, or puts him out, without the third (S10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from attack.test_login import FACTORS, NEW, enrol, enter, inside, redeem, rules
from attack.test_sso import oidc, running, service  # noqa: F401 (fixtures)
from lianzhang import cli
from lianzhang.city import services as city
from lianzhang.city import subjects
from lianzhang.city.administration import accounts, agreements, by_message, identities, posts
from lianzhang.city.models import Agreement, CatalogueVersion, Membership
from lianzhang.city.services import actor_of_user
from lianzhang.kernel.accounts import gate, policy, sms
from lianzhang.kernel.models import Event, ExternalIdentity, OneTimeCode, User
from lianzhang.kernel.scope import SYSTEM
from tally import case

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S10")]
THREE = {"system_admin": "jian", "security_admin": "an", "auditor": "yan"}


@pytest.fixture
def three(account: Callable[..., Any]) -> dict[str, User]:
    """The three administrators, each with a telephone and an app."""
    made = {role: account(role, name, org="gxj") for role, name in THREE.items()}
    for user in made.values():
        User.objects.filter(pk=user.pk).update(phone="13800000000")
        user.refresh_from_db()
        enrol(user)
    return made


def link_of(user: User) -> ExternalIdentity:
    return ExternalIdentity.objects.get_or_create(provider="oidc", subject=f"own-{user.pk}", user=user)[0]


Act = Callable[[Any, User], Any]
ACTS: dict[str, tuple[str, Act]] = {
    "code": ("system_admin", lambda a, u: accounts.issue_code(actor=a, user=u)),
    "message": ("system_admin", lambda a, u: by_message.send_code(actor=a, user=u)),
    "change": ("system_admin", lambda a, u: accounts.change_account(actor=a, user=u, name=u.name, phone="13900000000")),
    "lock": ("system_admin", lambda a, u: accounts.lock(actor=a, user=u, reason="x")),
    "unlock": ("system_admin", lambda a, u: accounts.unlock(actor=a, user=u)),
    "close": ("system_admin", lambda a, u: accounts.close_account(actor=a, user=u, reason="x")),
    "reopen": ("system_admin", lambda a, u: accounts.reopen_account(actor=a, user=u)),
    "link": ("system_admin", lambda a, u: identities.link(actor=a, user=u, provider="oidc", subject="mine")),
    "unlink": ("system_admin", lambda a, u: identities.unlink(actor=a, identity=link_of(u))),
    "end_post": ("system_admin", lambda a, u: posts.end_post(actor=a, post=u.memberships.get())),
    "factors": ("security_admin", lambda a, u: accounts.reset_factors(actor=a, user=u, reason="x")),
    "erase": ("security_admin", lambda a, u: subjects.erase(actor=a, user=u, why="x")),
}  # fmt: skip


def state(user: User) -> tuple[Any, ...]:
    """What a take-over would change."""
    found = (
        User.objects.filter(pk=user.pk)
        .values_list("name", "phone", "password", "is_active", "locked_at")
        .get()
    )
    return (
        *found, user.memberships.filter(ended_at=None).count(), set(user.identities.values_list("subject", flat=True)),
        OneTimeCode.objects.filter(user=user).count(), gate.held(user).count(),
    )  # fmt: skip


def put(user: User, act: str = "") -> None:
    """The account as it must stand for the act to change something; without an act as it usually stands."""
    now = (
        {"locked_at": timezone.now()} if act == "unlock" else {"is_active": False} if act == "reopen" else {}
    )
    User.objects.filter(pk=user.pk).update(**{"locked_at": None, "is_active": True, **now})
    user.refresh_from_db()


def test_every_act_that_is_there_is_tried() -> None:
    assert set(ACTS) == set(agreements.ACTS)


@pytest.mark.parametrize("act", sorted(ACTS))
def test_no_administrator_alone(act: str, three: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms, "offered", lambda: True)
    role, step = ACTS[act]
    asker = three[role]
    link_of(three["security_admin"]), link_of(three["auditor"]), link_of(three["system_admin"])
    for target in (user for user in three.values() if user.pk != asker.pk):
        put(target, act)
        before = state(target)
        for _again in range(2):
            with pytest.raises(agreements.Waits):
                step(actor_of_user(asker), target)
        assert state(target) == before
        put(target)
        row = Agreement.objects.get(user=target, act=act)
        assert (row.asked_by, row.state) == (asker, "asked")
        third = next(u for u in three.values() if u not in (asker, target))
        for who in (asker, target):
            with pytest.raises(PermissionDenied):
                agreements.answer(actor=actor_of_user(who), agreement=row, yes=True)
        agreements.answer(actor=actor_of_user(third), agreement=row, yes=True)
        told = Event.objects.filter(subject=f"user:{target.pk}").values_list("verb", flat=True)
        assert {"agreement_asked", "agreement_given"} <= set(told)
        case(5)
    target = three["auditor"]
    put(target, act)
    step(actor_of_user(asker), target)
    assert Agreement.objects.get(user=target, act=act).used_at is not None
    assert (
        Event.objects.filter(subject=f"user:{target.pk}", actor=asker)
        .exclude(verb="agreement_asked")
        .exists()
    )


def test_an_agreement_is_for_one_act_one_value_one_asker_once_and_not_for_ever(
    three: dict[str, User], account: Callable[..., Any]
) -> None:
    asker, target = actor_of_user(three["system_admin"]), three["security_admin"]
    third = actor_of_user(three["auditor"])
    ask = lambda phone: accounts.change_account(actor=asker, user=target, name=target.name, phone=phone)  # noqa: E731
    with pytest.raises(agreements.Waits):
        ask("13900000001")
    row = Agreement.objects.get()
    agreements.answer(actor=third, agreement=row, yes=True)
    with pytest.raises(ValueError):
        agreements.answer(actor=third, agreement=row, yes=True)
    with pytest.raises(agreements.Waits):
        ask("13900000002")
    with pytest.raises(agreements.Waits):
        accounts.issue_code(actor=asker, user=target)
    colleague = actor_of_user(account("system_admin", "jian2", org="gxj"))
    with pytest.raises(agreements.Waits):
        accounts.change_account(actor=colleague, user=target, name=target.name, phone="13900000001")
    Agreement.objects.filter(pk=row.pk).update(until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(agreements.Waits):
        ask("13900000001")
    Agreement.objects.filter(pk=row.pk).update(until=timezone.now() + timedelta(hours=1))
    ask("13900000001")
    target.refresh_from_db()
    assert target.phone == "13900000001"
    with pytest.raises(agreements.Waits):
        accounts.change_account(actor=asker, user=target, name="别人", phone="13900000001")
    case(7)


def test_two_of_one_kind_agree_to_nothing_together(
    three: dict[str, User], account: Callable[..., Any]
) -> None:
    colleague = account("system_admin", "jian2", org="gxj")
    with pytest.raises(agreements.Waits):
        accounts.issue_code(actor=actor_of_user(three["system_admin"]), user=three["security_admin"])
    with pytest.raises(PermissionDenied):
        agreements.answer(actor=actor_of_user(colleague), agreement=Agreement.objects.get(), yes=True)
    officer = account("director", "li", org="gxj")
    with pytest.raises(PermissionDenied):
        agreements.answer(actor=actor_of_user(officer), agreement=Agreement.objects.get(), yes=True)
    case(2)


def test_through_the_pages(three: dict[str, User]) -> None:
    def client(role: str) -> Client:
        made = Client()
        made.force_login(three[role], backend="allauth.account.auth_backends.AuthenticationBackend")
        return made

    system, auditor, target = client("system_admin"), client("auditor"), three["security_admin"]
    there = f"/people/{target.pk}/"
    answers = [
        system.post(f"{there}code/", follow=True), system.post(f"{there}change/", {"name": "别人", "phone": "13912345678"}, follow=True),
        system.post(f"{there}step/close/", {"note": "x"}, follow=True), system.post(f"{there}step/lock/", {"note": "x"}, follow=True),
    ]  # fmt: skip
    assert all("lianzhang accounts" in each.content.decode() for each in answers)
    assert not OneTimeCode.objects.exists()
    assert User.objects.filter(pk=target.pk, phone="13800000000", is_active=True, locked_at=None).exists()
    page = auditor.get("/people/agreements/").content.decode()
    assert "13912345678" in page
    assert "别人" in page
    row = Agreement.objects.get(act="code")
    assert system.post(f"/people/agreements/{row.pk}/answer/yes/").status_code == 404
    assert client("security_admin").post(f"/people/agreements/{row.pk}/answer/yes/").status_code == 404
    assert (
        auditor.post(f"/people/agreements/{row.pk}/answer/no/").status_code == 302
    )  # no reason: it goes on waiting
    row.refresh_from_db()
    assert row.state == "asked"
    auditor.post(f"/people/agreements/{row.pk}/answer/yes/")
    assert 'lz-code" data-verbatim>' in system.post(f"{there}code/").content.decode()
    assert "lianzhang accounts" in system.post(f"{there}code/", follow=True).content.decode()
    case(8)


def test_the_command_line_is_the_way_out(three: dict[str, User], capsys: pytest.CaptureFixture[str]) -> None:
    accounts.lock(actor=SYSTEM, user=three["security_admin"], reason="x")
    assert cli.main(["accounts", "unlock", "an"]) == 0
    assert cli.main(["accounts", "factors", "an", "--why", "手机遗失，当面核实"]) == 0
    assert cli.main(["accounts", "code", "an"]) == 0
    code = next(
        line.split()[-1] for line in capsys.readouterr().out.splitlines() if line.startswith("one-time")
    )
    assert redeem("an", code).status_code == 302
    client = Client()
    enter(client, "an", NEW)
    assert inside(client)
    told = (
        Event.objects.filter(subject=f"user:{three['security_admin'].pk}")
        .order_by("seq")
        .values_list("verb", flat=True)
    )
    assert [v for v in told if v in ("account_unlocked", "factors_reset", "code_issued")] == ["account_unlocked", "factors_reset", "code_issued"]  # fmt: skip
    assert cli.main(["accounts", "factors", "nobody", "--why", "x"]) == 1
    assert cli.main(["accounts", "unlock", "nobody"]) == 1


def test_a_strong_service_is_no_second_factor_of_an_administrator(
    service: Any,  # noqa: F811
    account: Callable[..., Any],
) -> None:
    content = CatalogueVersion.objects.order_by("-pk").first().content  # type: ignore[union-attr]
    strong = [row | {"strong": True} for row in content["sso.yaml"]]
    CatalogueVersion.objects.create(city="example", digest="strong", content=content | {"sso.yaml": strong})
    city.forget()
    rules(second_factor=["security_admin", "director"])
    policy.forget()
    for role, name, open_ in (("director", "li", True), ("security_admin", "an", False)):
        user = account(role, name, org="gxj")
        ExternalIdentity.objects.create(provider="oidc", subject=f"s-{name}", user=user)
        client = Client()
        assert oidc(client, service, "oidc", f"s-{name}").status_code == 302
        assert inside(client) == open_
        assert open_ or client.get("/").headers["Location"] == FACTORS
        case()
    # Nor when the session began before the post.
    client, li = Client(), User.objects.get(username="li")
    oidc(client, service, "oidc", "s-li")
    Membership.objects.filter(user=li).delete()
    Membership.objects.create(user=li, role="security_admin", scope_kind="city")
    assert client.get("/").headers["Location"] == FACTORS
    case()
