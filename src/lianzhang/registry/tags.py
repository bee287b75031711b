"""Tags by rule: what holds, what does not, what nobody can say; each explains itself by the values it was read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from lianzhang.city import services as city
from lianzhang.city.services import in_language
from lianzhang.engines import expr
from lianzhang.kernel import bulk, time
from lianzhang.kernel.bulk import among, parts
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import figures
from lianzhang.registry import merged, selectors
from lianzhang.registry.deliveries.columns import facts
from lianzhang.registry.models import Enterprise, Filing, RuleTag, Title, YearFacts
from lianzhang.registry.selectors import source_labels

AT_ONCE = 500
"""Enterprises in one transaction."""
YEAR = 365.2425


@dataclass(frozen=True)
class Value:
    """What a rule was read from: the fact, its value in words, of which year, from which source as of when."""

    label: str
    text: str
    period: str = ""
    source: str = ""


@dataclass
class Verdict:
    """A tag of an enterprise: `holds` is None where it cannot be said; `values` are those the rule names."""

    code: str
    label: str
    rule: str
    holds: bool | None
    values: list[Value]


def rules() -> list[tuple[dict[str, Any], expr.Node]]:
    """The rules of the catalogue in force, parsed."""
    return _rules(city.version_id())


@city.of_version(4)
def _rules(version: int | None) -> list[tuple[dict[str, Any], expr.Node]]:
    return [(row, expr.parse(row["when"])) for row in city.section("tags.yaml")]


def kinds(codes: Collection[str]) -> dict[str, str]:
    """Names that a rule may use, with their kinds."""
    return {
        **dict.fromkeys(codes, "number"),
        "before": "any",
        "age": "number",
        "status": "text",
        "size": "text",
    }


def labels() -> list[tuple[str, str]]:
    """Codes and names, for a filter."""
    return [(row["code"], in_language(row["label"])) for row, _node in rules()]


def refresh(enterprise_ids: Collection[int] | None = None) -> int:
    """Compute the tags of these enterprises (None: all) anew; returns how many hold. Part by part, each a transaction: SQLite
    has one writer, and nobody should wait for all of a city. Broken off and begun again it comes to the same."""
    if enterprise_ids is not None:
        return sum(_refresh(part) for part in parts(sorted(enterprise_ids), AT_ONCE))
    count = sum(_refresh(part) for part in bulk.by_key(Enterprise.objects.filter(registered=True), AT_ONCE))
    RuleTag.objects.filter(enterprise__registered=False).delete()
    return count


def _refresh(ids: Sequence[int]) -> int:
    asked = rules()
    with transaction.atomic():
        RuleTag.objects.filter(among(ids, "enterprise_id")).delete()
        firms = list(
            Enterprise.objects.filter(among(ids), registered=True).only("established", "status", "size")
        )
        rows = [(pk, row["code"]) for pk, env in _about(firms) for row, node in asked if holds(node, env)]
        bulk.insert_rows(RuleTag, ("enterprise_id", "tag"), rows, {})
    return len(rows)


def holds(node: expr.Node, env: Mapping[str, Any]) -> bool | None:
    """Whether a rule holds; None where unknown values leave it open, also where kinds do not fit."""
    try:
        found = expr.evaluate(node, env)
    except expr.ExprError:
        return None
    return found if isinstance(found, bool) else None


def _about(firms: Sequence[Enterprise]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(enterprise, what rules may ask about it)."""
    codes, today = [f["code"] for f in facts()], time.today()
    years: dict[int, list[YearFacts]] = defaultdict(list)
    held: dict[int, set[str]] = defaultdict(set)
    in_force = Q(expires_on__isnull=True) | Q(expires_on__gte=today)
    ids = [firm.pk for firm in firms]
    rows = YearFacts.objects.filter(among(ids, "enterprise_id")).defer("origin", "conflicts")
    for row in rows.order_by("-year"):
        years[row.enterprise_id].append(row)
    shown_under = {entry: pk for pk, entries in merged.groups(ids).items() for entry in entries}
    named = among({*ids, *shown_under}, "enterprise_id")
    titles = Title.objects.filter(named, in_force, current=True)
    for pk, title in titles.order_by().values_list("enterprise_id", "title"):
        held[shown_under.get(pk, pk)].add(title)
    for firm in firms:
        yield firm.pk, _environment(firm, years[firm.pk], held[firm.pk], codes, today)


def _environment(
    e: Enterprise, years: list[YearFacts], held: set[str], codes: list[str], today: Any
) -> dict[str, Any]:
    newest = years[0] if years else None
    before = next((y for y in years if newest and y.year == newest.year - 1), None)
    return {
        **{code: newest.value(code) if newest else None for code in codes},
        "before": {code: before.value(code) if before else None for code in codes},
        "age": (today - e.established).days / YEAR if e.established else None,
        "status": None if e.status == e.Status.UNKNOWN else e.status,
        "size": None if e.size == e.Size.UNKNOWN else e.size,
        "has": sorted(held),
    }


def verdicts(enterprise: Enterprise, actor: Actor) -> list[Verdict]:
    """Every tag of the catalogue for one enterprise, those that hold first, then what cannot be said."""
    if not enterprise.registered or not actor.can("filing.view"):
        return []
    found = dict(_about([enterprise]))[enterprise.pk]
    years = {row.year: row for row in selectors.years(enterprise, actor)}
    filings = selectors.filings_behind(enterprise, actor)
    out = [
        Verdict(
            row["code"],
            in_language(row["label"]),
            row["when"],
            holds(node, found),
            _values(node, found, years, filings),
        )
        for row, node in rules()
    ]
    return sorted(out, key=lambda v: (v.holds is not True, v.holds is not None, v.code))


def _values(
    node: expr.Node, env: Mapping[str, Any], years: dict[int, YearFacts], filings: dict[int, Filing]
) -> list[Value]:
    known = {f["code"]: f for f in facts()}
    names, newest = source_labels(), max(years, default=0)
    out = []
    for name in sorted(expr.names(node)):
        code = name.removeprefix("before.")
        year = newest - 1 if name.startswith("before.") else newest
        fact, row = known.get(code), years.get(year)
        if fact is None:
            value = env.get(name)
            out.append(Value(name, "" if value is None else figures_text(value, "count")))
            continue
        value = row.value(code) if row else None
        filing = filings.get(row.origin.get(code)) if row and value is not None else None
        source = f"{names.get(filing.source, filing.source)} {filing.as_of}" if filing else ""
        kind = "money_full" if fact["type"] == "money" else "count"
        text = "" if value is None else figures_text(value, kind)
        out.append(Value(in_language(fact["label"]), text, str(year) if newest else "", source))
    return out


def figures_text(value: Any, kind: str) -> str:
    """A value in words."""
    shown = (
        figures.show(value, kind) if isinstance(value, int | float) and not isinstance(value, bool) else None
    )
    return shown.text if shown else str(value)
