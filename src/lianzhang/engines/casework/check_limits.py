"""Limits that nobody can mean, and cases of a limit that never apply."""

from collections.abc import Iterator

from .findings import WARNING, Finding
from .limits import Limit
from .model import Process

Path = tuple[str | int, ...]


def limits(process: Process) -> Iterator[tuple[Limit, Path]]:
    """Every limit of a process with its path."""
    for name, move in process.moves.items():
        if move.auto_after is not None:
            yield move.auto_after, ("moves", name, "auto_after")
        if isinstance(move.within, Limit):
            yield move.within, ("moves", name, "within")
    for name, clock in process.clocks.items():
        for i, case in enumerate(clock.limit):
            yield case.value, ("clocks", name, "limit", i, "value")
        if clock.extend is not None and clock.extend.to is not None:
            yield clock.extend.to, ("clocks", name, "extend", "to")
    for name, steps in process.escalation.items():
        for i, step in enumerate(steps):
            for key in ("before_due", "after_due"):
                if (limit := getattr(step, key)) is not None:
                    yield limit, ("escalation", name, i, key)


def limit_findings(process: Process) -> list[Finding]:
    """Zero, negative and absurd limits; a case without condition that is not the last."""
    found = []
    for limit, path in limits(process):
        if fault := limit.fault():
            what, _, expected = fault.partition(", expected ")
            found.append(Finding(what, expected, path))
    return [*found, *_cases(process)]


def _cases(process: Process) -> Iterator[Finding]:
    for name, clock in process.clocks.items():
        *earlier, last = clock.limit
        for i, case in enumerate(earlier):
            if case.when is None:
                yield Finding(
                    "a limit without condition before others", "it last", ("clocks", name, "limit", i)
                )
        if last.when is not None:
            path: Path = ("clocks", name, "limit")
            yield Finding(
                "no limit where no condition holds", "a last case without 'when'", path, None, WARNING
            )
