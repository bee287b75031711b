"""From the log to the engine and back: a matter's events, what it holds, how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from lianzhang.casework import processes
from lianzhang.casework.models import Matter
from lianzhang.engines.casework import Event, Process, Standing, standing
from lianzhang.kernel import time
from lianzhang.kernel.models import Event as Logged

BUILT_IN = frozenset({"opened", "extended", "annulled", "co_requested", "co_opinion", "taken_over"})
SYSTEM = "system"


def person_id(user_id: int | None) -> str:
    """A person as events of a matter name him; the program itself where there is none."""
    return SYSTEM if user_id is None else f"user:{user_id}"


def logged(matter: Matter) -> list[Logged]:
    """The matter's chain, oldest first. Callers have seen the matter through `visible_to`."""
    return list(Logged.objects.filter(subject=matter.ref).select_related("actor").order_by("seq"))


def engine_events(process: Process, rows: Iterable[Logged], matter: int) -> list[Event]:
    """The events that the engine reads: moves and its built-in types, not notes and files."""
    return [
        Event(
            matter,
            row.seq,
            row.at,
            row.verb,
            done_by(row),
            typed(process, given(row)),
            row.data.get("role"),
        )
        for row in rows
        if row.verb in BUILT_IN or row.verb in process.moves
    ]


def done_by(row: Logged) -> str:
    """Who did it: a person of this installation, or whom an older ledger names."""
    return ledger_name(row) if "imported" in row.data else person_id(row.actor_id)


def ledger_name(row: Logged) -> str:
    """The person or office that an older ledger says did it; empty where it says nothing."""
    return str(row.with_personal("ledger").get("by", ""))


def given(row: Logged) -> dict[str, Any]:
    """What a move or the opening brought with it."""
    return row.with_personal("given")


def typed(process: Process, values: Mapping[str, Any]) -> dict[str, Any]:
    """Stored JSON values as the expression language compares them: dates as dates."""
    kinds = {spec.name: spec.type for spec in process.fields}
    return {name: _typed(kinds.get(name), value) for name, value in values.items()}


def _typed(kind: str | None, value: Any) -> Any:
    if kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    if kind == "datetime" and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value


def stand(matter: Matter, rows: list[Logged] | None = None, now: datetime | None = None) -> Standing:
    """Where a matter stands now, from its events."""
    process = processes.process(matter.kind, matter.process_version_id)
    events = engine_events(process, logged(matter) if rows is None else rows, matter.pk)
    facts = {"children_open": Matter.objects.still_open().filter(parent_id=matter.pk).count()}
    return standing(process, events, processes.calendar(), now or time.now(), facts)
