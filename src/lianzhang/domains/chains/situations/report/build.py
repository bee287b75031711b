"""Count the matters of a situation as they stood at the end of a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from lianzhang.casework import processes
from lianzhang.casework.history import engine_events
from lianzhang.domains.chains.models import Situation
from lianzhang.domains.chains.situations import selectors
from lianzhang.domains.chains.situations.report import sources, tables
from lianzhang.domains.chains.situations.report.model import Figure, Report
from lianzhang.domains.chains.situations.report.replay import Child, children_at, events_of
from lianzhang.engines.casework import project
from lianzhang.kernel import time
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import figures


def day_ends(day: date) -> datetime:
    """24:00 of a day in the city's zone."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), time.zone())


def build(actor: Actor, situation: Situation, day: date, only: str = "", group: str = "") -> Report:
    """The report of a day. `only` narrows the rows at its end to those behind one figure (`Figure.rows`),
    `group` to those of one district or liaison (`tables.in_group`)."""
    end = day_ends(day)
    now = time.now()
    # While the day lasts the report tells what stands now; one microsecond keeps events of this very instant.
    cut = min(end, now + timedelta(microseconds=1))
    children = children_at(list(selectors.firms(actor, situation).order_by("pk")), cut)
    start = end - timedelta(days=1)
    found = _figures(children, situation, start)
    names = tables.Names(children)
    return Report(
        title=situation.matter.title,
        number=situation.matter.number,
        day=day,
        cut=min(end, now),
        closed_day=now >= end,
        state=_state(situation, cut),
        figures=found,
        tables=tables.all_tables(children, situation.days, names, start),
        rows=tables.rows(
            [c for c in children if _picked(only, start)(c) and tables.in_group(c, group)],
            situation.days,
            names,
        ),
        sources=sources.lines(situation, cut),
        synthetic=selectors.synthetic(Situation.objects.filter(pk=situation.pk)),
        totals={f.code: f.value for f in found},
    )


def _state(situation: Situation, cut: datetime) -> str:
    """The mother's state at the instant."""
    matter = situation.matter
    process = processes.process(matter.kind, matter.process_version_id)
    log = events_of([matter], cut)[matter.ref]
    if not log:
        return _("not yet opened")
    state = project(engine_events(process, log, matter.pk), process, cut).state
    return processes.title_of(process.states[state], state)


def _figures(children: list[Child], situation: Situation, start: datetime) -> list[Figure]:
    def count(code: str, label: str) -> Figure:
        n = sum(1 for c in children if _picked(code, start)(c))
        return Figure(code, label, n, _text(n, "count"), sources.MATTERS, rows=code)

    return [
        count("all", _("Enterprises")),
        count("new", _("New today")),
        count("open", _("Open")),
        count("late", _("Overdue")),
        count("solved", _("Solved")),
        count("solved_today", _("Solved today")),
        count("withdrawn", _("Withdrawn")),
        _at_risk(children, situation.days),
        _money(
            "confirmed",
            _("Output recovered, accepted by the enterprises"),
            _recovered(c for c in children if c.solved),
            "solved",
        ),
        _money(
            "reported",
            _("Output recovered, reported and not yet accepted"),
            _recovered(c for c in children if not c.solved and not c.withdrawn),
            "reported",
        ),
    ]


def _at_risk(children: list[Child], days: int) -> Figure:
    known = [c.row for c in children if c.row.per_day is not None]
    value = sum((r.per_day or 0.0) * days for r in known) if known else None
    low, high = (sum((getattr(r, end) or 0.0) * days for r in known) for end in ("low", "high"))
    unknown = len(children) - len(known)
    note = _("%(n)s enterprises have no estimate and are not in the sum") % {"n": unknown} if unknown else ""
    return Figure(
        "at_risk", _("Output at risk over %(n)s days") % {"n": days}, value, _text(value, "money_case"), sources.ESTIMATE,
        rows="all", low=_text(low, "money_case") if known else "", high=_text(high, "money_case") if known else "", note=note,
    )  # fmt: skip


def _recovered(children: Iterable[Child]) -> float:
    return sum(c.recovered for c in children if c.recovered is not None)


def _money(code: str, label: str, value: float, rows: str) -> Figure:
    return Figure(code, label, value, _text(value, "money_case"), sources.MATTERS, rows=rows)


def _text(value: float | None, kind: str) -> str:
    shown = figures.show(value, kind)
    return shown.text if shown else "—"


def _picked(code: str, start: datetime) -> Callable[[Child], bool]:
    """Which matters stand behind a figure; an unknown code picks all."""
    tests: dict[str, Callable[[Child], bool]] = {
        "new": lambda c: c.opened_at >= start,
        "open": lambda c: c.open,
        "late": lambda c: c.late,
        "solved": lambda c: c.solved,
        "solved_today": lambda c: c.solved and c.closed_at is not None and c.closed_at >= start,
        "withdrawn": lambda c: c.withdrawn,
        "reported": lambda c: not c.solved and not c.withdrawn and c.recovered is not None,
    }
    return tests.get(code, lambda c: True)
