"""Writes that must not happen: by a GET, without the token, by who may only look, by fields nobody asked for (S2, S3, S9)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from doors import PUBLIC, address, named_routes, pages, samples_of
from world import World

from lianzhang.casework.models import Matter
from lianzhang.kernel.models import User
from tally import case

pytestmark = pytest.mark.django_db
WRITES = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
OF_THE_VISIT = {"django_session", "usersessions_usersession", "account_userpasswordhistory"}
"""What every visit leaves behind: the session and when it was last seen."""


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables that are written to meanwhile, without those of the visit itself."""
    tables: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if match := WRITES.match(sql):
            tables.add(match[2])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables
    tables -= OF_THE_VISIT


def state() -> str:
    """A digest of every row of ours."""
    out = hashlib.sha256()
    for model in sorted(apps.get_models(), key=lambda m: m._meta.label):
        if model.__module__.startswith("lianzhang."):
            for row in model._default_manager.order_by("pk").values_list():
                out.update(repr(row).encode())
    return out.hexdigest()


def test_the_watch_sees_a_write(world: World, client_of: Callable[[str], Client]) -> None:
    client, before = client_of("chain_office"), state()
    with written() as tables:
        assert client.post(f"/matters/{world.a.matter.pk}/note/", {"text": "x"}).status_code == 302
    assert tables == {"kernel_event", "kernel_eventvault"}
    assert state() != before


LOOKS = ("chain_office", "enterprise", "data_officer", "district_officer", "statistician", "auditor")


@pytest.mark.attack("S9")
@pytest.mark.parametrize("role", [*LOOKS[:2], *(pytest.param(r, marks=pytest.mark.long) for r in LOOKS[2:])])
def test_looking_writes_nothing(role: str, world: World, client_of: Callable[[str], Client]) -> None:
    client = client_of(role)
    client.get("/")
    seen = 0
    for where in pages(world):
        for method in (client.get, client.head):
            case()
            with written() as tables:
                answer = method(where)
            assert tables == set(), f"{method.__name__} {where} writes {tables}"
        seen += answer.status_code == 200
    assert seen > 2


@pytest.mark.attack("S9")
def test_a_form_without_its_token_is_refused_everywhere(world: World, account: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(account("chain_office", "attacked", org="gxj-chain"), backend=backend)
    client.get("/accounts/login/")
    before, refused = state(), 0
    for name, parameters in named_routes():
        arguments = samples_of(name, parameters, world.a) if parameters else {}
        if name.startswith("api:") or arguments is None:
            continue
        answer = client.post(address(name, arguments), {"csrfmiddlewaretoken": "x" * 64, "text": "x"})
        assert answer.status_code in (403, 404, 405), name
        refused += answer.status_code == 403
        case()
    assert refused > 30
    assert state() == before


@pytest.mark.attack("S9")
@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"}]
)
def test_another_site_cannot_write_through_the_api(
    headers: dict[str, str], world: World, client_of: Any
) -> None:
    client, before = client_of("chain_office"), state()
    for where, body in (
        ("/api/v1/matters", {"kind": "data_dispute", "title": "x"}),
        (f"/api/v1/matters/{world.a.matter.pk}/moves/accept", {}),
    ):
        for sent in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
            answer = client.post(
                where, json.dumps(body), content_type=sent, headers={**headers, "If-Match": "*"}
            )
            assert answer.status_code == 403
            case()
    assert state() == before


@pytest.mark.attack("S3")
@pytest.mark.parametrize(
    "role",
    ["auditor", *(pytest.param(r, marks=pytest.mark.long) for r in ("system_admin", "bank", "statistician"))],
)
def test_who_only_looks_changes_nothing(role: str, world: World, client_of: Callable[[str], Client]) -> None:
    """Every route, posted to with what a form might hold, for both sides: no row moves."""
    client = client_of(role)
    client.get("/")
    before = state()
    form = {
        "version": world.a.matter.version, "text": "x", "reason": "x", "to": "gxj", "orgs": "gxj", "question": "x", "opinion": "x", "n": 2,
        "note": "x", "public": "on", "selected": [world.a.matter.pk, world.b.matter.pk], "move": "accept", "uscc": world.a.enterprise.uscc,
        "field": "revenue", "claimed": "1", "membership": 10**9, "stop": world.a.enterprise.ref, "loss": "1", "title": "x",
        "scenario": world.a.run.scenario_id, "key": "k" * 32, "firm": world.a.enterprise.pk, "satisfaction": "satisfied", "days": 3,
    }  # fmt: skip
    for side in (world.a, world.b):
        for name, parameters in named_routes():
            if name in PUBLIC or name in (
                "account_change_password",
                "usersessions_list",
                "imports:new",
                "imports:check",
            ):
                continue
            arguments = samples_of(name, parameters, side) if parameters else {}
            if arguments is None or (
                role == "system_admin"
                and (name in ("kernel:job_cancel", "kernel:job_retry") or name.startswith("city:"))
            ):
                continue
            client.post(address(name, arguments), form)
            case()
            assert state() == before, f"{role} writes at {name}"


