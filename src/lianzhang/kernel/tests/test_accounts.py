"""Sign-in: no enumeration, lockout, posts, sessions, password change (S10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from lianzhang.city.models import Membership
from lianzhang.kernel.models import LoginFailure, User

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client: Client, username: str, password: str, **more: Any) -> Any:
    return client.post(LOGIN, {"login": username, "password": password}, **more)


def test_sign_in_leads_home_and_out_again(account: Callable[..., Any]) -> None:
    account("director", "li")
    client = Client()
    assert client.get("/").headers["Location"] == "/accounts/login/?next=%2F"
    assert sign_in(client, "li", "correct horse").status_code == 302
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_wrong_password_and_unknown_name_answer_alike(account: Callable[..., Any]) -> None:
    account("director", "zhang31")
    wrong = sign_in(Client(), "zhang31", "nope").content.decode()
    unknown = sign_in(Client(), "wang442", "nope").content.decode()

    def words(page: str) -> list[str]:
        return [line for line in page.split("\n") if "csrf" not in line and "value=" not in line]

    assert words(wrong) == words(unknown)


def test_five_failures_lock_the_account_even_for_the_right_password(account: Callable[..., Any]) -> None:
    account("director", "li")
    for _ in range(5):
        sign_in(Client(), "li", "nope")
    client = Client()
    assert sign_in(client, "li", "correct horse").status_code == 200
    assert client.get("/").status_code == 302
    LoginFailure.objects.all().delete()
    assert sign_in(client, "li", "correct horse").status_code == 302


def test_many_failures_from_one_address_lock_the_address(account: Callable[..., Any]) -> None:
    account("director", "li")
    for n in range(20):
        sign_in(Client(), f"somebody{n}", "nope", REMOTE_ADDR="10.1.2.3")
    assert sign_in(Client(), "li", "correct horse", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert sign_in(Client(), "li", "correct horse", REMOTE_ADDR="10.1.2.4").status_code == 302


def test_nobody_signs_up(account: Callable[..., Any]) -> None:
    assert Client().get("/accounts/signup/").status_code == 302
    client = Client()
    client.force_login(account("director"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/accounts/signup/").status_code == 404


def test_a_closed_account_cannot_enter(account: Callable[..., Any]) -> None:
    account("director", "li")
    User.objects.update(is_active=False)
    client = Client()
    sign_in(client, "li", "correct horse")
    assert client.get("/").status_code == 302


def test_password_change_keeps_this_session(account: Callable[..., Any]) -> None:
    account("director", "li")
    client = Client()
    sign_in(client, "li", "correct horse")
    data = {"oldpassword": "correct horse", "password1": "battery staple 9", "password2": "battery staple 9"}
    assert client.post("/accounts/password/", data).status_code == 302
    assert client.get("/").status_code == 200
    assert sign_in(Client(), "li", "battery staple 9").status_code == 302


def test_short_and_common_passwords_are_refused(account: Callable[..., Any]) -> None:
    account("director", "li")
    client = Client()
    sign_in(client, "li", "correct horse")
    for weak in ("short", "password123", "1234567890"):
        data = {"oldpassword": "correct horse", "password1": weak, "password2": weak}
        assert client.post("/accounts/password/", data).status_code == 200


def test_a_person_with_two_posts_chooses(account: Callable[..., Any]) -> None:
    user = account("director", "li")
    second = Membership.objects.create(user=user, role="auditor", scope_kind="city", post="审计")
    client = Client()
    sign_in(client, "li", "correct horse")
    assert client.get("/").context["actor"].role == "director"
    client.post("/accounts/post/", {"membership": second.pk})
    assert client.get("/").context["actor"].role == "auditor"
    assert client.post("/accounts/post/", {"membership": 10**9}).status_code == 404


def test_a_post_that_is_over_gives_nothing(account: Callable[..., Any]) -> None:
    user = account("director", "li")
    Membership.objects.filter(user=user).update(until=date(2023, 4, 9))
    client = Client()
    sign_in(client, "li", "correct horse")
    assert client.get("/").context["actor"].role == "none"
    assert client.get("/enterprises/").status_code == 404


def test_sessions_are_listed_and_others_ended(account: Callable[..., Any]) -> None:
    account("director", "li")
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, "li", "correct horse")
        client.get("/")
    page = here.get("/accounts/sessions/")
    assert len(page.context["sessions"]) == 2
    here.post("/accounts/sessions/")
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


def test_the_policy_is_asked_for_once_in_a_while_and_at_once_after_a_change(
    account: Callable[..., Any],
    settings: Any,
    django_assert_num_queries: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    from lianzhang.kernel.accounts import policy
    from lianzhang.kernel.scope import SYSTEM

    settings.POLICY_SECONDS = 1000
    policy.forget()
    try:
        with django_assert_num_queries(1):
            assert policy.of_this_request().idle == 120
            assert policy.of_this_request().idle == 120
        with django_capture_on_commit_callbacks(execute=True):
            policy.change(actor=SYSTEM, values={"idle_minutes": 7})
        assert policy.of_this_request().idle == 7
    finally:
        policy.forget()
