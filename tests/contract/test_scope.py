"""Nobody sees a neighbour: every route × every role × own, foreign, anonymous (S1), written from outside.

Routes come from the URL table: a new route with arguments fails here until somebody says which object it opens.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from doors import MISSING, PUBLIC, SEATS, address, body, named_routes, pages, readable, samples_of
from world import FIGURES, FILE, MATTER, NAME, World

from lianzhang.city.services import roles
from lianzhang.kernel import prepared
from lianzhang.kernel.models import Event
from lianzhang.kernel.web.access import access_of, all_routes
from tally import LONG, case, part

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S1")]


@pytest.fixture(autouse=True)
def each_prepared_query_beside_the_plain_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer of a query put together for others before is compared with one put together for this person."""
    monkeypatch.setattr(prepared, "CHECK", True)


SEES_ENTERPRISE_B = {
    "director",
    "chain_office",
    "desk_officer",
    "data_officer",
    "statistician",
    "liaison",
    "hotline",
}
SEES_FIGURES_B = {"director", "chain_office", "desk_officer", "data_officer", "statistician"}
SEES_MATTER_B = {"director", "chain_office"}
SEES_ACCOUNTS = {"auditor", "system_admin", "security_admin"}
SEES_DELIVERY_B = {
    "director",
    "chain_office",
    "desk_officer",
    "data_officer",
    "statistician",
    "auditor",
    "system_admin",
    "liaison",
    "hotline",
}


def neutral(text: str) -> str:
    """Without the mark of the navigation entry one stands in: it follows from the address asked for."""
    return re.sub(r' aria-current="[^"]*"| open(?=[ >])', "", text)


def test_every_route_with_arguments_has_a_sample(world: World) -> None:
    unsaid = [(name, p) for name, p in named_routes() if p and samples_of(name, p, world.b) is None]
    assert unsaid == []


def test_anonymous_is_sent_to_sign_in_whatever_the_address(world: World) -> None:
    client = Client()
    addresses = ["/nowhere", "/enterprises/999999999/", "/matters/1/", "/jobs/1/"]
    for name, parameters in named_routes():
        if name in PUBLIC:
            continue
        arguments = samples_of(name, parameters, world.b) if parameters else {}
        if arguments is None:
            continue
        addresses.append(address(name, arguments))
    for where in addresses:
        for answer in (client.get(where), client.post(where)):
            case()
            if where.startswith("/api/"):
                assert answer.status_code == 401, where
            else:
                assert answer.status_code == 302, where
                assert answer.headers["Location"].startswith("/accounts/login/"), where
            assert NAME not in body(answer)


@pytest.mark.parametrize("role", sorted(SEATS))
def test_without_the_verb_a_route_does_not_exist(
    role: str, world: World, client_of: Callable[[str], Client]
) -> None:
    client = client_of(role)
    verbs = {v.partition("@")[0] for v in roles()[role]["verbs"]}
    missing = body(client.get("/nowhere"))
    closed = 0
    views = {name: view for _, name, view in all_routes() if name}
    for name, parameters in part(named_routes(), 3, f"verbs {role}"):
        access = access_of(name, views[name])
        if access is None or access.public or access.verb is None or access.verb in verbs:
            continue
        arguments = samples_of(name, parameters, world.a) if parameters else {}
        if arguments is None:
            continue
        where = address(name, arguments)
        for answer in (client.get(where), client.post(where)):
            case()
            assert answer.status_code == 404, (role, where)
            if not where.startswith("/api/"):
                assert neutral(body(answer)) == neutral(missing), (role, where)
        closed += 1
    assert closed or role in ("director", "chain_office")


