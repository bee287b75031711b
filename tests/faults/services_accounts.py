"""Cases of the services of accounts, posts and standing in."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction
from django.test import RequestFactory, override_settings

from faults.registry import tries
from faults.services_casework import Call
from lianzhang.city import subjects
from lianzhang.city.administration import accounts, agreements, by_message, identities, many, posts, stand_ins
from lianzhang.city.models import Agreement, Membership, Organisation
from lianzhang.city.services import actor_of_user
from lianzhang.kernel import time
from lianzhang.kernel.accounts import codes, policy, second
from lianzhang.kernel.accounts.sso.service import Identity
from lianzhang.kernel.models import OneTimeCode, User
from lianzhang.kernel.scope import SYSTEM

PREFIX = "city.administration."


def person(stage: Any) -> int:
    """Somebody with a post, a second factor and a session."""
    user = stage.account("desk_officer", username="li", org="gxj-equipment")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    return int(user.pk)


def office() -> Organisation:
    return Organisation.objects.get(code="gxj-equipment")


@tries(
    PREFIX + "accounts.create_account", PREFIX + "accounts.change_account", PREFIX + "accounts.issue_code", PREFIX + "accounts.lock",
    PREFIX + "accounts.unlock", PREFIX + "accounts.end_sessions", PREFIX + "accounts.reset_factors", PREFIX + "accounts.close_account",
    PREFIX + "accounts.reopen_account", PREFIX + "by_message.send_code",
)  # fmt: skip
def on_an_account(stage: Any) -> Call:
    """One person, and what an administrator does with the account."""
    pk, name = person(stage), stage.service.rpartition(".")[2]
    more: dict[str, Any] = {
        "change_account": {"name": "李四", "phone": "13900000000"}, "lock": {"reason": "离岗"}, "reset_factors": {"reason": "手机遗失"},
        "close_account": {"reason": "离职"},
    }.get(name, {})  # fmt: skip
    if name == "create_account":
        post = posts.NewPost(role="desk_officer", organisation=office())
        return lambda: accounts.create_account(actor=SYSTEM, username="wang", name="王五", post=post)
    if name == "unlock":
        accounts.lock(actor=SYSTEM, user=User.objects.get(pk=pk), reason="离岗")
    if name == "reopen_account":
        accounts.close_account(actor=SYSTEM, user=User.objects.get(pk=pk), reason="离职")
    if name == "send_code":
        User.objects.filter(pk=pk).update(phone="13800000000")
        with_gateway = override_settings(SMS="/nowhere/sms.yaml")
        return with_gateway(lambda: by_message.send_code(actor=SYSTEM, user=User.objects.get(pk=pk)))
    return lambda: getattr(accounts, name)(actor=SYSTEM, user=User.objects.get(pk=pk), **more)


@tries(PREFIX + "many.create_accounts")
def create_accounts(stage: Any) -> Call:
    text = "zhao,赵一,desk_officer,gxj-equipment\nqian,钱二,desk_officer,gxj-equipment\n"
    return lambda: many.create_accounts(actor=SYSTEM, text=text)


@tries(PREFIX + "identities.link", PREFIX + "identities.unlink")
def link(stage: Any) -> Call:
    pk = person(stage)
    if stage.service.endswith(".link"):
        return lambda: identities.link(
            actor=SYSTEM, user=User.objects.get(pk=pk), provider="city", subject="s-1"
        )
    row = identities.link(actor=SYSTEM, user=User.objects.get(pk=pk), provider="city", subject="s-1")
    return lambda: identities.unlink(actor=SYSTEM, identity=type(row).objects.get(pk=row.pk))


@tries(PREFIX + "identities.end_agent")
def end_agent(stage: Any) -> Call:
    admin = stage.actor("enterprise_admin", enterprise=stage.a.enterprise)
    agent = stage.account("enterprise", username="agent", enterprise=stage.a.enterprise)
    Membership.objects.filter(user=agent).update(provider="portal")
    return lambda: identities.end_agent(actor=admin, post=Membership.objects.get(user=agent))


@tries(PREFIX + "posts.add_post", PREFIX + "posts.decide", PREFIX + "posts.end_post")
def on_a_post(stage: Any) -> Call:
    user = User.objects.get(pk=person(stage))
    if stage.service.endswith("add_post"):
        new = posts.NewPost(role="chain_office", organisation=office(), reason="调岗")
        return lambda: posts.add_post(actor=SYSTEM, user=User.objects.get(pk=user.pk), new=new)
    if stage.service.endswith("decide"):
        Membership.objects.filter(user=user).update(state="pending")
        security = stage.actor("security_admin", org="gxj")
        return lambda: posts.decide(actor=security, post=Membership.objects.get(user=user), yes=True)
    return lambda: posts.end_post(actor=SYSTEM, post=Membership.objects.get(user=user))


@tries(PREFIX + "agreements.answer")
def agreement(stage: Any) -> Call:
    asker, third = stage.actor("system_admin", org="gxj-data"), stage.actor("auditor", org="gxj")
    target = stage.account("security_admin", username="an", org="gxj")
    with suppress(agreements.Waits):
        accounts.issue_code(actor=asker, user=target)
    return lambda: agreements.answer(actor=third, agreement=Agreement.objects.get(), yes=True)


@tries(PREFIX + "stand_ins.lend", PREFIX + "stand_ins.take_back")
def stand_in(stage: Any) -> Call:
    lender, other = (
        User.objects.get(pk=person(stage)),
        stage.account("desk_officer", username="mu", org="gxj-equipment"),
    )
    actor, today = actor_of_user(lender), time.today()
    given = {"to": other, "since": today, "until": today + timedelta(days=3), "reason": "出差"}
    if stage.service.endswith("lend"):
        return lambda: stand_ins.lend(actor=actor, **given)
    lent = stand_ins.lend(actor=actor, **given)
    return lambda: stand_ins.take_back(actor=actor, post=Membership.objects.get(pk=lent.pk))


@tries("kernel.accounts.codes.issue")
def issue(stage: Any) -> Call:
    """Called inside the transaction of the service that issues it."""
    pk = person(stage)

    def within() -> None:
        with transaction.atomic():
            codes.issue(actor=SYSTEM, user=User.objects.get(pk=pk))

    return within


@tries(
    "kernel.accounts.codes.use", "kernel.accounts.codes.revoke", "kernel.accounts.codes.password_changed", "kernel.accounts.second.use_code",
    event=False,
)  # fmt: skip
def on_a_code(stage: Any) -> Call:
    """Taken back, a code leaves the event of who takes it back; a second factor leaves the log of sign-ins."""
    pk, name = person(stage), stage.service.rpartition(".")[2]
    if name == "use_code":
        Authenticator.objects.filter(user=pk).delete()
        code = RecoveryCodes.activate(User.objects.get(pk=pk)).get_unused_codes()[0]
        return lambda: second.use_code(User.objects.get(pk=pk), code)
    if name == "password_changed":
        User.objects.filter(pk=pk).update(must_change_password=True)
        return lambda: codes.password_changed(user=User.objects.get(pk=pk))
    with transaction.atomic():
        _code, row = codes.issue(actor=SYSTEM, user=User.objects.get(pk=pk))
    more = {"password": "another horse"} if name == "use" else {}
    return lambda: getattr(codes, name)(row=OneTimeCode.objects.get(pk=row.pk), **more)


@tries("city.administration.by_message.ask", event=False)
def ask(stage: Any) -> Call:
    """Who asks is nobody yet: it stands in the log of sign-ins."""
    request = RequestFactory().post("/", REMOTE_ADDR="127.0.0.1")
    person(stage)
    return lambda: by_message.ask(request=request, username="li")


@tries("city.administration.identities.person_of")
def person_of(stage: Any) -> Call:
    """An agent who comes for the first time: account, link, post."""
    service = SimpleNamespace(code="portal", people="enterprise", role="enterprise", match="", agent_days=30)
    who = Identity("s-1", "李四", credit_code=stage.a.enterprise.uscc, agent_id="7")
    return lambda: identities.person_of(service=service, identity=who)  # type: ignore[arg-type]


@tries("kernel.accounts.policy.change")
def change(stage: Any) -> Call:
    security = stage.actor("security_admin", org="gxj")
    return lambda: policy.change(actor=security, values={"lock_minutes": 30})


@tries("city.subjects.export", "city.subjects.erase")
def on_a_person(stage: Any) -> Call:
    pk, name = person(stage), stage.service.rpartition(".")[2]
    more = {"why": "request 2023-7"} if name == "erase" else {}
    return lambda: getattr(subjects, name)(actor=SYSTEM, user=User.objects.get(pk=pk), **more)
