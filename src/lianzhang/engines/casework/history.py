"""Replay of a history through the states of its process."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .events import Event, HistoryError, Problem, annulment_problems, effective, is_move
from .model import Process


@dataclass(frozen=True, slots=True)
class Replayed:
    """An event, the state after it and the fields known after it."""

    event: Event
    state: str
    fields: Mapping[str, Any]


def replay(process: Process, events: Sequence[Event]) -> Iterator[Replayed]:
    """Walk effective events in order; the data of the opening and of moves become fields, later ones win.

    Raises HistoryError at the first event that is no move of the process, or a move its state does not
    allow. A history without ``opened`` begins in the first state.
    """
    state = process.initial
    fields: Mapping[str, Any] = {}
    for number, event in enumerate(events):
        if is_move(event):
            state = _moved(process, state, event)
        elif event.type == "taken_over":
            state = _taken_over(process, event)
        elif event.type == "opened" and number:
            raise HistoryError([Problem(event.seq, "'opened' after other events", "it first and once")])
        if event.data and (is_move(event) or event.type == "opened"):
            fields = {**fields, **event.data}
        yield Replayed(event, state, fields)


def _taken_over(process: Process, event: Event) -> str:
    state = event.data.get("state")
    if state not in process.states:
        raise HistoryError(
            [Problem(event.seq, f"taken over in state {state!r}", f"one of {' '.join(process.states)}")]
        )
    return str(state)


def _moved(process: Process, state: str, event: Event) -> str:
    move = process.moves.get(event.type)
    if move is None:
        raise HistoryError([Problem(event.seq, f"unknown type {event.type!r}", _types(process))])
    if state not in move.from_:
        what = f"{event.type!r} in state {state!r}"
        raise HistoryError([Problem(event.seq, what, f"state {' or '.join(move.from_)}")])
    return move.to or state


def _types(process: Process) -> str:
    return f"one of {' '.join(process.moves)} or opened extended annulled co_requested co_opinion taken_over"


def history_problems(process: Process, events: Sequence[Event]) -> list[Problem]:
    """Everything wrong with a whole history, later events included; empty where it holds."""
    found = annulment_problems(events)
    if found:
        return found
    try:
        for _ in replay(process, effective(events)):
            pass
    except HistoryError as error:
        return list(error.problems)
    return []
