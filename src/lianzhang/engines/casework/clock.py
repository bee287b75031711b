"""What the clocks of a matter say at an instant: a pure function of history, process and calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .axis import Number
from .events import Event, Problem
from .explain import Day, explain
from .following import Following, follow
from .model import Process
from .watch import Watch
from .workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Reading:
    """One clock. ``used`` and ``limit`` in ``unit``; ``due`` is None while idle, paused or without limit."""

    name: str
    org: str | None
    state: str
    unit: str
    used: Number
    limit: Number | None
    due: datetime | None
    breached_at: datetime | None
    provisional: bool
    generation: int
    explain: tuple[Day, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The reading as JSON-ready data; ``org`` only for a co-handler's clock."""
        head: dict[str, Any] = {"name": self.name}
        if self.org is not None:
            head["org"] = self.org
        return head | {
            "state": self.state,
            "unit": self.unit,
            "used": self.used,
            "limit": self.limit,
            "due": self.due.isoformat() if self.due else None,
            "breached_at": self.breached_at.isoformat() if self.breached_at else None,
            "provisional": self.provisional,
            "explain": [
                {"date": d.date.isoformat(), "counted": d.counted, "why": d.why} for d in self.explain
            ],
        }


@dataclass(frozen=True, slots=True)
class MatterClocks:
    """``state`` is None before the first event; ``refused``: grants of time that had no effect."""

    state: str | None
    clocks: tuple[Reading, ...]
    refused: tuple[Problem, ...]


def clocks(
    process: Process,
    events: Sequence[Event],
    calendar: WorkCalendar,
    now: datetime,
    *,
    explained: bool = False,
) -> MatterClocks:
    """All clocks of one matter as seen at ``now`` (an instant with a zone).

    Events later than ``now`` have not happened. A clock of co-handlers gives one reading for every
    organisation asked, or one idle reading. Raises HistoryError where the process does not allow the history.
    """
    following = follow(process, events, calendar, now)
    local = calendar.local(now)
    readings: list[Reading] = []
    for name in process.clocks:
        watches = following.watches(name) or [Watch(name, process.clocks[name], calendar)]
        readings.extend(read(watch, following, local, explained=explained) for watch in watches)
    return MatterClocks(following.state, tuple(readings), tuple(following.refused))


def read(watch: Watch, following: Following, now: datetime, *, explained: bool = False) -> Reading:
    """The reading of one watch at ``now`` (naive local time), not before its last event."""
    run = watch.run
    if run is None:
        limit = following.idle_limit(watch.name)
        unit = (limit or watch.clock.limit[0].value).unit
        value = limit.value if limit else None
        return Reading(watch.name, watch.org, "idle", unit, 0, value, None, None, False, 0)
    run.settle(now)
    unit = (run.limit or watch.clock.limit[0].value).unit
    aware = following.calendar.aware
    return Reading(
        name=watch.name,
        org=watch.org,
        state=run.state,
        unit=unit,
        used=run.used(now),
        limit=run.limit.value if run.limit else None,
        due=aware(run.due) if run.due else None,
        breached_at=aware(run.breached_at) if run.breached_at else None,
        provisional=run.axis.provisional(run.start, run.end(now), run.due),
        generation=run.generation,
        explain=tuple(explain(run, now)) if explained else (),
    )
