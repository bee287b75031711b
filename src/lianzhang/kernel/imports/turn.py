"""One delivery is applied at a time: a second one waits instead of running into the database's write lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lianzhang.kernel.locks import only_one


@contextmanager
def turn(tell: Callable[[float, str], None] | None = None) -> Iterator[None]:
    """Hold the installation's turn for applying or undoing; `tell` is called while waiting, so that one can cancel."""

    def wait() -> None:
        if tell:
            tell(0.0, "")

    with only_one("imports.turn", wait):
        yield
