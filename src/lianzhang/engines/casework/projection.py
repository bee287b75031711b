"""What a matter looks like after its events: the columns a list needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .events import Event, effective, is_move
from .history import replay
from .model import Process


@dataclass(frozen=True, slots=True)
class Projection:
    """State, handlers and counts of one matter.

    ``lead`` is the last one named by a move; ``co`` maps every organisation asked for an opinion to
    whether it gave one since; ``counts`` and ``done_by`` tell how often and by whom each move was made;
    ``made_as`` tells as which role somebody acted, where events say so.
    """

    state: str
    opened_at: datetime | None = None
    entered_at: datetime | None = None
    closed_at: datetime | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    lead: str | None = None
    co: Mapping[str, bool] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    done_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    made_as: Mapping[str, frozenset[str]] = field(default_factory=dict)
    last_seq: int | None = None


def project(events: Sequence[Event], process: Process, now: datetime | None = None) -> Projection:
    """The projection of a history up to ``now`` (None: all of it).

    Raises HistoryError where the process does not allow the history.
    """
    state, entered, opened, closed, lead = process.initial, None, None, None, None
    fields: Mapping[str, Any] = {}
    co: dict[str, bool] = {}
    counts: dict[str, int] = {}
    done_by: dict[str, set[str]] = {}
    made_as: dict[str, set[str]] = {}
    for step in replay(process, effective(events, now)):
        event = step.event
        if opened is None:
            opened = entered = event.at
        if is_move(event):
            counts[event.type] = counts.get(event.type, 0) + 1
            if process.moves[event.type].to is not None:
                entered = event.at
                closed = None if process.states[step.state].open else event.at
            lead = event.data.get("lead") or lead
        elif event.type == "taken_over":
            entered = event.at
            closed = None if process.states[step.state].open else event.at
        elif event.type in ("co_requested", "co_opinion"):
            co[event.data["org"]] = event.type == "co_opinion"
        if event.by is not None:
            done_by.setdefault(event.type, set()).add(event.by)
            if event.role is not None:
                made_as.setdefault(event.role, set()).add(event.by)
        state, fields = step.state, step.fields
    return Projection(
        state=state,
        opened_at=opened,
        entered_at=entered,
        closed_at=closed,
        fields=fields,
        lead=lead if isinstance(lead, str) else None,
        co=co,
        counts=counts,
        done_by={move: frozenset(people) for move, people in done_by.items()},
        made_as={role: frozenset(people) for role, people in made_as.items()},
        last_seq=max((event.seq for event in events), default=None),
    )
