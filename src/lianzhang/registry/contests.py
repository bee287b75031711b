"""What stands about an enterprise and may be said to be wrong: each kind of value by its name, and what came of it.

The registry knows the values; who takes a dispute in (casework) says which are being verified and where one is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lianzhang.kernel import memo
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise


@dataclass(frozen=True)
class Value:
    """A value as the reader sees it. about: its name, as `fact/revenue/2022`; field: the fact or column, where it is one."""

    about: str
    label: str
    shown: str
    source: str = ""
    as_of: date | None = None
    field: str = ""
    period: str = ""


@dataclass(frozen=True)
class Mark:
    """What came of a dispute: a light, a word, the day, and the matter where the reader may open it."""

    light: str
    word: str
    url: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Contest:
    """What stands beside a value: the mark, and where the reader says that it is wrong ("" where he may not)."""

    mark: Mark | None = None
    url: str = ""


@dataclass(frozen=True)
class Contests:
    """All marks of an enterprise for one reader; called with the name of a value."""

    marks: Mapping[str, Mark] = field(default_factory=dict)
    address: Callable[[str], str] | None = None

    def __call__(self, about: str) -> Contest:
        """What stands beside the value of this name."""
        return Contest(self.marks.get(about), self.address(about) if self.address else "")


Resolver = Callable[[Enterprise, str, Actor], Value | None]
_kinds: dict[str, Resolver] = {}
_provider: Callable[[Enterprise, Actor], Contests] | None = None


def register(kind: str, resolver: Resolver) -> None:
    """Let values of a kind be disputed; the resolver answers None for what the reader does not see."""
    _kinds[kind] = resolver


def set_provider(provider: Callable[[Enterprise, Actor], Contests]) -> None:
    """Who takes disputes in tells what came of them."""
    global _provider
    _provider = provider


def value(enterprise: Enterprise, about: str, actor: Actor) -> Value | None:
    """The value of that name as this reader sees it; None where there is none for him."""
    kind, _, key = about.partition("/")
    return _kinds[kind](enterprise, key, actor) if kind in _kinds and key else None


def of(enterprise: Enterprise, actor: Actor) -> Contests:
    """The marks beside the values of an enterprise; each part of its page asks, the answer is one."""
    if _provider is None:
        return Contests()
    told, name = _provider, f"registry.contests.{enterprise.pk}.{actor.key}"
    return memo.once(name, lambda: told(enterprise, actor))


def beside(rows: Any, contests: Contests, name: Callable[[Any], str]) -> None:
    """Put what stands beside each value onto its row as `contest`."""
    for row in rows:
        row.contest = contests(name(row))