OBJECT_ROUTES = {
    "enterprise": (
        [
            "registry:enterprise",
            "registry:source_card",
            "registry:changes",
            "registry:show_whole",
            "registry:tag_put",
            "registry:tag_take",
            "casework:dispute",
            "api:enterprise",
            "chains:placement",
            "chains:placement_undo",
        ],
        SEES_ENTERPRISE_B,
    ),
    "duplicate": (
        ["registry:duplicate", "registry:duplicate_again", "registry:unmerge"],
        {"director", "chain_office", "data_officer"},
    ),
    "matter": (
        [
            "casework:matter",
            "casework:move",
            "casework:note",
            "casework:hand_over",
            "casework:add_file",
            "api:matter",
            "api:events",
            "api:make_move",
        ],
        SEES_MATTER_B,
    ),
    "delivery": (["imports:delivery"], {"chain_office", "data_officer", "auditor"}),
    "situation": (
        [
            "chains:situation",
            "chains:situation_firms",
            "chains:situation_add",
            "chains:situation_history",
            "chains:situation_report_days",
            "chains:situation_report",
            "chains:situation_file",
            "chains:situation_wind_down",
            "chains:situation_close",
        ],
        {"director", "chain_office", "desk_officer"},
    ),
    "judgement": (["chains:situation_judge"], set()),
    "scenario": (
        ["chains:scenario", "chains:scenario_again", "chains:scenario_progress", "chains:scenario_losses"],
        {"director", "chain_office"},
    ),
    "observation": (["indicators:source_card"], SEES_FIGURES_B),
    "account": (
        ["city:person", "city:code", "city:send_code", "city:step", "city:add_post"],
        {"chain_office", "auditor", "system_admin", "security_admin"},
    ),
    "post": (
        ["city:end_post", "city:decide", "city:end_agent", "city:take_back"],
        {"chain_office", "auditor", "system_admin", "security_admin"},
    ),
    "job": (
        ["kernel:job", "kernel:job_cancel", "kernel:job_retry", "kernel:job_progress"],
        {"data_officer", "auditor", "system_admin"},
    ),
}


@pytest.mark.parametrize("role", sorted(SEATS))
def test_a_foreign_object_answers_like_a_missing_one(
    role: str, world: World, client_of: Callable[[str], Client]
) -> None:
    client, parameters = client_of(role), dict(named_routes())
    closed = [name for names, sees in OBJECT_ROUTES.values() if role not in sees for name in names]
    for name in part([name for name in closed if name in parameters], 4, f"foreign {role}"):
        foreign = samples_of(name, parameters[name], world.b)
        assert foreign is not None
        missing = {k: MISSING if k in ("pk", "enterprise_id", "matter_id") else v for k, v in foreign.items()}
        before = Event.objects.count()
        for method in ("get", "post"):
            sent = (
                {"data": {}, "content_type": "application/json"}
                if name.startswith("api:") and method == "post"
                else {}
            )
            case()
            there = getattr(client, method)(address(name, foreign), **sent)
            nowhere = getattr(client, method)(address(name, missing), **sent)
            assert there.status_code == nowhere.status_code, (role, name, method)
            assert there.status_code in (404, 405), (role, name, method)
            assert body(there) == body(nowhere), (role, name, method)
        assert Event.objects.count() == before


def marks_hidden_from(role: str) -> list[str]:
    marks: list[str] = []
    if role not in SEES_ENTERPRISE_B:
        marks += [NAME]
    if role not in SEES_FIGURES_B:
        marks += FIGURES
    if role not in SEES_MATTER_B:
        marks += [MATTER]
    if role not in SEES_DELIVERY_B:
        marks += [FILE]
    return marks


@pytest.mark.postgres
@pytest.mark.parametrize("role", sorted(SEATS))
def test_no_page_list_export_or_search_carries_a_canary(
    role: str, world: World, client_of: Callable[[str], Client]
) -> None:
    client, marks = client_of(role), marks_hidden_from(role)
    seen = 0
    for where in part(pages(world), 4, f"canaries {role}"):
        case()
        answer = client.get(where)
        assert answer.status_code < 500 or where.startswith("/readyz"), where  # not ready without a worker
        text = readable(answer)
        if role in SEES_ACCOUNTS:
            text = text.replace(f"owner-of-{NAME}", "").replace(f"colleague-{NAME}", "")
        found = [m for m in marks if m in text]
        assert not found, f"{role} sees {found} at {where}"
        seen += answer.status_code == 200
    assert seen > 2


def test_the_canaries_are_seen_by_those_who_may(world: World, client_of: Callable[[str], Client]) -> None:
    """A check that cannot fail is none: the same crawl finds every mark as the director."""
    client = client_of("director")
    text = "".join(
        readable(client.get(where))
        for where in [
            *(where for where in pages(world) if LONG or "?" not in where),
            address("registry:enterprise", {"pk": world.b.enterprise.pk}),
        ]
    )
    for mark in (NAME, MATTER, "735"):
        assert mark in text


def test_all_roles_of_the_catalogue_are_tested(catalogue: Any) -> None:
    assert set(SEATS) == set(roles())
    assert len(SEATS) >= 12


# Statistical returns (contract: visible for a single enterprise only inside the statistics role).
@pytest.mark.parametrize("role", sorted(SEATS))
def test_statistical_returns_stay_with_the_statistician(
    role: str, world: World, client_of: Callable[[str], Client]
) -> None:
    text = readable(client_of(role).get(address("registry:enterprise", {"pk": world.a.enterprise.pk})))
    assert ("50,000,001" in text) == (role == "statistician")
