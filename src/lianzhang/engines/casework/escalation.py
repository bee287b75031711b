"""Rungs of the escalation ladder, and moves the program makes itself, that fall due between two instants."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from .axis import axis_for
from .events import Event
from .following import Following, follow
from .model import Process, Step
from .runs import Run
from .standing import Standing
from .watch import Watch
from .workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Rung:
    """A step that fell due. ``key`` (matter, clock, organisation, step, generation) is unique for ever, so
    that a step is taken once however often and late one looks."""

    key: tuple[str | int, str, str, int, int]
    at: datetime
    notify: tuple[str, ...]
    mark: str | None


def rungs_between(
    process: Process, events: Sequence[Event], calendar: WorkCalendar, since: datetime, until: datetime
) -> list[Rung]:
    """The steps of all clocks of one matter that fell due after ``since`` and up to ``until``, by time.

    A step counts if its clock was running then: not before the start, not after the stop or the end of
    the matter; one that would fall into a pause waits for its end. Seen from ``until``: a step whose time
    was moved by a later extension falls due at its new time, under the same key.
    """
    following = follow(process, events, calendar, until)
    if not following.steps:
        return []
    closed = _closed_at(following)
    found = []
    for watch in following.all_watches():
        for index, step in enumerate(process.escalation.get(watch.name, ())):
            for run in watch.runs:
                at = _when(step, run, calendar)
                last = min(x for x in (run.stopped_at, closed, calendar.local(until)) if x is not None)
                if at is not None and calendar.local(since) < at <= last:
                    found.append(_rung(events[0].matter, watch, run, index, step, calendar.aware(at)))
    return sorted(found, key=lambda rung: (rung.at, rung.key[1:]))


def _rung(matter: str | int, watch: Watch, run: Run, index: int, step: Step, at: datetime) -> Rung:
    return Rung((matter, watch.name, watch.org or "", index, run.generation), at, step.notify, step.mark)


def _closed_at(following: Following) -> datetime | None:
    """Since when the matter is closed, None while it is open."""
    closed = None
    for step in following.steps:
        if following.process.states[step.state].open:
            closed = None
        elif closed is None:
            closed = following.calendar.local(step.event.at)
    return closed


def _when(step: Step, run: Run, calendar: WorkCalendar) -> datetime | None:
    """When a step of a run falls due, None while that is open."""
    if step.at is not None and step.at.endswith("%"):
        at = _share(run, int(step.at[:-1]))
    else:
        at = run.breached_at or run.due or _share(run, 100)
        if at is not None and step.after_due is not None:
            at = axis_for(step.after_due.unit, calendar).due(at, [], step.after_due)
        elif at is not None and step.before_due is not None:
            at = axis_for(step.before_due.unit, calendar).earlier(at, step.before_due)
    if at is None:
        return None
    at = max(at, run.start)
    for begin, end in run.pauses:
        at = end if begin < at < end else at
    return None if run.paused_at is not None and at > run.paused_at else at


def _share(run: Run, percent: int) -> datetime | None:
    """When that part of the limit was used, with only the pauses that lay before."""
    if run.limit is None:
        return None
    for count, (begin, _) in enumerate(run.pauses):
        at = run.axis.due(run.start, run.pauses[:count], run.limit, percent)
        if at <= begin:
            return at
    return run.axis.due(run.start, run.pauses, run.limit, percent)


def automatic_moves(at: Standing) -> Iterator[tuple[str, datetime]]:
    """Moves with ``auto_after`` out of the present state, with the instant from which the program makes them."""
    for name, move in at.process.moves.items():
        if move.auto_after is not None and at.projection.state in move.from_:
            out = at.time_out(move.auto_after)
            if out is not None:
                yield name, out
