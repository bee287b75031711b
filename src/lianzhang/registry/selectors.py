"""Reads of the registry; each starts at `visible_to`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from lianzhang.city.models import Source
from lianzhang.city.services import in_language
from lianzhang.kernel.scope import Actor
from lianzhang.registry.deliveries.columns import facts
from lianzhang.registry.models import Enterprise, Filing, Title, YearFacts


@dataclass
class Value:
    """One figure of one year with where it comes from."""

    code: str
    year: int
    value: Any
    filing: Filing | None
    conflicts: list[Any] = field(default_factory=list)


@dataclass
class FactLine:
    """A fact over the years."""

    code: str
    label: str
    unit: str
    type: str
    holder: str
    values: list[Value]


@dataclass
class FactTable:
    """Facts by year: the years, and a line per fact that is known at all."""

    years: list[int]
    lines: list[FactLine]
    sources: list[Source]
    conflicts: int


def enterprise_for(actor: Actor, pk: int) -> Enterprise | None:
    """An enterprise the actor may see."""
    query = Enterprise.objects.registered().visible_to(actor)
    return query.select_related("district", "industry", "industry__parent").filter(pk=pk).first()


def facts_by_year(enterprise: Enterprise, actor: Actor) -> FactTable:
    """The resolved facts with source, as-of and use behind every value."""
    rows = list(YearFacts.objects.visible_to(actor).filter(enterprise=enterprise).order_by("-year"))
    ids = {filing for row in rows for filing in row.origin.values()}
    filings = {f.pk: f for f in Filing.objects.visible_to(actor).filter(pk__in=ids).select_related("delivery")}
    lines = []
    for fact in facts():
        code = fact["code"]
        values = [Value(code, r.year, r.value(code), filings.get(r.origin.get(code)), r.conflicts.get(code, [])) for r in rows]
        if any(v.value is not None for v in values):
            lines.append(FactLine(code, in_language(fact["label"]), fact["unit"] or "", fact["type"], fact["holder"], values))
    used = {f.source for f in filings.values()}
    sources = list(Source.objects.filter(code__in=used))
    return FactTable([r.year for r in rows], lines, sources, sum(len(r.conflicts) for r in rows))


def statistical_returns(enterprise: Enterprise, actor: Actor) -> dict[str, dict[str, Any]]:
    """period → values from statistical returns; empty without the statistics role."""
    out: dict[str, dict[str, Any]] = defaultdict(dict)
    for filing in Filing.objects.visible_to(actor).filter(enterprise=enterprise, use="statistical").order_by("id"):
        out[filing.period].update(filing.values)
    return dict(out)


def titles(enterprise: Enterprise, actor: Actor) -> list[Title]:
    """Titles in force and past, newest first."""
    return list(Title.objects.visible_to(actor).filter(enterprise=enterprise, current=True).order_by("-granted_on", "title"))


def source_label(code: str) -> str:
    """The name of a source in the reader's language."""
    found = Source.objects.filter(code=code).first()
    return found.label if found else code
