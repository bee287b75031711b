"""The account pages: who may do what to whom, and what is left behind."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lianzhang.city.models import Membership
from lianzhang.kernel.models import Event, OneTimeCode, SignIn, User

pytestmark = pytest.mark.django_db


def verbs_of(user: User) -> list[str]:
    return list(
        Event.objects.filter(subject=f"user:{user.pk}").order_by("seq").values_list("verb", flat=True)
    )


def test_an_account_without_e_mail_from_the_form_to_the_first_page(signed_in: Callable[..., Client]) -> None:
    admin = signed_in("system_admin", org="gxj-data")
    answer = admin.post(
        "/people/new/",
        {
            "username": "20230417",
            "name": "王小明",
            "role": "desk_officer",
            "organisation": "gxj-equipment",
            "title": "科员",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 200, page
    code = re.search(r'lz-code" data-verbatim>([0-9A-Z-]{19})<', page)
    assert code
    user = User.objects.get(username="20230417")
    assert verbs_of(user) == ["account_made", "post_given", "code_issued"]
    assert code[1] not in str(list(Event.objects.values_list("data", flat=True)))
    assert not OneTimeCode.objects.filter(digest__contains=code[1].replace("-", "")).exists()
    person = Client()
    new = {"username": "20230417", "password1": "battery staple 9", "password2": "battery staple 9"}
    assert person.post("/accounts/code/", {**new, "code": "AAAA-BBBB-CCCC-DDDD"}).status_code == 422
    done = person.post("/accounts/code/", {**new, "code": code[1].lower().replace("-", " ")})
    assert done.status_code == 302
    assert person.post("/accounts/code/", {**new, "code": code[1]}).status_code == 422
    person.post("/accounts/login/", {"login": "20230417", "password": "battery staple 9"})
    assert person.get("/").status_code == 200
    assert list(SignIn.objects.order_by("pk").values_list("outcome", flat=True)) == [
        "wrong",
        "done",
        "wrong",
        "done",
    ]


PAGES = ("/people/", "/people/new/", "/people/new/many/", "/people/waiting/", "/people/agreements/", "/accounts/rules/", "/log/", "/log/sign-ins/",
         "/accounts/standing-in/", "/accounts/agents/", "/accounts/factors/", "/accounts/factors/totp/activate/",
         "/accounts/factors/webauthn/", "/accounts/factors/webauthn/add/")  # fmt: skip
OPEN = {
    "system_admin": {
        "/people/",
        "/people/new/",
        "/people/new/many/",
        "/people/agreements/",
        "/accounts/rules/",
    },
    "security_admin": {
        "/people/",
        "/people/waiting/",
        "/people/agreements/",
        "/accounts/rules/",
        "/log/sign-ins/",
    },
    "auditor": {"/people/", "/people/agreements/", "/accounts/rules/", "/log/", "/log/sign-ins/"},
    "unit_admin": {"/people/", "/log/sign-ins/"},
    "enterprise_admin": {"/accounts/agents/"},
    "desk_officer": set(),
}


@pytest.mark.parametrize("role", sorted(OPEN))
def test_each_page_opens_to_its_roles_only(role: str, account: Callable[..., Any], enterprise: Any) -> None:
    client = Client()
    where = {"enterprise": enterprise()} if role == "enterprise_admin" else {"org": "gxj"}
    account(role, "zhao", **where)
    client.post("/accounts/login/", {"login": "zhao", "password": "correct horse"})
    for page in PAGES:
        everybody = page.startswith(("/accounts/standing-in", "/accounts/factors"))
        wanted = 200 if everybody or page in OPEN[role] else 404
        assert client.get(page).status_code == wanted, page


def test_steps_on_an_account_leave_events_and_end_sessions(
    signed_in: Callable[..., Client], account: Any
) -> None:
    admin, user = signed_in("system_admin", org="gxj-data"), account("desk_officer", "li", org="gxj")
    person = Client()

    def enter() -> int:
        person.post("/accounts/login/", {"login": "li", "password": "correct horse"})
        return person.get("/").status_code

    assert enter() == 200
    for step, note in (("lock", "离岗"), ("unlock", ""), ("sessions", ""), ("close", "调离"), ("reopen", "")):
        assert admin.post(f"/people/{user.pk}/step/{step}/", {"note": note}).status_code == 302
        assert person.get("/").status_code == 302, step
        assert (enter() == 200) is (step in ("unlock", "sessions")), step
    assert verbs_of(user) == [
        "account_locked",
        "account_unlocked",
        "sessions_ended",
        "account_closed",
        "account_reopened",
    ]
    assert user.memberships.get().ended_at is not None
    assert admin.post(f"/people/{user.pk}/step/lock/", {"note": " "}).status_code == 302
    assert verbs_of(user)[-1] == "account_reopened"


def test_a_post_that_ended_is_over_with_the_next_request(
    signed_in: Callable[..., Client], account: Any
) -> None:
    admin, user = signed_in("system_admin", org="gxj-data"), account("director", "li", org="gxj")
    person = Client()
    person.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert person.get("/enterprises/").status_code == 200
    post = user.memberships.get()
    admin.post(f"/posts/{post.pk}/end/")
    assert person.get("/enterprises/").status_code == 404
    Membership.objects.filter(pk=post.pk).update(ended_at=None, until="2023-04-09")
    assert person.get("/enterprises/").status_code == 404
    Membership.objects.filter(pk=post.pk).update(until="2023-04-10")
    assert person.get("/enterprises/").status_code == 200


def test_a_units_administrator_reaches_his_unit_and_no_administrator(
    signed_in: Callable[..., Client], account: Any
) -> None:
    admin = signed_in("unit_admin", org="gxj")
    own, foreign = account("desk_officer", "own", org="gxj"), account("desk_officer", "far", org="gxj-449802")
    chief = account("system_admin", "chief", org="gxj")
    assert admin.post(f"/people/{own.pk}/code/").status_code == 200
    assert admin.post(f"/people/{foreign.pk}/code/").status_code == 404
    assert admin.post(f"/people/{chief.pk}/code/").status_code == 404
    assert admin.get(f"/people/{chief.pk}/").status_code == 200
    assert admin.post(f"/people/{own.pk}/step/close/", {"note": "x"}).status_code == 404
    assert OneTimeCode.objects.count() == 1


def test_many_accounts_are_all_made_or_none(signed_in: Callable[..., Client]) -> None:
    admin, before = signed_in("system_admin", org="gxj-data"), User.objects.count()
    rows = "g001\t甲一\tdesk_officer\tgxj\t2024-12-31\ng002\t乙二\tnobody\tgxj\ng003\t丙三\tdesk_officer\tnowhere\n"
    answer = admin.post("/people/new/many/", {"rows": rows})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "nobody" in text
    assert "nowhere" in text
    assert User.objects.count() == before
    assert Event.objects.filter(verb="account_made").count() == 0
    answer = admin.post(
        "/people/new/many/", {"rows": rows.splitlines()[0] + "\ng002,乙二,处室科员,gxj".replace(",", "\t")}
    )
    assert answer.status_code == 200
    assert answer.content.decode().count("lz-code") == 2
    assert User.objects.count() == before + 2
