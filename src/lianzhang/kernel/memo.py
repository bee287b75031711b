"""What is asked again and again while one request is answered, and cannot change meanwhile: asked once.

Outside a request (worker, commands) nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_refusing: ContextVar[bool] = ContextVar("refusing", default=False)
_known: ContextVar[dict[str, Any] | None] = ContextVar("memo", default=None)


@contextmanager
def during_request() -> Iterator[None]:
    """Remember until the end of the block."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


class Remembered(RuntimeError):
    """What holds at the moment is asked for where it must not be: in a query that is put together for many."""


@contextmanager
def not_now() -> Iterator[None]:
    """Refuse, until the end of the block, what `once` and others (`momentary`) would tell."""
    token = _refusing.set(True)
    try:
        yield
    finally:
        _refusing.reset(token)


def momentary(name: str) -> None:
    """Said by what tells something that holds at the moment. Raises Remembered inside `not_now`."""
    if _refusing.get():
        raise Remembered(name)


def once(name: str, ask: Callable[[], T]) -> T:
    """The answer of `ask`, the first one of this request where there is one."""
    momentary(name)
    known = _known.get()
    if known is None:
        return ask()
    if name not in known:
        known[name] = ask()
    answer: T = known[name]
    return answer


def forget(name: str) -> None:
    """What was asked does not hold any more: ask anew."""
    if known := _known.get():
        known.pop(name, None)
