"""One run of a clock: from a start to a stop, with its pauses, limit, due time and breach."""

from dataclasses import dataclass, field
from datetime import datetime

from .axis import Axis, Number
from .limits import Limit


@dataclass(slots=True)
class Run:
    """A generation of a clock; times are naive local times of the calendar.

    The due time is derived again after every change and kept once it has been missed: neither a pause
    nor a change of limit takes a breach back.
    """

    axis: Axis
    generation: int
    start: datetime
    limit: Limit | None
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    due: datetime | None = None
    aimed_at: datetime | None = None
    breached_at: datetime | None = None
    extensions: int = 0

    @property
    def state(self) -> str:
        """running, paused or stopped."""
        if self.stopped_at is not None:
            return "stopped"
        return "running" if self.paused_at is None else "paused"

    def aim(self, at: datetime) -> None:
        """Derive the due time as it stands at ``at``; unknown without a limit and while paused."""
        self.aimed_at = at
        self.due = None
        if self.limit is None or self.paused_at is not None:
            return
        self.due = self.axis.due(self.start, self.pauses, self.limit)
        if self.pauses and self.due < self.pauses[-1][1]:
            self.due = self.axis.soonest(self.pauses[-1][1])

    def settle(self, at: datetime) -> None:
        """Note the breach if the run was running past its due time before ``at``."""
        if self.state == "running" and self.breached_at is None and self.due is not None and at > self.due:
            self.breached_at = max(self.due, self.aimed_at or self.due)

    def pause(self, at: datetime) -> None:
        """The matter entered a state that pauses the clock."""
        self.settle(at)
        self.paused_at = at
        if self.breached_at is None:
            self.due = None

    def resume(self, at: datetime) -> None:
        """The matter left the pausing states."""
        if self.paused_at is not None:
            self.pauses.append((self.paused_at, at))
            self.paused_at = None
            if self.due is None:
                self.aim(at)

    def stop(self, at: datetime) -> None:
        """The clock stops; a pause that still lasts ends with it."""
        self.settle(at)
        self.resume(at)
        self.stopped_at = at

    def change(self, at: datetime, axis: Axis, limit: Limit | None) -> None:
        """Another limit from now on; earlier pauses keep their credit."""
        self.settle(at)
        self.axis, self.limit = axis, limit
        self.aim(at)

    def end(self, now: datetime) -> datetime:
        """Up to when time is counted as seen from ``now``."""
        return self.stopped_at or self.paused_at or now

    def used(self, now: datetime) -> Number:
        """Time used, in the limit's unit."""
        return self.axis.used(self.start, self.end(now), self.pauses)
