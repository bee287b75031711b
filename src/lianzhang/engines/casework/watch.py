"""A watch follows one clock (of one co-handler) through the history and keeps its runs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lianzhang.engines.expr import evaluate, parse

from .axis import Axis, axis_for
from .events import Event, Problem
from .limits import Limit, parse_limit
from .model import Clock
from .runs import Run
from .workdays import WorkCalendar


def limit_of(clock: Clock, fields: Mapping[str, Any]) -> Limit | None:
    """The first case whose condition is true under the fields; an unknown condition is not true."""
    for case in clock.limit:
        if case.when is None or evaluate(parse(case.when), fields) is True:
            return case.value
    return None


class Watch:
    """``runs``: finished generations and the current one, oldest first."""

    def __init__(self, name: str, clock: Clock, calendar: WorkCalendar, org: str | None = None) -> None:
        self.name = name
        self.clock = clock
        self.calendar = calendar
        self.org = org
        self.runs: list[Run] = []
        self._extended: Limit | None = None

    @property
    def run(self) -> Run | None:
        """The current generation, None while idle."""
        return self.runs[-1] if self.runs else None

    @property
    def ticking(self) -> Run | None:
        """The current generation unless it is stopped."""
        return self.runs[-1] if self.runs and self.runs[-1].stopped_at is None else None

    def axis(self, limit: Limit | None) -> Axis:
        """The axis of a limit's unit (of the first case where there is no limit)."""
        unit = limit.unit if limit else self.clock.limit[0].value.unit
        return axis_for(unit, self.calendar, self.clock)

    def follow(self, kind: str, at: datetime, state: str, fields: Mapping[str, Any]) -> None:
        """One event: stop, then start or restart, then the limit under the fields, then pause or resume."""
        clock, run = self.clock, self.ticking
        if run and kind in clock.stop:
            run.stop(at)
            run = None
        if kind in clock.restart_on or (run is None and kind in clock.start):
            if run:
                run.stop(at)
            run = self._begin(at, fields)
        if run is None:
            return
        if len(clock.limit) > 1 and self._extended is None:
            self._reconsider(run, at, fields)
        if state in clock.pause:
            if run.paused_at is None:
                run.pause(at)
        else:
            run.resume(at)

    def _begin(self, at: datetime, fields: Mapping[str, Any]) -> Run:
        self._extended = None
        limit = limit_of(self.clock, fields)
        run = Run(self.axis(limit), len(self.runs) + 1, at, limit)
        run.aim(at)
        self.runs.append(run)
        return run

    def _reconsider(self, run: Run, at: datetime, fields: Mapping[str, Any]) -> None:
        limit = limit_of(self.clock, fields)
        if limit != run.limit:
            run.change(at, self.axis(limit), limit)

    def extend(self, event: Event, at: datetime) -> Problem | None:
        """Grant more time, or say why the grant has no effect."""
        to = parse_limit(event.data["to"])
        run, rule = self.ticking, self.clock.extend
        if rule is None:
            return Problem(event.seq, f"clock {self.name!r} is extended", "a clock with a rule 'extend'")
        if run is None:
            return Problem(event.seq, f"clock {self.name!r} is extended while not running", "it to run")
        run.settle(at)
        if run.extensions >= rule.max:
            return Problem(event.seq, f"clock {self.name!r} is extended again", f"at most {rule.max} times")
        if rule.before_expiry and run.breached_at is not None:
            due = self.calendar.aware(run.breached_at).isoformat()
            return Problem(event.seq, f"clock {self.name!r} is extended after expiry", f"a grant by {due}")
        if rule.to is not None and _longer(to, rule.to):
            return Problem(event.seq, f"clock {self.name!r} is extended to {to}", f"at most {rule.to}")
        if run.limit is not None and _longer(run.limit, to):
            return Problem(event.seq, f"clock {self.name!r} is cut to {to}", f"more than {run.limit}")
        run.extensions += 1
        self._extended = to
        run.change(at, self.axis(to), to)
        return None


def _longer(left: Limit, right: Limit) -> bool:
    """Whether left is surely the longer one; limits of different units are not ranked."""
    return left.unit == right.unit and left.value > right.value
