"""The moves of a process as a graph of states."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from .model import Process

Place = TypeVar("Place", bound=Hashable)


def reach(begin: Iterable[Place], onward: Callable[[Place], Iterable[Place]]) -> set[Place]:
    """Everything that can be reached from ``begin``, itself included."""
    found = set(begin)
    todo = list(found)
    while todo:
        for place in onward(todo.pop()):
            if place not in found:
                found.add(place)
                todo.append(place)
    return found


def forward(process: Process, state: str) -> list[str]:
    """The states one move further."""
    return [move.to for move in process.moves.values() if move.to is not None and state in move.from_]


def backward(process: Process, state: str) -> list[str]:
    """The states one move earlier."""
    return [source for move in process.moves.values() if move.to == state for source in move.from_]


def closed_states(process: Process) -> set[str]:
    """The states in which a matter is done."""
    return {name for name, state in process.states.items() if not state.open}


def closing_moves(process: Process) -> list[str]:
    """The moves that lead into a closed state."""
    closed = closed_states(process)
    return [name for name, move in process.moves.items() if move.to in closed]