EXTRA = {
    "id": 1, "pk": 1, "number": "QY0", "state": "closed", "owner": 1, "owner_id": 1, "lead_org": "gxj", "lead_org_id": 1, "enterprise": "x",
    "enterprise_id": 1, "area_path": "/", "confidentiality": 0, "opened_by": 1, "version": 99, "closed_at": "2020-01-01", "parent": 1,
    "breached": True, "process_version": 1, "due_at": None, "kind": "situation", "is_active": True, "role": "director", "seq": 1,
}  # fmt: skip
KEPT = (
    "number",
    "state",
    "owner_id",
    "lead_org_id",
    "enterprise_id",
    "area_path",
    "confidentiality",
    "opened_by_id",
    "version",
    "closed_at",
    "parent_id",
)


@pytest.mark.attack("S2")
def test_fields_nobody_asked_for_change_nothing(world: World, client_of: Callable[[str], Client]) -> None:
    client, matter = client_of("enterprise"), world.a.matter
    before = Matter.objects.filter(pk=matter.pk).values(*KEPT).get()
    clerk = User.objects.get(username="enterprise-a")
    for name, value in EXTRA.items():
        case(n=2)
        where = f"/api/v1/matters/{matter.pk}/moves/withdraw"
        sent = json.dumps({"data": {"comment": "x", name: value}, name: value})
        move = client.post(where, sent, content_type="application/json", headers={"If-Match": "*"})
        assert move.status_code == 422, name
        assert Matter.objects.filter(pk=matter.pk).values(*KEPT).get() == before
        given = {"kind": "data_dispute", "title": f"x {name}", "fields": {"field": "revenue", "claimed": "1"}}
        body = json.dumps({name: value, **given})
        made = client.post("/api/v1/matters", body, content_type="application/json")
        assert made.status_code == 201, made.content
        row = Matter.objects.get(pk=made.json()["id"])
        assert (row.enterprise_id, row.opened_by) == (world.a.enterprise.pk, clerk)
        assert (row.version, row.closed_at, row.parent_id, row.owner_id) == (1, None, None, None)
        assert (row.confidentiality, row.breached, row.kind) == (1, False, "data_dispute")
        assert row.number != "QY0"


@pytest.mark.attack("S2")
def test_a_dispute_is_of_ones_own_enterprise_whatever_the_form_says(
    world: World, client_of: Callable[[str], Client]
) -> None:
    client = client_of("enterprise")
    form = {"field": "revenue", "claimed": "1", "text": "x", "enterprise": world.b.enterprise.pk, "enterprise_id": world.b.enterprise.pk,
            "firm": world.b.enterprise.uscc, "lead_org": "gxj", "kind": "situation", "confidentiality": 0}  # fmt: skip
    client.post(f"/matters/dispute/{world.a.enterprise.pk}/", form)
    row = Matter.objects.latest("pk")
    assert (row.enterprise_id, row.kind, row.fields["firm"]) == (
        world.a.enterprise.pk,
        "data_dispute",
        world.a.enterprise.uscc,
    )
    # By the API another firm cannot even be named; another field, as one value is disputed once at a time.
    count, fields = Matter.objects.count(), {"field": "employees", "claimed": "1"}
    for more, status in (({"firm": world.b.enterprise.uscc}, 422), ({}, 201)):
        made = client.post(
            "/api/v1/matters",
            json.dumps({"kind": "data_dispute", "title": "x", "fields": fields | more}),
            content_type="application/json",
        )
        assert made.status_code == status, made.content.decode()
        if more:
            assert set(made.json()["errors"]) == {"firm"}
            assert Matter.objects.count() == count
    assert Matter.objects.get(pk=made.json()["id"]).fields["firm"] == world.a.enterprise.uscc


@pytest.mark.attack("S1")
def test_a_key_of_somebody_else_gives_nothing_away(
    world: World, client_of: Callable[[str], Client], account: Any
) -> None:
    """The same Idempotency-Key and body from another account is a request of its own, refused or done for itself."""
    own = client_of("enterprise")
    body = json.dumps(
        {"kind": "data_dispute", "title": "自家", "fields": {"field": "revenue", "claimed": "1"}}
    )
    headers = {"Idempotency-Key": "same-key"}
    first = own.post("/api/v1/matters", body, content_type="application/json", headers=headers)
    stranger = Client()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    stranger.force_login(account("enterprise", "b-clerk", enterprise=world.b.enterprise), backend=backend)
    second = stranger.post("/api/v1/matters", body, content_type="application/json", headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json()["id"] != first.json()["id"]
    assert second.json()["enterprise"] == world.b.enterprise.uscc


@pytest.mark.attack("S1")
def test_a_version_of_a_hidden_matter_is_no_oracle(world: World, client_of: Callable[[str], Client]) -> None:
    client = client_of("enterprise")
    answers = set()
    for tag in ("", "*", f'"{world.b.matter.version}"', '"99"', 'W/"1"'):
        headers = {"If-Match": tag} if tag else {}
        answer = client.post(
            f"/api/v1/matters/{world.b.matter.pk}/moves/accept",
            "{}",
            content_type="application/json",
            headers=headers,
        )
        answers.add((answer.status_code, answer.content, answer.headers.get("ETag")))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404
