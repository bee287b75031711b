"""Every form of the program filled in as a person would: what is sent twice (F8), and what carries scripts (S4)."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse
from world import World


@dataclass
class Desk:
    """Who fills a form in: both neighbours, actors and accounts, and the word that stands in every free text."""

    world: World
    actor: Callable[..., Any]
    account: Callable[..., Any]
    word: str = "说明"

    @property
    def a(self) -> Any:
        return self.world.a

    @property
    def b(self) -> Any:
        return self.world.b


@dataclass(frozen=True)
class Sent:
    """What goes to which route. body: sent as JSON with these headers, in place of a form."""

    arguments: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    files: Callable[[], dict[str, Any]] | None = None
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def post(self, client: Client, route: str) -> Any:
        """Send it once."""
        where = reverse(route, kwargs=self.arguments)
        if self.body:
            return client.post(where, self.body, content_type="application/json", headers=self.headers)
        files = self.files() if self.files else {}
        return client.post(where, {**self.data, **files})


@dataclass(frozen=True)
class Filled:
    """A route, who sends its form, and how it is filled in. more: why a second time is another request, not the same."""

    route: str
    role: str
    fill: Callable[[Desk], Sent]
    more: str
    name: str


FILLED: list[Filled] = []


def fills(route: str, role: str, more: str = "", name: str = "") -> Callable[[Callable[[Desk], Sent]], Any]:
    """Register a filled form of a route. It may prepare what it needs; it is called once, the form may be sent twice."""

    def register(fill: Callable[[Desk], Sent]) -> Any:
        FILLED.append(Filled(route, role, fill, more, name or route))
        return fill

    return register


def all_of_them() -> list[Filled]:
    """Every filled form of the modules here."""
    for found in sorted(Path(__file__).parent.glob("of_*.py")):
        importlib.import_module(f"filled.{found.stem}")
    return sorted(FILLED, key=lambda f: f.name)
