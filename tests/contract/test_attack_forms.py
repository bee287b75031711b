"""Forms of the offices name everybody who may lead a matter: for who asks from outside they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from world import World

from lianzhang.casework.processes import process
from tally import case

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S1")]


def test_forms_of_the_offices_do_not_exist_for_the_asker(
    world: World, client_of: Callable[[str], Client], account: Callable[..., Any]
) -> None:
    """They name every office and person that may lead."""
    account("liaison", "front")
    client, matter = client_of("enterprise"), world.a.matter
    kind = process(matter.kind, matter.process_version_id)
    inside = [f"moves/{m}" for m, move in kind.moves.items() if "asker" not in move.by]
    assert "moves/dispatch" in inside
    missing = client.post(f"/matters/{10**9}/hand-over/")
    for where in ("hand-over", "opinions/ask", "opinions/give", "clocks/main/extend", *inside):
        case()
        answer = client.post(f"/matters/{matter.pk}/{where}/", {"version": matter.version})
        assert answer.status_code == missing.status_code == 404, where
        assert "liaison person" not in answer.content.decode()
    office = client_of("chain_office").post(f"/matters/{matter.pk}/hand-over/", {})
    assert "liaison person" in office.content.decode()
