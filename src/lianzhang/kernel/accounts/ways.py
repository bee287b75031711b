"""Other ways to sign in, as the catalogue offers them; who knows the catalogue tells here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """A button of the sign-in page; `logout`: where one signs out of the service itself."""

    title: str
    url: str
    code: str = ""
    logout: str = ""


_provider: Callable[[], list[Way]] = list


def set_ways(provider: Callable[[], list[Way]]) -> None:
    """`city` tells which services the catalogue names."""
    global _provider
    _provider = provider


def offered() -> list[Way]:
    """The buttons besides the password."""
    return _provider()
