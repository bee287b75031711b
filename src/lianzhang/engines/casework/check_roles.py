"""Roles that exist, and exclusions that exclude somebody."""

from collections.abc import Collection, Iterator

from .facts import HANDLERS, SYSTEM
from .findings import Finding
from .model import Process

Path = tuple[str | int, ...]


def role_findings(process: Process, roles: Collection[str] | None) -> list[Finding]:
    """Roles that are not among ``roles`` (None: any role may be), and ``not_by`` entries that name nobody."""
    found = [*_exclusions(process, roles)]
    if roles is None:
        return found
    known = {*roles, *HANDLERS, SYSTEM}
    for role, path in _mentions(process):
        if role not in known:
            found.append(Finding(f"unknown role {role!r}", f"one of {' '.join(sorted(known))}", path))
    return found


def _mentions(process: Process) -> Iterator[tuple[str, Path]]:
    for name, state in process.states.items():
        if state.waits_for is not None:
            yield state.waits_for, ("states", name, "waits_for")
    for name, move in process.moves.items():
        for role in move.by:
            yield role, ("moves", name, "by")
    for name, clock in process.clocks.items():
        if clock.extend is not None:
            yield clock.extend.by, ("clocks", name, "extend", "by")
    for name, steps in process.escalation.items():
        for i, step in enumerate(steps):
            for role in step.notify:
                yield role, ("escalation", name, i, "notify")


def doers(process: Process) -> dict[str, str]:
    """Agent noun -> move: ``drafter`` for draft, ``approver`` for approve."""
    return {name + ("r" if name.endswith("e") else "er"): name for name in process.moves}


def _exclusions(process: Process, roles: Collection[str] | None) -> Iterator[Finding]:
    mentioned = {role for move in process.moves.values() for role in move.by}
    known = {*(roles or ()), *mentioned, *HANDLERS, *process.moves, *doers(process)}
    for name, move in process.moves.items():
        for who in move.not_by:
            if who not in known:
                expected = "a role, a move, or who made a move as drafter for draft"
                yield Finding(f"not_by {who!r} names nobody", expected, ("moves", name, "not_by"))
