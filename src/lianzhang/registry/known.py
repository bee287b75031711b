"""What is known of an enterprise and what is not: names, status and place over time, and the figures that are missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lianzhang.city.models import Area
from lianzhang.city.services import in_language
from lianzhang.city.words import in_words
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.registry import selectors
from lianzhang.registry.deliveries.columns import facts, roster_labels
from lianzhang.registry.models import Enterprise, Filing
from lianzhang.registry.selectors import source_labels
from lianzhang.registry.sensitive import Sight

FOLLOWED = ("name", "status", "district", "address", "industry_code", "legal_representative")


@dataclass(frozen=True)
class Change:
    """From a day on a source says something else about a standing fact. `before` is empty where it said nothing."""

    on: date
    field: str
    before: str
    after: str
    source: str
    code: str


@dataclass(frozen=True)
class Completeness:
    """How many of the yearly figures of the catalogue are known for the newest year, and which are not, with their holders."""

    year: int
    known: int
    expected: int
    missing: list[tuple[str, str]]


def changes(enterprise: Enterprise, actor: Actor, sight: Sight) -> list[Change]:
    """Names, status, place and head over time, newest first, as each source told them. A change of status or of name
    stands at its own day where one was delivered, else at the day of the delivery."""
    rows = Filing.objects.visible_to(actor).filter(enterprise_id__in=entries_of(enterprise.pk), period="")
    labels, columns, areas = source_labels(), roster_labels(), {a.code: a.label for a in Area.objects.all()}
    last: dict[tuple[int, str, str], Any] = {}
    out: list[Change] = []
    codes = dict(Enterprise.objects.filter(pk__in=entries_of(enterprise.pk)).values_list("pk", "uscc"))
    for row in rows.exclude(use="statistical").order_by("as_of", "id"):
        for name in FOLLOWED:
            if name not in row.values:
                continue
            key, value = (row.enterprise_id, row.source, name), row.values[name]
            if last.get(key) == value:
                continue
            day = row.values.get("status_on") if name == "status" else None
            said = [_shown(name, v, areas, sight) for v in (last.get(key), value)]
            on = date.fromisoformat(day) if day else row.as_of
            source = labels.get(row.source, row.source)
            out.append(Change(on, columns[name], said[0], said[1], source, codes[row.enterprise_id]))
            last[key] = value
    return sorted(out, key=lambda c: c.on, reverse=True)


def _shown(name: str, value: Any, areas: dict[str, str], sight: Sight) -> str:
    if value is None:
        return ""
    if name == "status":
        return str(Enterprise.Status(value).label) if value in Enterprise.Status.values else str(value)
    return areas.get(value, str(value)) if name == "district" else str(sight.show(name, str(value)))


def completeness(enterprise: Enterprise, actor: Actor) -> Completeness | None:
    """What is known of the newest year; None where no year is known or the actor sees no figures."""
    years = selectors.years(enterprise, actor)
    if not years:
        return None
    row = years[0]
    yearly = [f for f in facts() if f["period"] == "year"]
    missing = [
        (in_language(f["label"]), in_words(f["holder"] or "")) for f in yearly if row.value(f["code"]) is None
    ]
    return Completeness(row.year, len(yearly) - len(missing), len(yearly), missing)
