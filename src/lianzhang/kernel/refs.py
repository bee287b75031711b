"""References between apps that may not import each other: `kind:id`, resolved by a registry each app fills."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lianzhang.kernel.scope import Actor


@dataclass(frozen=True)
class Target:
    """What a reference shows: a label and, if the actor may open it, an address."""

    label: str
    url: str | None


_resolvers: dict[str, Callable[[str, Actor], Target | None]] = {}


def register(kind: str, resolver: Callable[[str, Actor], Target | None]) -> None:
    """Tell how references of a kind resolve; the resolver answers None for what the actor may not see."""
    _resolvers[kind] = resolver


def resolve(ref: str, actor: Actor) -> Target | None:
    """The target of `kind:id` for this actor; None when unknown or invisible."""
    kind, _, key = ref.partition(":")
    return _resolvers[kind](key, actor) if kind in _resolvers and key else None
