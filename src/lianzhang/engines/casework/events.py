"""Events of a matter: what happened, in order, without what was annulled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .model import BUILT_IN


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a history. ``at`` has a zone; ``by`` is who did it, ``role`` as what, where known."""

    matter: str | int
    seq: int
    at: datetime
    type: str
    by: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a history: the event's seq, what is wrong, what was expected."""

    seq: int
    what: str
    expected: str


class HistoryError(ValueError):
    """A history that its process does not allow; ``problems`` lists every reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"seq {p.seq}: {p.what}, expected {p.expected}" for p in problems))
        self.problems = tuple(problems)


def in_order(events: Sequence[Event]) -> list[Event]:
    """By instant, equal instants by seq."""
    return sorted(events, key=lambda event: (event.at, event.seq))


def effective(events: Sequence[Event], now: datetime | None = None) -> list[Event]:
    """What counts at ``now`` (None: ever), in order: nothing later, nothing annulled, no annulment itself.

    An annulment that was itself annulled has no effect, so what it struck out is back.
    """
    ordered = in_order(events)
    if now is not None:
        ordered = [event for event in ordered if event.at <= now]
    void: set[int] = set()
    strikes = [event for event in ordered if event.type == "annulled"]
    for event in sorted(strikes, key=lambda event: -event.seq):
        if event.seq not in void:
            void.add(event.data["seq"])
    return [event for event in ordered if event.seq not in void and event.type != "annulled"]


def annulment_problems(events: Sequence[Event]) -> list[Problem]:
    """Seqs that stand twice and annulments that strike out nothing, a later event or the opening."""
    known: dict[int, Event] = {}
    found = []
    for event in events:
        if known.setdefault(event.seq, event) is not event:
            found.append(Problem(event.seq, f"seq {event.seq} stands twice", "one event a seq"))
    for event in events:
        if event.type != "annulled":
            continue
        target = known.get(event.data["seq"])
        if target is None or target.seq >= event.seq:
            found.append(Problem(event.seq, f"annuls seq {event.data['seq']}", "the seq of an earlier event"))
        elif target.type == "opened":
            found.append(Problem(event.seq, "annuls the opening", "any other event"))
    return found


def is_move(event: Event) -> bool:
    """Whether an event is a move of the process rather than one of the built-in types."""
    return event.type not in BUILT_IN
