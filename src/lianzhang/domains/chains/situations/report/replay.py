"""A situation's matters as they stood at an instant, replayed from their events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lianzhang.casework import processes
from lianzhang.casework.history import engine_events, given
from lianzhang.casework.models import Matter
from lianzhang.domains.chains.models import SituationFirm
from lianzhang.domains.chains.situations.selectors import SOLVED, WITHDRAWN
from lianzhang.engines.casework import Process, clocks, project
from lianzhang.kernel.models import Event

NOTES = {"report": "note", "report_recovered": "note", "ask_info": "question", "hand_over": "reason"}
JUDGEMENTS = {"accept": "satisfaction", "judge": "satisfaction", "send_back": "reason", "redo": "reason"}


@dataclass(frozen=True)
class Said:
    """A judgement: when, which move, its words, and in whose role."""

    at: datetime
    move: str
    words: str


@dataclass(frozen=True)
class Child:
    """One enterprise's matter at the instant. `lead` as events name it; `recovered` is the last figure given by then."""

    row: SituationFirm
    process: Process
    state: str
    opened_at: datetime
    closed_at: datetime | None
    due: datetime | None
    late: bool
    lead: str
    recovered: float | None
    note: str
    judgements: tuple[Said, ...]

    @property
    def open(self) -> bool:
        return self.closed_at is None

    @property
    def solved(self) -> bool:
        return self.state == SOLVED

    @property
    def withdrawn(self) -> bool:
        return self.state == WITHDRAWN


def events_of(matters: Iterable[Matter], until: datetime) -> dict[str, list[Event]]:
    """Subject → events before the instant, in one read. The matters were visible through their situation."""
    found: dict[str, list[Event]] = defaultdict(list)
    subjects = [m.ref for m in matters]
    for event in Event.objects.filter(subject__in=subjects, at__lt=until).order_by("subject", "seq"):
        found[event.subject].append(event)
    return found


def children_at(rows: list[SituationFirm], until: datetime) -> list[Child]:
    """The matters that existed before `until`, as they stood then, in the order of the rows."""
    log = events_of([r.matter for r in rows], until)
    return [_child(row, log[row.matter.ref], until) for row in rows if log[row.matter.ref]]


def _child(row: SituationFirm, log: list[Event], until: datetime) -> Child:
    matter = row.matter
    process = processes.process(matter.kind, matter.process_version_id)
    events = engine_events(process, log, matter.pk)
    at = project(events, process, until)
    running = [
        r.due for r in clocks(process, events, processes.calendar(), until).clocks if r.state == "running"
    ]
    due = min((d for d in running if d is not None), default=None)
    still = at.closed_at is None
    return Child(
        row=row, process=process, state=at.state, opened_at=log[0].at, closed_at=at.closed_at,
        due=due if still else None, late=still and due is not None and due < until, lead=at.lead or "",
        recovered=_last(log, process, "output_recovered"), note=_note(log), judgements=_judgements(log),
    )  # fmt: skip


def _last(log: list[Event], process: Process, name: str) -> float | None:
    """The last value that a move gave; an annulled event gave none."""
    void = {given(e).get("seq") for e in log if e.verb == "annulled"}
    values: list[Any] = [
        given(e)[name] for e in log if e.verb in process.moves and name in given(e) and e.seq not in void
    ]
    return float(values[-1]) if values else None


def _note(log: list[Event]) -> str:
    """The last words of whoever leads."""
    notes = [str(given(e).get(NOTES[e.verb], "")) for e in log if e.verb in NOTES]
    return notes[-1] if notes else ""


def _judgements(log: list[Event]) -> tuple[Said, ...]:
    return tuple(
        Said(e.at, e.verb, str(given(e).get(JUDGEMENTS[e.verb], ""))) for e in log if e.verb in JUDGEMENTS
    )
