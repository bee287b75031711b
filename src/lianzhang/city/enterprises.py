"""Enterprises as posts name them: the registry lies above and tells which one a code means."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_by_code: Callable[[str], int | None] = lambda code: None  # noqa: E731
_names: Callable[[Iterable[int]], dict[int, str]] = lambda ids: {}  # noqa: E731


def set_finder(
    by_code: Callable[[str], int | None], names: Callable[[Iterable[int]], dict[int, str]]
) -> None:
    """The registry tells how an enterprise is found by its credit code, and what enterprises are called."""
    global _by_code, _names
    _by_code, _names = by_code, names


def by_code(code: str) -> int | None:
    """The id of the enterprise with a unified social credit code; None if none is registered."""
    return _by_code(code.strip().upper())


def names(ids: Iterable[int]) -> dict[int, str]:
    """The names of enterprises by id."""
    return _names(ids)
