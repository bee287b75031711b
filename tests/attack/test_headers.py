"""Every answer of every route, as served behind TLS: headers and cookies that get A+ from the local scorer (S9)."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.test import Client
from world import World

from attack import observatory
from contract.doors import address, named_routes, samples_of
from tally import case

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S9")]


ENDS = {"account_logout", "usersessions_list"}
"""What ends the session; it is looked at below."""


@pytest.fixture
def served(settings: Any) -> None:
    """As `LIANZHANG_HTTPS=1` sets it."""
    from lianzhang.site.environment import behind_tls

    for name, value in behind_tls().items():
        setattr(settings, name, value)


@pytest.mark.parametrize("role", ["chain_office", None])
def test_every_route_gets_the_best_mark(
    role: str | None, served: None, world: World, client_of: Callable[[str], Client]
) -> None:
    client = client_of(role) if role else Client()
    worst = 999
    for name, parameters in named_routes():
        arguments = samples_of(name, parameters, world.a) if parameters else {}
        if arguments is None or name in ENDS:
            continue
        for method in ("get", "post"):
            case()
            answer = getattr(client, method)(address(name, arguments), secure=True)
            points = observatory.score(answer.headers, answer.cookies)
            worst = min(worst, points)
            assert observatory.grade(points) == "A+", (
                name,
                method,
                observatory.marks(answer.headers, answer.cookies),
            )
    assert worst >= 100


def test_cookies_of_a_sign_in_keep_to_this_host(served: None, account: Any) -> None:
    account("director", "li")
    client = Client()
    client.get("/accounts/login/", secure=True)
    client.post("/accounts/login/", {"login": "li", "password": "correct horse"}, secure=True)
    client.post("/preferences/", {"theme": "dark", "language": "en"}, secure=True)
    held = [n for n in client.cookies if "session" in n or "csrf" in n]
    assert len(held) == 2
    for name in held:
        case()
        cookie = client.cookies[name]
        assert name.startswith("__Host-"), name
        assert (cookie["path"], cookie["domain"], bool(cookie["secure"]), bool(cookie["httponly"])) == (
            "/",
            "",
            True,
            True,
        )
    left = client.post("/accounts/logout/", secure=True)
    assert observatory.grade(observatory.score(left.headers, left.cookies)) == "A+", observatory.marks(
        left.headers, left.cookies
    )
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize(
    ("headers", "letter"),
    [({}, "D"), ({"Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'", "X-Content-Type-Options": "nosniff",
                 "Strict-Transport-Security": "max-age=31536000"}, "A+"),
     ({"Content-Security-Policy": "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'", "X-Content-Type-Options": "nosniff",
       "Strict-Transport-Security": "max-age=31536000"}, "B")],
)  # fmt: skip
def test_the_scorer_can_be_displeased(headers: dict[str, str], letter: str) -> None:
    assert observatory.grade(observatory.score(headers, SimpleCookie())) == letter
