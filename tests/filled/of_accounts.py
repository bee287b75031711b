"""Forms of accounts and posts."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from allauth.mfa.models import Authenticator

from filled import Desk, Sent, fills
from lianzhang.city.administration import accounts, agreements, identities
from lianzhang.city.models import Agreement, Membership
from lianzhang.city.services import actor_of_user
from lianzhang.kernel import time
from lianzhang.kernel.models import User
from lianzhang.kernel.scope import SYSTEM

ADMIN, SECURITY = "system_admin", "security_admin"
NEW_CODE = "each time another code, and those before are worth nothing"


def person(d: Desk) -> User:
    """Somebody with a post, a telephone and a second factor."""
    user: User = d.account("desk_officer", username="li", org="gxj-equipment")
    User.objects.filter(pk=user.pk).update(phone="13800000000")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    return user


@fills("city:person_new", ADMIN)
def person_new(d: Desk) -> Sent:
    data = {
        "username": "wang", "name": d.word, "phone": "13900000000", "role": "desk_officer", "organisation": "gxj-equipment",
        "title": d.word, "reason": d.word,
    }  # fmt: skip
    return Sent({}, data)


@fills("city:people_new", ADMIN)
def people_new(d: Desk) -> Sent:
    return Sent({}, {"rows": f"zhao\t{d.word}\tdesk_officer\tgxj-equipment\n"})


@fills("city:change", ADMIN)
def change(d: Desk) -> Sent:
    return Sent({"pk": person(d).pk}, {"name": d.word, "phone": "13900000001"})


@fills("city:code", ADMIN, NEW_CODE)
def code(d: Desk) -> Sent:
    return Sent({"pk": person(d).pk})


@fills("city:add_post", ADMIN)
def add_post(d: Desk) -> Sent:
    data = {"role": "chain_office", "organisation": "gxj-chain", "title": d.word, "reason": d.word}
    return Sent({"pk": person(d).pk}, data)


@fills("city:end_post", ADMIN)
def end_post(d: Desk) -> Sent:
    return Sent({"pk": person(d).memberships.get().pk})


@fills("city:decide", SECURITY)
def decide(d: Desk) -> Sent:
    post = Membership.objects.filter(user=person(d))
    post.update(state="pending")
    return Sent({"pk": post.get().pk, "answer": "yes"}, {"note": d.word})


@fills("city:answer", "auditor")
def answer(d: Desk) -> Sent:
    """The system administrator wants to lock the security administrator, and to link him elsewhere; another one agrees."""
    asker, target = d.actor(ADMIN, org="gxj-data"), d.account(SECURITY, username="an", org="gxj")
    with suppress(agreements.Waits):
        identities.link(actor=asker, user=target, provider="city", subject=d.word)
    with suppress(agreements.Waits):
        accounts.lock(actor=asker, user=target, reason=d.word)
    return Sent({"pk": Agreement.objects.latest("pk").pk, "yes_or_no": "yes"}, {"note": d.word})


@fills("city:unlink", ADMIN)
def unlink(d: Desk) -> Sent:
    user = person(d)
    row = identities.link(actor=SYSTEM, user=user, provider="city", subject="s-1")
    return Sent({"pk": user.pk, "identity": row.pk})


def step(name: str, role: str) -> None:
    """A step on an account, from where it can be taken."""

    @fills("city:step", role, name=f"city:step {name}")
    def fill(d: Desk) -> Sent:
        user = person(d)
        if name == "unlock":
            accounts.lock(actor=SYSTEM, user=user, reason="离岗")
        if name == "reopen":
            accounts.close_account(actor=SYSTEM, user=user, reason="离职")
        return Sent({"pk": user.pk, "name": name}, {"note": d.word})


for each in ("lock", "unlock", "close", "reopen"):
    step(each, ADMIN)
step("factors", SECURITY)


@fills("city:policy", SECURITY)
def policy(d: Desk) -> Sent:
    data = {
        "profile": "nist", "failures": 5, "lock_minutes": 31, "idle_minutes": 30, "absolute_hours": 12, "code_hours": 72,
        "unused_days": 90, "delegation_days": 30,
    }  # fmt: skip
    return Sent({}, data)


@fills("city:standing_in", "desk_officer")
def standing_in(d: Desk) -> Sent:
    other = d.account("desk_officer", username="mu", org="gxj-equipment")
    today = time.today()
    return Sent({}, {"to": other.pk, "since": today, "until": today + timedelta(days=3), "reason": d.word})


@fills("city:end_agent", "enterprise_admin")
def end_agent(d: Desk) -> Sent:
    agent = d.account("enterprise", username="agent", enterprise=d.a.enterprise)
    Membership.objects.filter(user=agent).update(provider="portal")
    return Sent({"pk": Membership.objects.get(user=agent).pk})


@fills("city:subject_export", SECURITY, "each export is recorded by itself")
def subject_export(d: Desk) -> Sent:
    return Sent({"pk": person(d).pk})


@fills("city:subject_erase", SECURITY, "asked for again it goes over what came since, and is recorded again")
def subject_erase(d: Desk) -> Sent:
    user = person(d)
    accounts.close_account(actor=SYSTEM, user=user, reason="离职")
    return Sent({"pk": user.pk}, {"note": d.word})


@fills("city:take_back", "desk_officer")
def take_back(d: Desk) -> Sent:
    from lianzhang.city.administration import stand_ins

    lender = actor_of_user(User.objects.get(username="desk_officer-a"))
    other, today = d.account("desk_officer", username="mu", org="gxj-equipment"), time.today()
    lent = stand_ins.lend(actor=lender, to=other, since=today, until=today + timedelta(days=3), reason="出差")
    return Sent({"pk": lent.pk})
