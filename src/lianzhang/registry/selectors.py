"""Reads of the registry; each starts at `visible_to`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianzhang.city import services as city
from lianzhang.city.models import Industry
from lianzhang.city.services import in_language
from lianzhang.city.words import in_words
from lianzhang.kernel import memo
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.kernel.web import dates
from lianzhang.registry.awards import awards_of
from lianzhang.registry.deliveries.columns import facts, roster_labels
from lianzhang.registry.models import Enterprise, Filing, Title, YearFacts
from lianzhang.registry.sensitive import Sight, masked
from lianzhang.registry.terms import terms_of

USES = {
    "statistical": _("statistical use"),
    "administrative": _("administrative use"),
    "consented": _("by consent"),
}

PERSONAL = ("legal_representative", "contact", "phone")
OPTIONAL = ("status_on", "former_codes", *PERSONAL)


@dataclass
class Value:
    """One figure of one year with where it comes from."""

    code: str
    year: int
    value: Any
    filing: Filing | None
    conflicts: list[Any] = field(default_factory=list)
    source_label: str = ""
    use_label: str = ""


@dataclass
class FactLine:
    """A fact over the years."""

    code: str
    label: str
    unit: str
    type: str
    holder: str
    values: list[Value]

    @property
    def unit_word(self) -> str:
        """The unit in the reader's language; `unit` is the catalogue's."""
        return in_words(self.unit)

    @property
    def holder_word(self) -> str:
        """Who holds the figure, in the reader's language."""
        return in_words(self.holder or "")


@dataclass
class FactTable:
    """Facts by year: the years, and a line per fact that is known at all."""

    years: list[int]
    lines: list[FactLine]
    conflicts: int


def enterprise_for(actor: Actor, pk: int) -> Enterprise | None:
    """An enterprise the actor may see; for an entry merged into another one, that other one."""
    return next(iter(_shown(actor, shown=entries_of(pk)[0])), None)


def enterprise_of_code(actor: Actor, uscc: str) -> Enterprise | None:
    """The registered enterprise with a credit code that the actor may see."""
    if not (uscc.isascii() and uscc.isalnum()):  # no code at all; PostgreSQL takes no zero character
        return None
    return Enterprise.objects.registered().visible_to(actor).filter(uscc=uscc).first()


@prepared
def _shown(actor: Actor, shown: int) -> QuerySet[Enterprise]:
    query = Enterprise.objects.registered().visible_to(actor).filter(pk=shown)
    return query.select_related("district", "industry", "industry__parent")


def years(enterprise: Enterprise, actor: Actor) -> list[YearFacts]:
    """The resolved facts of each year, the newest first; several parts of a page ask, the answer is one."""
    return memo.once(
        f"registry.years.{enterprise.pk}.{actor.key}", lambda: _years(actor, enterprise=enterprise.pk)
    )


@prepared
def _years(actor: Actor, enterprise: int) -> QuerySet[YearFacts]:
    return YearFacts.objects.visible_to(actor).filter(enterprise_id=enterprise).order_by("-year")


def filings_behind(enterprise: Enterprise, actor: Actor) -> dict[int, Filing]:
    """The filings from which its standing facts and those of its years come, by number, with their deliveries."""

    def ask() -> dict[int, Filing]:
        ids = set(enterprise.origin.values()).union(
            *(row.origin.values() for row in years(enterprise, actor))
        )
        return {row.pk: row for row in _filings(actor, ids=ids)}

    return memo.once(f"registry.filings.{enterprise.pk}.{actor.key}", ask)


@prepared
def _filings(actor: Actor, ids: Collection[int]) -> QuerySet[Filing]:
    return Filing.objects.visible_to(actor).filter(pk__in=ids).select_related("delivery")


def facts_by_year(enterprise: Enterprise, actor: Actor) -> FactTable:
    """The resolved facts with source, as-of and use behind every value."""
    rows, filings, labels = years(enterprise, actor), filings_behind(enterprise, actor), source_labels()
    lines = []
    for fact in facts():
        code = fact["code"]
        values = [_value(code, r, filings.get(r.origin.get(code)), labels) for r in rows]
        if any(v.value is not None for v in values):
            lines.append(
                FactLine(
                    code, in_language(fact["label"]), fact["unit"] or "", fact["type"], fact["holder"], values
                )
            )
    return FactTable([r.year for r in rows], lines, sum(len(r.conflicts) for r in rows))


def _value(code: str, row: YearFacts, filing: Filing | None, labels: dict[str, str]) -> Value:
    value = Value(code, row.year, row.value(code), filing, row.conflicts.get(code, []))
    if filing is not None:
        value.source_label, value.use_label = (
            labels.get(filing.source, filing.source),
            str(USES.get(filing.use, filing.use)),
        )
    return value


