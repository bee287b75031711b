"""Sign-in and sessions under attack: fixation, stolen sessions, enumeration, addresses that lie, bodies without end (S10)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.validators import validate_ipv46_address
from django.test import Client
from django.utils import timezone

from lianzhang.kernel.models import LoginFailure, User

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S10")]
LOGIN, PASSWORD = "/accounts/login/", "correct horse"
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "http:evil.example",
             "https:///evil.example", " //evil.example", "/\t/evil.example", "https://testserver@evil.example/", "ftp://testserver/")  # fmt: skip


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": username, "password": password, **more.pop("form", {})}, **more)


def test_a_session_given_before_the_sign_in_is_worth_nothing(account: Callable[..., Any]) -> None:
    account("director", "li")
    client = Client()
    client.get(LOGIN)
    client.cookies["sessionid"] = "a" * 32
    sign_in(client, "li")
    assert client.cookies["sessionid"].value != "a" * 32
    thief = Client()
    thief.cookies["sessionid"] = "a" * 32
    assert thief.get("/").status_code == 302
    assert client.get("/").status_code == 200


def test_the_key_changes_with_the_sign_in(account: Callable[..., Any]) -> None:
    account("director", "li")
    client = Client()
    session = client.session
    session["x"] = 1
    session.save()
    before = client.cookies["sessionid"].value
    sign_in(client, "li")
    assert client.cookies["sessionid"].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_out_ends_the_session_for_who_copied_it(account: Callable[..., Any]) -> None:
    account("director", "li")
    client, thief = Client(), Client()
    sign_in(client, "li")
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get("/").status_code == 200
    assert client.get("/accounts/logout/").status_code == 200  # to look at the page signs nobody out
    assert thief.get("/").status_code == 200
    client.post("/accounts/logout/")
    assert thief.get("/").status_code == 302


def test_a_new_password_ends_the_other_sessions(account: Callable[..., Any]) -> None:
    account("director", "li")
    client, thief = Client(), Client()
    sign_in(client, "li")
    sign_in(thief, "li")
    new = "battery staple 9"
    client.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert client.get("/").status_code == 200
    assert thief.get("/").status_code == 302
    assert sign_in(Client(), "li").status_code == 200
    assert sign_in(Client(), "li", new).status_code == 302


def test_a_closed_account_is_out_at_once(account: Callable[..., Any]) -> None:
    user = account("director", "li")
    client = Client()
    sign_in(client, "li")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/").status_code == 302
    assert client.get("/api/v1/matters").status_code == 401


def test_a_busy_session_ends_after_twelve_hours_all_the_same(
    account: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    account("director", "li")
    client, start = Client(), timezone.now()
    sign_in(client, "li")
    for hours in range(12):
        monkeypatch.setattr(timezone, "now", lambda at=start + timedelta(hours=hours): at)
        assert client.get("/").status_code == 200, hours
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(hours=12, minutes=2))
    assert client.get("/").status_code == 302


def test_an_idle_session_ends(account: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    account("director", "li")
    client, start = Client(), timezone.now()
    sign_in(client, "li")
    client.get("/")
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(hours=2, minutes=2))
    assert client.get("/").status_code == 302


def test_a_lockout_tells_nobody_which_accounts_exist(account: Callable[..., Any]) -> None:
    """A known and an unknown name walk through failures and lockout with the same words at every step."""
    account("director", "zhang31")
    for _ in range(7):
        pages = []
        for name, address in (("zhang31", "10.0.0.1"), ("wangwu9", "10.0.0.2")):
            answer = sign_in(Client(), name, "nope", REMOTE_ADDR=address)
            text = answer.content.decode().replace(name, "NAME")
            pages.append(
                (answer.status_code, [line for line in text.split("\n") if "csrf" not in line.lower()])
            )
        assert pages[0] == pages[1]
    assert sign_in(Client(), "zhang31", REMOTE_ADDR="10.0.0.3").status_code == 200


@pytest.mark.parametrize("spelling", ["ZHANG31", " zhang31 ", "ｚｈａｎｇ31", "Zhang31"])
def test_no_spelling_of_a_name_has_tries_of_its_own(account: Callable[..., Any], spelling: str) -> None:
    account("director", "zhang31")
    for n in range(5):
        sign_in(Client(), spelling if n % 2 else "zhang31", "nope", REMOTE_ADDR=f"10.0.0.{n}")
    for name in ("zhang31", spelling):
        client = Client()
        sign_in(client, name, REMOTE_ADDR="10.0.0.99")
        assert client.get("/").status_code == 302


def test_an_address_from_outside_counts_only_behind_a_proxy(
    account: Callable[..., Any], settings: Any
) -> None:
    account("director", "li")
    told = {"X-Forwarded-For": "9.9.9.9, 10.7.7.7"}
    sign_in(Client(), "li", "nope", REMOTE_ADDR="10.0.0.1", headers=told)
    client = Client()
    sign_in(client, "li", REMOTE_ADDR="10.0.0.1", headers=told)
    client.get("/", REMOTE_ADDR="10.0.0.1", headers=told)
    assert UserSession.objects.get().ip == "10.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    client = Client()  # who is not the proxy says it for nothing
    sign_in(client, "li", REMOTE_ADDR="10.0.0.1", headers=told)
    assert not client.get(
        "/", REMOTE_ADDR="10.0.0.1", headers=told | {"X-Forwarded-Proto": "https"}
    ).wsgi_request.is_secure()
    assert set(UserSession.objects.values_list("ip", flat=True)) == {"10.0.0.1"}
    settings.PROXIES = {"10.0.0.1"}
    sign_in(Client(), "wang", "nope", REMOTE_ADDR="10.0.0.1", headers=told)
    client = Client()
    sign_in(client, "li", REMOTE_ADDR="10.0.0.1", headers=told)
    client.get("/", REMOTE_ADDR="10.0.0.1", headers=told)
    assert set(LoginFailure.objects.values_list("address", flat=True)) == {"10.7.7.7"}
    assert set(UserSession.objects.values_list("ip", flat=True)) == {"10.0.0.1", "10.7.7.7"}


@pytest.mark.parametrize(
    "address", ["<script>", "1.2.3.4:80, x", "", "::ffff:9.9.9.9", "0x7f000001", "a" * 500]
)
def test_an_address_that_is_none_breaks_nothing(
    account: Callable[..., Any], settings: Any, address: str
) -> None:
    settings.SECURE_PROXY_SSL_HEADER, settings.PROXIES = ("HTTP_X_FORWARDED_PROTO", "https"), {"127.0.0.1"}
    account("director", "li")
    told = {"X-Forwarded-For": address}
    assert sign_in(Client(), "li", "nope", headers=told).status_code == 200
    client = Client()
    assert sign_in(client, "li", headers=told).status_code == 302
    assert client.get("/accounts/sessions/", headers=told).status_code == 200
    for row in UserSession.objects.all():
        validate_ipv46_address(row.ip)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_to_another_site(account: Callable[..., Any], target: str) -> None:
    account("director", "li")
    client = Client()
    answer = sign_in(client, "li", form={"next": target})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"
    for again in (client.get(LOGIN, {"next": target}), client.post("/accounts/logout/", {"next": target})):
        assert not again.headers.get("Location", "/accounts/login/").startswith(
            target.strip()[:6]
        ) or target.startswith("/")
        assert "evil" not in again.headers.get("Location", "")
    sign_in(client, "li")
    for where in ("/preferences/", "/accounts/post/"):
        moved = client.post(where, {"next": target, "theme": "dark", "back": target, "here": target})
        assert "evil" not in moved.headers.get("Location", "")
        assert "javascript" not in moved.headers.get("Location", "")


def test_a_double_slash_stays_here() -> None:
    found = Client().get("//evil.example/x").headers["Location"]
    assert found.startswith("/accounts/login/?next=%2F")
    assert "next=%2F%2F" not in found


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver:80@evil", "testserver.evil.example", "", "[::1", "test server"]
)
def test_a_false_host_gets_no_page(host: str) -> None:
    answer = Client().get(LOGIN, headers={"Host": host})
    assert answer.status_code == 400
    assert host == "" or host not in answer.content.decode()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_visitor_cannot_fill_the_disk(account: Callable[..., Any], settings: Any) -> None:
    """The check of the token reads the form, and with it whatever file it carries: it must not get so far."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = settings.ATTACHMENT_LIMIT_BYTES = 1000
    client = Client(enforce_csrf_checks=True)
    client.get(LOGIN)
    file = io.BytesIO(b"x" * 2000)
    file.name = "a.txt"
    assert client.post(LOGIN, {"login": "li", "password": "x", "f": file}).status_code == 413
    account("director", "li")
    inside = Client()
    sign_in(inside, "li")
    for size, wanted in ((3000, 405), (7000, 413)):
        assert (
            inside.post("/enterprises/1/nothing", b"x" * size, content_type="text/plain").status_code == 404
        )
        assert inside.post("/accounts/post/", b"x" * size, content_type="text/plain").status_code == (
            404 if wanted == 405 else 413
        )
