"""The columns of a matter, rebuilt from its events: state, fields, and the index of its clocks."""

from __future__ import annotations

from datetime import datetime, timedelta

from lianzhang.casework import processes
from lianzhang.casework.history import engine_events, given, logged, stand
from lianzhang.casework.models import Matter
from lianzhang.engines.casework import (
    Event,
    MatterClocks,
    Process,
    Standing,
    automatic_moves,
    clocks,
    rungs_between,
)
from lianzhang.kernel import time
from lianzhang.kernel.models import Event as Logged

HORIZON = timedelta(days=400)
COLUMNS = [
    "state", "waits_for", "fields", "due_at", "breached", "closed_at", "next_step_at", "version", "changed_at",
    "lead_org", "owner",
]  # fmt: skip


def rebuild(matter: Matter, rows: list[Logged] | None = None) -> Standing:
    """Set all projected columns from the chain of events; the caller saves them."""
    rows = logged(matter) if rows is None else rows
    now = max(time.now(), rows[-1].at) if rows else time.now()
    at = stand(matter, rows, now)
    matter.state = at.projection.state
    matter.waits_for = at.process.states[matter.state].waits_for or ""
    matter.fields = _stored(at.process, rows)
    matter.closed_at = at.projection.closed_at
    if rows:
        matter.version, matter.changed_at = rows[-1].seq, rows[-1].at
    index_clocks(matter, at.process, engine_events(at.process, rows, matter.pk), at)
    return at


def _stored(process: Process, rows: list[Logged]) -> dict[str, object]:
    """What the opening and the moves brought, later ones over earlier ones, as stored JSON values."""
    found: dict[str, object] = {}
    void = {row.data["given"]["seq"] for row in rows if row.verb == "annulled"}
    for row in rows:
        if row.verb == "amended":
            found |= row.data.get("fields", {})
        elif (row.verb == "opened" or row.verb in process.moves) and row.seq not in void:
            found |= given(row)
    return found


def readings(matter: Matter, rows: list[Logged] | None = None, *, explained: bool = False) -> MatterClocks:
    """What all clocks of a matter say now."""
    process = processes.process(matter.kind, matter.process_version_id)
    events = engine_events(process, logged(matter) if rows is None else rows, matter.pk)
    return clocks(process, events, processes.calendar(), time.now(), explained=explained)


def index_clocks(matter: Matter, process: Process, events: list[Event], at: Standing) -> None:
    """Set due time, breach and the next instant at which something happens by itself."""
    found = clocks(process, events, at.calendar, at.now).clocks
    running = [r.due for r in found if r.due is not None and r.state in ("running", "paused")]
    matter.breached = any(r.breached_at for r in found)
    if matter.closed_at is not None:
        matter.due_at = matter.next_step_at = None
        return
    matter.due_at = min(running, default=None)
    matter.next_step_at = _next(process, events, at, matter.due_at)


def _next(process: Process, events: list[Event], at: Standing, due: datetime | None) -> datetime | None:
    rungs = rungs_between(process, events, at.calendar, at.now, at.now + HORIZON)
    times = [rungs[0].at] if rungs else []
    # The program moves once the time is over, not at its last instant.
    times += [instant + timedelta(seconds=1) for _, instant in automatic_moves(at)]
    if due is not None and due >= at.now:
        times.append(due + timedelta(seconds=1))
    return min(times, default=None)