def statistical_returns(enterprise: Enterprise, actor: Actor) -> list[dict[str, Any]]:
    """Values from statistical returns, newest period first; empty without the statistics role."""
    said: dict[str, dict[str, Any]] = defaultdict(dict)
    for filing in (
        Filing.objects.visible_to(actor)
        .filter(enterprise_id__in=entries_of(enterprise.pk), use="statistical")
        .order_by("id")
    ):
        said[filing.period].update(filing.values)
    known = {f["code"]: f for f in facts()}
    return [
        {
            "period": period,
            "label": in_language(known[code]["label"]) if code in known else code,
            "value": value,
            "money": code in known and known[code]["type"] == "money",
            "unit": in_words(known[code]["unit"] or "") if code in known else "",
        }
        for period in sorted(said, reverse=True)
        for code, value in said[period].items()
    ]


def titles(enterprise: Enterprise, actor: Actor) -> list[Title]:
    """Titles in force and past, newest first, each with its source's name, its term and its award."""
    found, labels, granted = [], source_labels(), awards_of(enterprise, actor)
    for title, term in terms_of(enterprise, actor):
        title.granted = granted.get((title.title, title.batch))  # type: ignore[attr-defined]
        found.append(title)
        title.source_label = labels.get(title.source, title.source)  # type: ignore[attr-defined]
        title.named, title.level_named = in_words(title.title), in_words(title.level)  # type: ignore[attr-defined]
        title.term = term  # type: ignore[attr-defined]
    return found


def identity(enterprise: Enterprise, actor: Actor, sight: Sight | None = None) -> list[dict[str, Any]]:
    """The standing facts with the delivery behind each and what other sources say; personal ones as `sight` shows them."""
    sight = sight or masked()
    behind, labels = filings_behind(enterprise, actor), source_labels()
    filings = {pk: behind[pk] for pk in enterprise.origin.values() if pk in behind}
    shown = {
        "name": enterprise.name, "former_names": "、".join(enterprise.former_names), "district": enterprise.district,
        "street": enterprise.street, "address": enterprise.address, "industry_code": _industry(enterprise),
        "products": "、".join(_products(enterprise)), "established": dates.day(enterprise.established), "status": enterprise.get_status_display(),
        "status_on": dates.day(enterprise.status_on), "former_codes": "、".join(enterprise.former_codes),
        **{name: sight.show(name, getattr(enterprise, name)) for name in PERSONAL},
    }  # fmt: skip
    columns = roster_labels()
    out = []
    for code, value in shown.items():
        filing = filings.get(enterprise.origin.get(code, 0))
        source = (
            {
                "label": labels.get(filing.source, filing.source),
                "as_of": filing.as_of,
                "use": USES.get(filing.use, ""),
            }
            if filing
            else None
        )
        others = (
            [
                {"source": labels.get(s, s), "value": sight.show(code, v)}
                for s, v, _ in enterprise.conflicts.get(code, [])
            ]
            if filings
            else []
        )
        line = {
            "code": code,
            "label": columns.get(code, code),
            "value": value,
            "source": source,
            "others": others,
        }
        if value or code not in OPTIONAL:
            out.append(line)
    return out


def _industry(enterprise: Enterprise) -> str:
    return enterprise.industry.coded if enterprise.industry else ""


def _products(enterprise: Enterprise) -> list[str]:
    """Product codes with the name of the class each begins with; a code of no class stands alone."""
    named = {i.code: i for i in Industry.objects.filter(code__in=[p[:4] for p in enterprise.products])}
    return [
        named[code].coded
        if code in named
        else f"{code} {named[code[:4]].label}"
        if code[:4] in named
        else code
        for code in enterprise.products
    ]


def source_labels() -> dict[str, str]:
    """Names of all sources in the reader's language."""
    return {"unnamed": str(_("source not named")), **{s.code: s.label for s in city.sources().values()}}


def holds_synthetic_data() -> bool:
    """Whether generated enterprises are loaded: every page then says so. Looked up once a minute."""
    return bool(
        cache.get_or_set(
            "registry.synthetic", lambda: Enterprise.objects.registered().synthetic().exists(), 60
        )
    )


def id_of_code(uscc: str) -> int | None:
    """The id of the registered enterprise with a credit code, for posts; None if there is none."""
    return Enterprise.objects.registered().filter(uscc=uscc).values_list("pk", flat=True).first()


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Names by id, for posts."""
    return dict(Enterprise.objects.filter(pk__in=set(ids)).values_list("pk", "name"))
