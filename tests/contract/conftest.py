"""Two neighbours, and a browser for every role that sits on the side of the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import world as worlds
from django.test import Client
from doors import SEATS
from world import World


@pytest.fixture
def world(enterprise: Any, account: Any) -> World:
    return worlds.build(enterprise, account)


@pytest.fixture
def client_of(world: World, account: Any) -> Callable[[str], Client]:
    def make(role: str) -> Client:
        seat = dict(SEATS[role])
        if seat.get("enterprise") == "a":
            seat["enterprise"] = world.a.enterprise
        client = Client()
        client.force_login(
            account(role, username=f"{role}-a", **seat),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        return client

    return make
