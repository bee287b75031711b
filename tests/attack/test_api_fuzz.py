"""The whole API asked at random, after its own description: never an error of ours, never an answer it does not describe (S12)."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from world import World

from contract.doors import SEATS
from lianzhang.city.services import roles
from lianzhang.kernel.api.app import description_text
from tally import LONG, SEED, case, sample

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S12")]
WHOLE, SHORT = 100_000, 2_000
METHODS = ("get", "post", "put", "patch", "delete")
SCHEMA = json.loads(description_text())
OPERATIONS = [
    (path, method) for path, item in SCHEMA["paths"].items() for method in item if method in METHODS
]
ROLES = sorted(SEATS)
"""Every seat of the tests in the long run, four drawn otherwise."""
SEATED = sample(ROLES, 4, "fuzz")
CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_headers_conformance,
    checks.response_schema_conformance, checks.use_after_free, checks.ensure_resource_availability, checks.missing_required_header,
]  # fmt: skip
"""Those that hold of every answer. Not made here: `negative_data_rejection` and `positive_data_acceptance` (what a process
allows in a state no schema says: a good body may be refused), `ignored_auth` (the session's cookie is its own scheme: S1
asks every route as nobody), `unsupported_method` (asked below of every path)."""
EACH = (WHOLE if LONG else SHORT) // (len(OPERATIONS) * len(SEATED)) + 1


def seed_of(*words: str) -> int:
    """The same number in every process for the same commit."""
    return int.from_bytes(hashlib.sha256(" ".join((SEED, *words)).encode()).digest()[:8])


@pytest.mark.timeout(3 * 3600 if LONG else 300)
@pytest.mark.parametrize("role", SEATED)
def test_no_request_breaks_the_api(role: str, world: World, client_of: Callable[[str], Client]) -> None:
    client = client_of(role)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    schema = schemathesis.openapi.from_dict(SCHEMA)
    schema.app = get_wsgi_application()
    pks = [world.a.matter.pk, world.b.matter.pk, world.a.enterprise.pk, world.a.list.pk]
    for path, method in OPERATIONS:
        asked_at_random(schema[path][method], cookies, pks, seed_of(role, path, method))


def asked_at_random(operation: Any, cookies: dict[str, str], pks: list[int], number: int) -> None:
    """So many requests as the description allows; half of those that name a row name one that is there."""
    chance = random.Random(number)

    @seeded(number)
    @settings(
        max_examples=EACH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(each=operation.as_strategy())
    def ask(each: Any) -> None:
        case()
        if "pk" in (each.path_parameters or {}) and chance.random() < 0.5:
            each.path_parameters["pk"] = chance.choice(pks)
        answer = each.call(headers={"If-Match": "*"}, cookies=cookies)
        assert answer.status_code < 500, each.as_curl_command()
        each.validate_response(answer, checks=CHECKS)

    ask()


def test_a_method_that_is_not_described_is_refused(world: World, client_of: Callable[[str], Client]) -> None:
    client = client_of("chain_office")
    for path, item in SCHEMA["paths"].items():
        where = path.replace("{pk}", str(world.a.matter.pk)).replace("{move}", "take")
        for method in METHODS:
            if method not in item:
                case()
                answer = getattr(client, method)(
                    where, *(() if method == "get" else ("{}", "application/json"))
                )
                assert answer.status_code == 405, (method, path)


LISTED = {
    "enterprises": ("", "/changes", "/group", "/owed", "/tags"),
    "matters": ("", "/events"),
    "lists": ("",),
}
ASKS = {"/changes": "filing.view"}
"""Parts that ask for a verb which the list does not ask for."""


def test_the_description_has_no_links() -> None:
    """Once it has, schemathesis can follow them; until then the chains below are written by hand."""
    answers = [a for item in SCHEMA["paths"].values() for o in item.values() for a in o["responses"].values()]
    case(n=len(answers))
    assert [a for a in answers if a.get("links")] == []


@pytest.mark.parametrize("role", SEATED)
def test_what_is_listed_can_be_opened(role: str, world: World, client_of: Callable[[str], Client]) -> None:
    """Each thing that a list names, and each part of it, answers whoever was given the list; a part that asks for more
    is not there for who lacks it."""
    client, verbs = client_of(role), {verb.partition("@")[0] for verb in roles()[role]["verbs"]}
    for kind, parts in LISTED.items():
        answer = client.get(f"/api/v1/{kind}")
        if answer.status_code != 200:
            continue  # this role has no such list
        for item in answer.json()["items"]:
            for part in parts:
                case()
                where = f"/api/v1/{kind}/{item['id']}{part}"
                expected = 200 if ASKS.get(part, "") in {*verbs, ""} else 404
                assert client.get(where).status_code == expected, (role, where)


def test_what_was_made_is_there_and_what_was_moved_has_moved(
    world: World, client_of: Callable[[str], Client]
) -> None:
    """Opened, read, listed, told in its events, moved by what it says is possible, and read again."""
    client = client_of("enterprise")
    sent = {"content_type": "application/json"}
    for number, field in enumerate(("revenue", "employees")):
        case()
        body = json.dumps(
            {"kind": "data_dispute", "title": f"第{number}件", "fields": {"field": field, "claimed": "1"}}
        )
        made = client.post("/api/v1/matters", body, **sent)
        assert made.status_code == 201
        where = f"/api/v1/matters/{made.json()['id']}"
        read = client.get(where)
        without = {"clocks"}  # they run meanwhile
        assert {k: v for k, v in read.json().items() if k not in without} == {
            k: v for k, v in made.json().items() if k not in without
        }
        assert made.json()["id"] in [m["id"] for m in client.get("/api/v1/matters").json()["items"]]
        assert [e["type"] for e in client.get(f"{where}/events").json()["items"]] == ["opened"]
        headers = {"If-Match": read.headers["ETag"]}
        moved = client.post(f"{where}/moves/withdraw", "{}", headers=headers, **sent)
        assert moved.status_code == 200
        assert client.get(where).json()["state"] == moved.json()["state"] != made.json()["state"]
        assert client.post(f"{where}/moves/withdraw", "{}", headers=headers, **sent).status_code == 412
