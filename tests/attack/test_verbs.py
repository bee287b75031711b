"""Process × move × role × state: the engine answers as the file of the process says, and nobody judges his own answer (S3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from world import World

from contract.doors import SEATS
from lianzhang.casework.people import roles as roles_towards
from lianzhang.casework.processes import process
from lianzhang.city.services import actor_of_user
from lianzhang.engines.casework import Actor, Allowed, Event, WorkCalendar, check_move, load_process, standing
from lianzhang.kernel.models import Event as Logged
from lianzhang.kernel.models import User
from tally import case, sample

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S3")]
FILES = sorted(
    (Path(__file__).resolve().parents[2] / "catalogues" / "_reference" / "processes").glob("*.yaml")
)
AT = datetime(2023, 4, 10, 9, tzinfo=timezone(timedelta(hours=8)))
CONDITIONS = {"within", "guard", "guard_unknown", "auto_after", "max"}


def in_state(path: Path, state: str) -> Any:
    """A matter of the process that stands in a state."""
    loaded = load_process(path.read_text(encoding="utf-8"))
    opened = Event(matter="1", seq=1, at=AT, type="opened", by="firm", data={})
    at = standing(loaded, [opened], WorkCalendar(), AT)
    return replace(at, projection=replace(at.projection, state=state, entered_at=AT))


def expected(move: dict[str, Any], state: str, roles: frozenset[str]) -> bool:
    """What the file says about who and when, read without the engine."""
    by = set(move["by"]) | ({"system"} if "auto_after" in move else set())
    return state in move["from"] and bool(by & roles) and not (set(move.get("not_by", [])) & roles)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_the_engine_answers_as_the_table_says(path: Path) -> None:
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    everybody = sorted(
        {r for m in told["moves"].values() for r in m["by"]} | {"co", "lead", "asker", "system", "nobody"}
    )
    groups = [frozenset({r}) for r in everybody] + [frozenset(pair) for pair in combinations(everybody, 2)]
    for state in told["states"]:
        at = in_state(path, state)
        for name, move in told["moves"].items():
            given = dict.fromkeys(move.get("needs", []), "x")
            for roles in groups:
                case()
                verdict = check_move(at, name, Actor("somebody", roles), given)
                allowed = isinstance(verdict, Allowed)
                if expected(move, state, roles):
                    assert allowed or verdict.code in CONDITIONS & {*move, "guard_unknown"}, (
                        state,
                        name,
                        roles,
                        verdict,
                    )
                else:
                    assert not allowed, (state, name, roles)
    assert len(told["states"]) * len(told["moves"]) * len(groups) > 1000


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_who_handled_it_never_judges_it(path: Path) -> None:
    """Whatever else he is: with the role of a handler no move of an asker's judgement is open."""
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    judging = [n for n, m in told["moves"].items() if "satisfaction" in m.get("needs", [])]
    for name in judging:
        move = told["moves"][name]
        for state in move["from"]:
            at = in_state(path, state)
            for handler in ("lead", "co"):
                for other in move["by"]:
                    case()
                    verdict = check_move(
                        at, name, Actor("x", frozenset({handler, other})), {n: "x" for n in move["needs"]}
                    )
                    assert not isinstance(verdict, Allowed), (name, handler, other)
    assert judging or told["kind"] == "situation"


@pytest.mark.parametrize("role", sample(sorted(SEATS), 7, "verbs"))
def test_over_http_a_move_is_open_to_whom_the_table_names(
    role: str, world: World, client_of: Callable[[str], Client]
) -> None:
    client = client_of(role)
    actor = actor_of_user(User.objects.get(username=f"{role}-a"))
    child = world.a.situation.firms.get().matter
    for matter in (world.a.matter, child, world.a.situation.matter, world.b.matter):
        loaded = process(matter.kind, matter.process_version_id)
        towards = roles_towards(actor, matter)
        seen = type(matter).objects.visible_to(actor).filter(pk=matter.pk).exists()
        for name, move in loaded.moves.items():
            case()
            may = (
                seen
                and matter.state in move.from_
                and bool(set(move.by) & towards)
                and not set(move.not_by) & towards
            )
            before = Logged.objects.count()
            # without its data even an open move is not made, so that every move meets the same matter
            needs = dict.fromkeys(move.needs, "") or {"no such field": "x"}
            answer = client.post(
                f"/api/v1/matters/{matter.pk}/moves/{name}", json.dumps({"data": needs}), content_type="application/json",
                headers={"If-Match": "*"},
            )  # fmt: skip
            wanted = {422} if may else {409} if seen else {404}
            conditional = {409} if move.guard or move.within or move.max else set()
            assert answer.status_code in wanted | conditional, (role, matter.kind, name, answer.content)
            assert Logged.objects.count() == before
