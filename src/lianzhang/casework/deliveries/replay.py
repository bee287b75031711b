"""Steps of an older ledger led through the process: what fits, where a matter stands after them, taking them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lianzhang.casework import processes, projection
from lianzhang.casework.deliveries import take_over
from lianzhang.casework.deliveries.take_over import PART
from lianzhang.casework.history import engine_events, typed
from lianzhang.casework.models import Matter, MatterEventRecord
from lianzhang.casework.parties import leader
from lianzhang.engines.casework import Event, HistoryError, Process, history_problems, project
from lianzhang.engines.casework.events import effective
from lianzhang.kernel import events
from lianzhang.kernel.bulk import parts
from lianzhang.kernel.imports.dataset import Context
from lianzhang.kernel.models import Event as Logged
from lianzhang.kernel.models import Import
from lianzhang.kernel.touched import Touched

Told = tuple[datetime, str, str, dict[str, Any]]
"""A step as a row tells it: when, which, by whom, what was given."""
SHOWN = 20
"""Numbers named in a report."""


def in_force(steps: Sequence[Event]) -> list[Event]:
    """The steps that were not annulled, in the order in which they happened."""
    return effective(steps)


class History:
    """The steps of one matter that are known, and those being added."""

    def __init__(self, process: Process, steps: Sequence[Event]) -> None:
        self.process = process
        # The state taken over stands for steps that are not known; what a step may follow are the steps that are.
        self.steps = [e for e in in_force(steps) if e.type != "taken_over"]
        self.taken_over = next((e for e in reversed(in_force(steps)) if e.type == "taken_over"), None)
        self._last = max((e.seq for e in steps), default=0)
        self.told: list[Told] = []  # what was taken in, as given

    def known(self, at: datetime, step: str, data: dict[str, Any]) -> int | None:
        """The number of the very step, where it is known already; an opening is, when its time is that of the matter."""
        if step == "taken_over":
            found = self.taken_over
            return found.seq if found is not None and found.at == at and dict(found.data) == data else None
        mine = typed(self.process, data)
        same = (e for e in self.steps if e.type == step and e.at == at)
        fits = (e.seq for e in same if step == "opened" or all(e.data.get(k) == v for k, v in mine.items()))
        return next(fits, None)

    def add(self, at: datetime, step: str, by: str, data: dict[str, Any]) -> str:
        """Take a step in; says why where the process does not allow it there, and nothing is added."""
        if step == "taken_over":
            return "taken_over"
        wider = [*self.steps, self._event((at, step, by, data))]
        try:
            problems = history_problems(self.process, wider)
        except (KeyError, TypeError, ValueError) as error:
            return str(error)
        if problems:
            return "; ".join(f"{p.what}, expected {p.expected}" for p in problems[:2])
        self._take(wider, (at, step, by, data))
        return ""

    def resume(self, told: Iterable[Told]) -> None:
        """Take in again what fitted before, without asking again."""
        for one in told:
            self._take([*self.steps, self._event(one)], one)

    def _event(self, told: Told) -> Event:
        at, step, by, data = told
        return Event(0, self._last + 1, at, step, by, typed(self.process, data))

    def _take(self, wider: list[Event], told: Told) -> None:
        self.steps, self._last = wider, self._last + 1
        self.told.append(told)

    def state_after(self, step: str) -> str | None:
        """The state a step leads to; None where it stays."""
        return self.process.moves[step].to if step in self.process.moves else None


def histories(matters: Iterable[Matter]) -> dict[int, History]:
    """The known steps of each matter."""
    found = {}
    for matter, rows in _chains(matters):
        process = processes.process(matter.kind, matter.process_version_id)
        found[matter.pk] = History(process, engine_events(process, rows, matter.pk))
    return found


def _chains(matters: Iterable[Matter]) -> Iterable[tuple[Matter, list[Logged]]]:
    for some in parts(matters, PART):
        part = {m.ref: m for m in some}
        rows: dict[str, list[Logged]] = defaultdict(list)
        for row in (
            Logged.objects.filter(subject__in=list(part)).select_related("actor").order_by("subject", "seq")
        ):
            rows[row.subject].append(row)
        yield from ((m, rows[ref]) for ref, m in part.items())


def settle(pks: Iterable[int], context: Context) -> tuple[list[str], int]:
    """Where each matter stands after its steps (keys each once, ascending); numbers of the first of those whose steps do
    not lead to the state of the ledger, and how many they are.

    Where they do, the state taken over is annulled and the clocks are those of the steps. Where they do not, the ledger
    knows more than the steps tell: its state stands, told after the last of them.
    """
    some: list[str] = []
    count = 0
    for part in parts(pks, PART):
        matters = Matter.objects.filter(pk__in=part)
        words = take_over.said(m.number for m in matters)
        for matter, rows in _chains(matters):
            if not _settle(matter, rows, words.get(matter.number), context):
                count += 1
                if count <= SHOWN:
                    some.append(matter.number)
    return some, count


def _settle(matter: Matter, rows: list[Logged], word: dict[str, Any] | None, context: Context) -> bool:
    process = processes.process(matter.kind, matter.process_version_id)
    history = History(process, engine_events(process, rows, matter.pk))
    found = project(history.steps, process)
    agrees = word is None or found.state == word["state"]
    told, last = history.taken_over, max(e.at for e in history.steps)
    drafts = []
    if told is not None and (agrees or told.at < last):
        drafts.append(annulment(matter, told.seq, context))
    if word is not None and not agrees and (told is None or told.at < last):
        drafts.append(take_over.taken_over(matter, word, context, last))
    rows += events.record_many(context.actor, drafts)
    if found.lead:
        named = leader_or_none(found.lead)
        matter.lead_org, matter.owner = named if named else (matter.lead_org, matter.owner)
    projection.rebuild(matter, rows)
    matter.save(update_fields=projection.COLUMNS)
    return agrees


def leader_or_none(code: str) -> tuple[Any, Any] | None:
    """The office (and person) that led last; None where it is here no more."""
    try:
        found = leader(code)
    except ValueError:
        return None
    return found.organisation, found.user


def annulment(matter: Matter, seq: int, context: Context) -> events.Draft:
    """The event that strikes out another one."""
    return events.Draft(matter.ref, "annulled", {**take_over.mark(context), "given": {"seq": seq}})


def take_back(delivery: Import, context: Context) -> int:
    """Annul the steps of a delivery, and those of others that are possible only after them."""
    rows = MatterEventRecord.objects.filter(delivery=delivery)
    touched = Touched(rows.order_by().values_list("matter_id", flat=True).iterator(chunk_size=2000))
    removed = sum(_take_back(delivery, part, context) for part in parts(touched, PART))
    settle(touched, context)
    return removed


def _take_back(delivery: Import, pks: Sequence[int], context: Context) -> int:
    rows = MatterEventRecord.objects.filter(delivery=delivery, matter__in=pks)
    seqs: dict[int, list[int]] = defaultdict(list)
    for pk, seq in rows.values_list("matter_id", "seq"):
        seqs[pk].append(seq)
    removed = rows.delete()[0]
    for matter, chain in _chains(Matter.objects.filter(pk__in=pks).order_by("pk")):
        # What another delivery told as well still stands.
        still = set(matter.event_records.values_list("seq", flat=True))
        own = Logged.objects.filter(subject=matter.ref)
        if any("imported" not in data for data in own.values_list("data", flat=True)):
            raise ValueError(
                _("matter %(number)s was worked on here since; its steps cannot be taken back")
                % {"number": matter.number}
            )
        chain += events.record_many(
            context.actor, [annulment(matter, seq, context) for seq in seqs[matter.pk] if seq not in still]
        )
        _prune(matter, chain, context)
    return removed


def _prune(matter: Matter, chain: list[Logged], context: Context) -> None:
    process = processes.process(matter.kind, matter.process_version_id)
    while True:
        steps = [e for e in in_force(engine_events(process, chain, matter.pk)) if e.type != "taken_over"]
        try:
            project(steps, process)
            return
        except HistoryError as error:
            seq = error.problems[0].seq
        MatterEventRecord.objects.filter(matter=matter, seq=seq).delete()
        chain += events.record_many(context.actor, [annulment(matter, seq, context)])
