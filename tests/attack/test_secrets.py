"""What is secret or personal reaches no log, no event, no error page, no export; and no input forges a line of a log (S15)."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as installation
from django.test import Client
from world import World

from contract.doors import address, named_routes, readable, samples_of
from lianzhang.kernel.models import Event, Job
from tally import case

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S15")]
SECRETS = {
    "password": "Canary-pass-7Q!",
    "token": "canary-token-9f8e7d6c5b",
    "phone": "13987654321",
    "identity": "440106199003078812",
    "card": "6222021234567890123",
}
FORGED = "x\r\n2023-01-01 00:00:00 CRITICAL forged line"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that any logger says, as the installation writes it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    quiet = logging.getLogger("django.db.backends")
    before, quiet.propagate = quiet.propagate, False  # statements are not logged in service
    yield out
    quiet.propagate = before
    root.removeHandler(handler)
    root.setLevel(level)


def formatter() -> logging.Formatter:
    """The formatter of the installation's console."""
    import logging.config

    told: dict[str, Any] = installation.LOGGING
    name = next(iter(told["handlers"].values()))["formatter"]
    return logging.config.DictConfigurator({"version": 1}).configure_formatter(dict(told["formatters"][name]))


def everything(client: Client, world: World, value: str) -> None:
    """The value in every place where something is typed or sent."""
    matter, firm = world.a.matter, world.a.enterprise
    client.post("/accounts/login/", {"login": "enterprise-a", "password": value})
    client.post("/accounts/login/", {"login": value, "password": value})
    client.post("/accounts/password/", {"oldpassword": value, "password1": value, "password2": value})
    client.get(
        "/search",
        {"q": value},
        headers={
            "Authorization": f"Bearer {value}",
            "X-Request-ID": value,
            "User-Agent": value,
            "Cookie": f"x={value}",
        },
    )
    client.post(f"/matters/{matter.pk}/note/", {"text": "x", "csrfmiddlewaretoken": value})
    for where in ("/api/v1/matters", f"/api/v1/matters/{matter.pk}/moves/withdraw"):
        for sent in (json.dumps({"kind": value, "title": value, "fields": {value: value}}), value):
            client.post(
                where,
                sent,
                content_type="application/json",
                headers={"Idempotency-Key": value, "If-Match": value},
            )
    client.get("/nowhere/", {"token": value})
    client.get("/enterprises/", {"sort": value, "district": value, "page": value})
    client.post(f"/matters/dispute/{firm.pk}/", {"field": value, "claimed": value})
    for name, parameters in named_routes():
        arguments = samples_of(name, parameters, world.a) if parameters else {}
        if arguments is not None and not name.startswith("api:"):
            client.get(address(name, arguments), {"token": value})


@pytest.mark.parametrize("kind", sorted(SECRETS))
def test_no_log_holds_what_somebody_typed(
    kind: str, world: World, client_of: Callable[[str], Client], logged: io.StringIO
) -> None:
    """Passwords and tokens stand in no event and no job either."""
    value, client = SECRETS[kind], client_of("enterprise")
    everything(client, world, value)
    case(n=len(named_routes()))
    told = logged.getvalue()
    assert value not in told, [line for line in told.splitlines() if value in line][:3]
    if kind in ("password", "token"):
        kept = "\n".join(repr(r) for m in (Event, Job) for r in m.objects.values_list())
        assert value not in kept.replace(f"'{value}'", "") or kind == "token"


def test_an_error_of_ours_tells_nothing(
    world: World, client_of: Callable[[str], Client], logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view that breaks: the page says sorry, the log says where, neither says what was sent."""
    from lianzhang.registry.web import views

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken inside")

    client = client_of("chain_office")
    client.raise_request_exception = False
    monkeypatch.setattr(views.tables, "build", broken)
    for value in SECRETS.values():
        case()
        answer = client.get(
            "/enterprises/",
            {"q": value, "token": value},
            headers={"Cookie": f"{client.cookies.output(header='', sep=';')}; x={value}"},
        )
        text = readable(answer)
        assert answer.status_code == 500
        assert "Traceback" not in text
        assert "broken inside" not in text
        assert value not in logged.getvalue()
    assert "broken inside" in logged.getvalue()


@pytest.mark.parametrize("place", ["name", "path", "agent", "query", "file", "key"])
def test_no_input_forges_a_line_of_the_log(
    place: str, world: World, client_of: Callable[[str], Client], logged: io.StringIO
) -> None:
    client = client_of("enterprise")
    if place == "name":
        for _ in range(7):
            Client().post("/accounts/login/", {"login": FORGED, "password": "x"})
    elif place == "path":
        client.get("/nowhere/" + FORGED.replace("\r", "%0d").replace("\n", "%0a").replace(" ", "%20"))
        client.get("/%0a2023 CRITICAL forged line")
    elif place == "agent":
        client.get(
            "/nowhere", headers={"User-Agent": FORGED.replace("\r\n", "%0d%0a"), "Referer": "x%0aforged line"}
        )
    elif place == "query":
        client.get("/enterprises/", {"q": FORGED, "sort": FORGED, "district": FORGED})
    elif place == "file":
        from django.core.files.uploadedfile import SimpleUploadedFile

        client.post(
            f"/matters/{world.a.matter.pk}/files/", {"files": SimpleUploadedFile(f"a{FORGED}.exe", b"MZ")}
        )
    else:
        client.post(
            "/api/v1/matters",
            FORGED,
            content_type="application/json",
            headers={"Idempotency-Key": FORGED.replace("\r\n", "%0d%0a")},
        )
    assert not any(
        line.startswith(("2023-01-01 00:00:00 CRITICAL", "2023 CRITICAL"))
        for line in logged.getvalue().splitlines()
    )


def test_the_watch_hears(world: World, logged: io.StringIO) -> None:
    logging.getLogger("lianzhang.x").warning("heard %s", "canary")
    assert "canary" in logged.getvalue()
