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
_code_page: Callable[[], str] = str


def set_ways(provider: Callable[[], list[Way]]) -> None:
    """`city` tells which services the catalogue names."""
    global _provider
    _provider = provider


def offered() -> list[Way]:
    """The buttons besides the password."""
    return _provider()


def set_code_page(provider: Callable[[], str]) -> None:
    """`city` tells where a one-time code by message is asked for."""
    global _code_page
    _code_page = provider


def code_page() -> str:
    """Its address; empty where no message can be sent."""
    return _code_page()
