"""Fields that a form or a schema does not offer are refused or ignored: no row takes them (S2)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from world import World

from contract.doors import PUBLIC, SEATS, address, named_routes, samples_of
from contract.test_attack_writes import written
from lianzhang.casework.models import Matter
from tally import case, sample

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S2")]
ROLES = sorted(SEATS)
OFFERED = {
    "title",
    "text",
    "name",
    "reason",
    "comment",
    "question",
    "opinion",
    "period",
    "use",
    "source",
    "dataset",
    "post",
    "word",
    "undone_reason",
    "withdrawn_reason",
}
"""Names of form fields that people fill in as they like; everything else of a model is set by the program."""


def ours() -> list[Any]:
    return [m for m in apps.get_models() if m.__module__.startswith("lianzhang.")]


def poison(model: Any, number: int) -> dict[str, Any]:
    """Every column of a model with a value that nobody else would write there."""
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        for name in {field.name, field.attname}:
            if isinstance(field, models.DateTimeField):
                found[name] = "1999-09-09T09:09:09+08:00"
            elif isinstance(field, models.DateField):
                found[name] = "1999-09-09"
            elif isinstance(field, models.CharField | models.TextField):
                found[name] = f"MASS-{field.name}"[: field.max_length or 99]
            elif isinstance(field, models.BooleanField):
                found[name] = "on"
            elif isinstance(field, models.JSONField):
                found[name] = json.dumps({"MASS": field.name})
            else:
                found[name] = 98_765_000 + number
    return found


def taken(tables: set[str] | None = None) -> set[str]:
    """Columns of ours, of these tables or of all, in which a poisonous value stands."""
    found = set()
    for model in ours():
        if tables is not None and model._meta.db_table not in tables:
            continue
        if model.__name__ in ("Event", "IdempotentAnswer"):  # they keep what was said, as it was said
            continue
        names = [f.attname for f in model._meta.concrete_fields]
        for row in model._base_manager.values_list(*names):
            for name, value in zip(names, row, strict=True):
                text = str(value)
                if "MASS" in text or text.startswith("98765") or text.startswith("1999-09-0"):
                    found.add(f"{model.__name__}.{name}")
    return found


@pytest.mark.parametrize("role", sample(ROLES, 4, "fields"))
def test_no_form_writes_what_it_does_not_offer(
    role: str, world: World, client_of: Callable[[str], Client]
) -> None:
    client = client_of(role)
    sent: dict[str, Any] = {}
    for number, model in enumerate(ours()):
        sent |= poison(model, number)
    sent |= {"version": world.a.matter.version, "move": "accept"}
    for name, parameters in named_routes():
        arguments = samples_of(name, parameters, world.a) if parameters else {}
        if arguments is None or name.startswith("api:") or name in PUBLIC:
            continue
        with written() as tables:
            answer = client.post(address(name, arguments), sent)
        case()  # one form that carries every column of every model
        assert answer.status_code < 500, name
        wrong = {c for c in taken(tables) if c.rpartition(".")[2].removesuffix("_id") not in OFFERED}
        assert wrong == set(), f"{role} at {name} wrote {wrong}"


@pytest.mark.parametrize("role", ["enterprise", "chain_office"])
def test_no_body_writes_what_the_schema_does_not_offer(
    role: str, world: World, client_of: Callable[[str], Client]
) -> None:
    client = client_of(role)
    good: dict[str, Any] = {
        "kind": "data_dispute",
        "title": "x",
        "fields": {"field": "revenue", "claimed": "1"},
    }
    offered = {"kind", "title", "text", "fields"}
    if role != "enterprise":
        good["fields"]["firm"] = world.a.enterprise.uscc
    for field, value in poison(Matter, 7).items():
        for place in ("top", "fields"):
            inside = place == "fields"
            if not inside and field in offered:
                continue
            case()
            told = {**good, "fields": {**good["fields"], field: value}} if inside else {field: value, **good}
            answer = client.post("/api/v1/matters", json.dumps(told), content_type="application/json")
            assert answer.status_code in (201, 422), (field, place, answer.content)
            assert taken() == set(), (field, place)
        case()
        move = json.dumps({"data": {"lead": "gxj-449801", field: value}, field: value})
        where = f"/api/v1/matters/{world.a.matter.pk}/moves/dispatch"
        if field not in ("lead",):
            answer = client.post(where, move, content_type="application/json", headers={"If-Match": "*"})
            assert answer.status_code in (404, 409, 422), field
    assert taken() == set()


def test_the_watch_sees_a_poisoned_row(world: World) -> None:
    with written() as tables:
        Matter.objects.filter(pk=world.a.matter.pk).update(state="MASS-state")
    assert taken(tables) == {"Matter.state"}
    assert taken() == {"Matter.state"}
