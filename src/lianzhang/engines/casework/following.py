"""All watches of a matter, led through its history together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lianzhang.engines.expr import ExprError

from .events import Event, HistoryError, Problem, effective
from .history import Replayed, replay
from .limits import Limit
from .model import Process
from .watch import Watch, limit_of
from .workdays import WorkCalendar


@dataclass(slots=True)
class Following:
    """``steps``: the history that counts; ``refused``: grants of time that had no effect."""

    process: Process
    calendar: WorkCalendar
    steps: list[Replayed] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    single: dict[str, Watch] = field(default_factory=dict)
    per_org: dict[str, dict[str, Watch]] = field(default_factory=dict)

    @property
    def state(self) -> str | None:
        """The state of the matter, None before its first event."""
        return self.steps[-1].state if self.steps else None

    def watches(self, name: str) -> list[Watch]:
        """The watches of a clock: one, or one for every co-handler in order of request."""
        return [self.single[name]] if name in self.single else list(self.per_org[name].values())

    def all_watches(self) -> list[Watch]:
        """Every watch in the order of the process file."""
        return [watch for name in self.process.clocks for watch in self.watches(name)]

    def _addressed(self, name: str, event: Event) -> list[Watch]:
        """The watches an event speaks to; the first request to an organisation makes its watch."""
        if name in self.single:
            return [self.single[name]]
        orgs, org = self.per_org[name], str(event.data.get("org", ""))
        if event.type == "co_requested" and org not in orgs:
            orgs[org] = Watch(name, self.process.clocks[name], self.calendar, org)
        if event.type in ("co_requested", "co_opinion") or (event.type == "extended" and org):
            return [orgs[org]] if org in orgs else []
        return list(orgs.values())

    def take(self, step: Replayed) -> None:
        """Lead every watch over one event."""
        self.steps.append(step)
        event, at = step.event, self.calendar.local(step.event.at)
        if event.type == "extended":
            self._extend(event, at)
            return
        if event.type == "taken_over":
            # What the clocks did on the way there is not known: none is said to have run or to have been missed.
            for watch in self.all_watches():
                watch.runs.clear()
            return
        for name in self.process.clocks:
            for watch in self._addressed(name, event):
                try:
                    watch.follow(event.type, at, step.state, step.fields)
                except ExprError as error:
                    raise _misfit(event, name, error) from error

    def idle_limit(self, name: str) -> Limit | None:
        """The limit a clock that does not run would have if it started now."""
        clock = self.process.clocks[name]
        if not self.steps:
            return clock.limit[-1].value if clock.limit[-1].when is None else None
        try:
            return limit_of(clock, self.steps[-1].fields)
        except ExprError as error:
            raise _misfit(self.steps[-1].event, name, error) from error

    def _extend(self, event: Event, at: datetime) -> None:
        name = event.data["clock"]
        if name not in self.process.clocks:
            expected = f"one of {' '.join(self.process.clocks) or 'none'}"
            raise HistoryError([Problem(event.seq, f"unknown clock {name!r}", expected)])
        watches = self._addressed(name, event)
        if not watches:
            self.refused.append(
                Problem(event.seq, f"clock {name!r} is extended while not running", "it to run")
            )
        self.refused.extend(problem for watch in watches if (problem := watch.extend(event, at)))


def _misfit(event: Event, name: str, error: ExprError) -> HistoryError:
    what = f"limit of clock {name!r}: {error.what}"
    return HistoryError([Problem(event.seq, what, "data of the kind the limit compares")])


def follow(
    process: Process, events: Sequence[Event], calendar: WorkCalendar, now: datetime | None = None
) -> Following:
    """Lead all clocks of a matter through what happened up to ``now`` (None: through everything).

    Raises HistoryError where the process does not allow the history.
    """
    found = Following(process, calendar)
    for name, clock in process.clocks.items():
        if clock.per:
            found.per_org[name] = {}
        else:
            found.single[name] = Watch(name, clock, calendar)
    for step in replay(process, effective(events, now)):
        found.take(step)
    return found
