"""Panels: what an app knows of a subject (an enterprise, a chain, a person); the portrait and the cockpit collect them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lianzhang.kernel.scope import Actor


@dataclass(frozen=True)
class Panel:
    """A block of a page: a template with its context. `order` places it."""

    code: str
    title: Any
    template: str
    context: dict[str, Any]
    order: int = 50


Maker = Callable[[Any, Actor], Panel | None]
_makers: dict[str, list[Maker]] = defaultdict(list)


def register(subject: str, maker: Maker) -> None:
    """Offer a panel for a kind of subject; the maker answers None when it has nothing for this actor."""
    _makers[subject].append(maker)


def collect(subject: str, thing: Any, actor: Actor) -> list[Panel]:
    """All panels for a subject, in order."""
    panels = [panel for make in _makers[subject] if (panel := make(thing, actor)) is not None]
    return sorted(panels, key=lambda p: p.order)
