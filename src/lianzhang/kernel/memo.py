"""What is asked again and again while one request is answered, and cannot change meanwhile: asked once.

Outside a request (worker, commands) nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_known: ContextVar[dict[str, Any] | None] = ContextVar("memo", default=None)


@contextmanager
def during_request() -> Iterator[None]:
    """Remember until the end of the block."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(name: str, ask: Callable[[], T]) -> T:
    """The answer of `ask`, the first one of this request where there is one."""
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
