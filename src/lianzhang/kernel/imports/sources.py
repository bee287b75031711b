"""What each source gave us, when, and what is late."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Count

from lianzhang.engines.casework.workdays import WorkCalendar
from lianzhang.kernel import time
from lianzhang.kernel.imports.cycles import Standing, period_of, shift, standing
from lianzhang.kernel.models import Import, RefusedRow
from lianzhang.kernel.scope import Actor

LATEST = 20_000
"""Deliveries looked at: the latest."""


@dataclass
class Line:
    """A data set of a source: what was agreed, what came."""

    dataset: str
    agreed: dict[str, Any]
    deliveries: list[Import] = field(default_factory=list)
    unmended: int = 0
    standing: Standing = field(default_factory=lambda: Standing("none"))
    covered: dict[str, int] = field(default_factory=dict)

    @property
    def last(self) -> Import | None:
        """The delivery that came last."""
        return self.deliveries[0] if self.deliveries else None

    @property
    def rows(self) -> int:
        """Rows taken of all deliveries."""
        return sum(d.accepted for d in self.deliveries)


@dataclass
class Giver:
    """A source with its data sets."""

    source: Any
    lines: list[Line]


def overview(actor: Actor, code: str = "") -> list[Giver]:
    """The sources of the catalogue (or one) with what this person may see of their deliveries."""
    query = apps.get_model("city", "Source").objects.order_by("rank", "code")
    sources = list(query.filter(code=code) if code else query)
    delivered = _delivered(actor, [s.code for s in sources])
    unmended = _unmended(actor)
    calendar, today = working_calendar(), time.today()
    out = []
    for source in sources:
        agreed = {each["dataset"]: each for each in source.deliveries}
        given = {d for s, d in delivered if s == source.code}
        lines = [
            _line(
                d,
                agreed.get(d, {}),
                delivered.get((source.code, d), []),
                unmended.get((source.code, d), 0),
                today,
                calendar,
            )
            for d in [*agreed, *sorted(given - agreed.keys())]
        ]
        out.append(Giver(source, lines))
    return out


def late(actor: Actor) -> list[tuple[Any, Line]]:
    """What is late or has gaps, worst first."""
    found = [
        (g.source, line)
        for g in overview(actor)
        for line in g.lines
        if line.standing.state in ("late", "gap")
    ]
    return sorted(found, key=lambda each: (each[1].standing.state != "late", -each[1].standing.late_by))


def _delivered(actor: Actor, sources: list[str]) -> dict[tuple[str, str], list[Import]]:
    query = Import.objects.visible_to(actor).filter(state=Import.State.APPLIED, source__in=sources)
    fields = (
        "source",
        "dataset",
        "period",
        "as_of",
        "file_name",
        "accepted",
        "rejected",
        "applied_at",
        "provenance",
    )
    out: dict[tuple[str, str], list[Import]] = defaultdict(list)
    for row in query.order_by("-applied_at", "-pk").only(*fields)[:LATEST]:
        out[row.source, row.dataset].append(row)
    return out


def _unmended(actor: Actor) -> dict[tuple[str, str], int]:
    query = RefusedRow.objects.visible_to(actor).filter(
        state=RefusedRow.State.OPEN, delivery__state=Import.State.APPLIED
    )
    rows = query.order_by().values_list("source", "dataset").annotate(n=Count("pk"))
    return {(source, dataset): n for source, dataset, n in rows}


def _line(
    dataset: str,
    agreed: dict[str, Any],
    deliveries: list[Import],
    unmended: int,
    today: date,
    calendar: WorkCalendar,
) -> Line:
    cycle = agreed.get("cycle") or ""
    covered: dict[str, int] = {}
    for row in deliveries:  # the latest first: it stands for its period
        if label := covered_by(row, cycle):
            covered.setdefault(label, row.pk)
    stands = standing(cycle, agreed.get("grace", 0), covered, str(agreed.get("since") or ""), today, calendar)
    return Line(dataset, agreed, deliveries, unmended, stands, covered)


def covered_by(row: Import, cycle: str) -> str:
    """The period a delivery speaks of: the one said of it; where none was said, the last that had ended when it came."""
    if row.period or not cycle or row.as_of is None:
        return row.period
    return shift(period_of(row.as_of, cycle), cycle, -1)


def working_calendar() -> WorkCalendar:
    """The calendar of the catalogue."""
    days = apps.get_model("city", "CalendarDay").objects.values_list("date", "kind")
    return WorkCalendar(dict(days))
