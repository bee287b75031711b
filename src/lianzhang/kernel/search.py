"""One search over everything: each app offers a finder; what an actor may not see is not found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lianzhang.kernel.scope import Actor

LIMIT = 20


@dataclass(frozen=True)
class Hit:
    """One thing found: where it leads, its label, a line about it."""

    url: str
    label: str
    detail: str = ""


Find = Callable[[str, Actor], Iterable[Hit]]


@dataclass(frozen=True)
class Finder:
    """Finds things of one kind; `find(text, actor)` yields at most LIMIT hits.

    otherwise: where it finds nothing, under which title what resembles the text is shown, and how it is found.
    """

    code: str
    title: Any
    find: Find
    order: int = 50
    otherwise: tuple[Any, Find] | None = None

    def answer(self, text: str, actor: Actor) -> tuple[Any, list[Hit]]:
        """The hits under their title."""
        hits = list(islice(self.find(text, actor), LIMIT))
        if hits or self.otherwise is None:
            return self.title, hits
        title, similar = self.otherwise
        return title, list(islice(similar(text, actor), LIMIT))


_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Offer a kind of thing to the search."""
    _finders.append(finder)


def search(text: str, actor: Actor) -> list[tuple[Any, list[Hit]]]:
    """Hits by kind, empty kinds left out."""
    text = text.replace("\x00", "").strip()[:100]
    if not text:
        return []
    found = [f.answer(text, actor) for f in sorted(_finders, key=lambda f: f.order)]
    return [(title, hits) for title, hits in found if hits]
