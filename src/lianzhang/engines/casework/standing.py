"""Where a matter stands at an instant: everything a decision about the next move reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from .axis import axis_for
from .events import Event
from .following import Following, follow
from .limits import Limit
from .model import Process
from .projection import Projection, project
from .workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Standing:
    """A matter at ``now``: projection, clocks, and the facts guards may read."""

    process: Process
    calendar: WorkCalendar
    now: datetime
    projection: Projection
    following: Following

    def time_out(self, limit: Limit) -> datetime | None:
        """When a limit that began with the present state is over; None before the first event."""
        entered = self.projection.entered_at
        if entered is None:
            return None
        axis = axis_for(limit.unit, self.calendar)
        return self.calendar.aware(axis.due(self.calendar.local(entered), [], limit))

    def over(self, name: str, org: str | None = None) -> bool:
        """Whether a clock (of one organisation) has missed its due time."""
        local = self.calendar.local(self.now)
        for watch in self.following.watches(name):
            if watch.run is not None and watch.org == org:
                watch.run.settle(local)
                return watch.run.breached_at is not None
        return False

    def environment(self) -> dict[str, Any]:
        """Fields of the matter with the engine's own facts (``facts.FACTS``) beside them."""
        return {**self.projection.fields, **self._facts()}

    def _facts(self) -> dict[str, Any]:
        return {
            "state": self.projection.state,
            "waited": self._waited(),
            "co_opinions_or_expired": all(
                given or self._expired(org) for org, given in self.projection.co.items()
            ),
        }

    def _waited(self) -> int | None:
        if self.projection.entered_at is None:
            return None
        axis = axis_for("working_day", self.calendar)
        return axis.run(self.calendar.local(self.projection.entered_at), self.calendar.local(self.now), [])

    def _expired(self, org: str) -> bool:
        return any(self.over(name, org) for name, clock in self.process.clocks.items() if clock.per)


def standing(
    process: Process,
    events: Sequence[Event],
    calendar: WorkCalendar,
    now: datetime,
    fields: Mapping[str, Any] | None = None,
) -> Standing:
    """Derive where a matter stands; ``fields`` are facts the caller knows beside the events.

    Raises HistoryError where the process does not allow the history.
    """
    projection = project(events, process, now)
    if fields:
        projection = replace(projection, fields={**projection.fields, **fields})
    return Standing(process, calendar, now, projection, follow(process, events, calendar, now))
