"""The list of enterprises: columns, filters, order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lianzhang.city import services as city
from lianzhang.city.models import Area, Industry
from lianzhang.city.words import in_words
from lianzhang.kernel import time
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Column, Filter, Listing
from lianzhang.registry import merged, tags, terms
from lianzhang.registry.models import Enterprise, Title
from lianzhang.registry.models.enterprise import GONE
from lianzhang.registry.names.search import matching, resembling

_extra: list[Filter] = []


def add_filter(extra: Filter) -> None:
    """Let a domain (chains) offer a filter of the list."""
    _extra.append(extra)


def _districts(actor: Actor) -> list[tuple[str, str]]:
    """The districts in which this person may see enterprises."""
    found, here = _districts_of(city.version_id(), get_language()), actor.scope.area_path
    if here is None or actor.kinds("enterprise.view") != {"area"}:
        return [(code, label) for code, label, _path in found]
    return [(code, label) for code, label, path in found if path.startswith(here) or here.startswith(path)]


@city.of_version(8)
def _districts_of(version: int | None, language: str | None) -> list[tuple[str, str, str]]:
    return [(a.code, a.label, a.path) for a in Area.objects.filter(level=Area.Level.DISTRICT)]


def _by_district(query: QuerySet, code: str) -> QuerySet:
    # The area is looked up first: joined, it would keep the rows from being read in their order.
    return query.filter(district=next(iter(_areas_of(code=code)), None))


@prepared
def _areas_of(code: str) -> QuerySet[Area]:
    return Area.objects.filter(code=code)[:1]


def _industries(chosen: str = "") -> list[tuple[str, str]]:
    """The tree of GB/T 4754: sections and divisions, and below the chosen division or group the branch that holds it."""
    branch = chosen[:3] if chosen.isascii() and chosen.isdigit() else ""
    return _branch(city.version_id(), get_language(), branch)


@city.of_version(256)
def _branch(version: int | None, language: str | None, chosen: str) -> list[tuple[str, str]]:
    branch = Q(level__lte=2)
    if chosen:
        branch |= Q(level=3, code__startswith=chosen[:2])
        if len(chosen) > 2:
            branch |= Q(level=4, code__startswith=chosen[:3])
    # Sections before their divisions, each division before its groups.
    rows = sorted(Industry.objects.filter(branch), key=lambda i: (i.section, i.level > 1, i.code))
    return [(i.code, "\N{IDEOGRAPHIC SPACE}" * (i.level - 1) + i.coded) for i in rows]


def _by_industry(query: QuerySet, code: str) -> QuerySet:
    if code.isalpha():
        return query.filter(industry__section=code)
    return query.filter(industry_id__gte=code, industry_id__lte=code.ljust(4, "9"))


def _titles(actor: Actor) -> list[tuple[str, str]]:
    """Titles that enterprises within sight hold: a title of a neighbour must not show as a choice."""
    return [(n, in_words(n)) for n in _titles_held(actor)]


@prepared
def _titles_held(actor: Actor) -> Any:
    visible = Title.objects.visible_to(actor).filter(current=True)
    return visible.order_by("title").values_list("title", flat=True).distinct()[:60]


def _by_title(query: QuerySet, title: str) -> QuerySet:
    held = Title.objects.filter(title=title, current=True).filter(
        Q(expires_on__isnull=True) | Q(expires_on__gte=time.today())
    )
    return _holders(query, held)


def _holders(query: QuerySet, held: QuerySet[Title]) -> QuerySet:
    """Enterprises that hold one of these titles, themselves or through an entry merged into them."""
    shown = Coalesce("enterprise__survivor_id", "enterprise_id")
    return query.filter(pk__in=held.order_by().values_list(shown, flat=True))


def _by_term(query: QuerySet, state: str) -> QuerySet:
    return _holders(query, Title.objects.filter(terms.standing(state), current=True))


def _by_presence(query: QuerySet, there: str) -> QuerySet:
    return query.exclude(status__in=GONE) if there == "yes" else query.filter(status__in=GONE)


def _by_size(query: QuerySet, size: str) -> QuerySet:
    return query.filter(size=size)


def _by_status(query: QuerySet, status: str) -> QuerySet:
    return query.filter(status=status)


def listing(actor: Actor) -> Listing:
    """The declaration of the list for an actor, with the filters that domains offered."""
    districts = Filter("district", _("District"), lambda: _districts(actor), _by_district)
    titles = Filter("title", _("Title"), lambda: _titles(actor), _by_title, verb="title.view")
    return Listing(
        code="enterprises",
        columns=columns(),
        filters=[districts, *FILTERS, titles, TERMS, TAGS, *_extra, THERE],
        search=lambda text: merged.also(matching(text), text),
        similar=lambda text: [(e.get_absolute_url(), e.name) for e in resembling(text, actor)],
        default_sort="-revenue",
        url=lambda e: e.get_absolute_url(),
        empty_title=_("No enterprise matches"),
        empty_text=_("Remove a filter, or import a roster of enterprises."),
    )


def columns() -> list[Column]:
    """The columns in this reader's words for areas, industries, sizes and states: found once, not for each row of a file."""
    areas, industries = city.areas_in_words(), city.industries_in_words()
    sizes = {code: str(word) for code, word in Enterprise.Size.choices}
    states = {code: str(word) for code, word in Enterprise.Status.choices}
    return [
        *STANDING[:2],
        Column("district", _("District"), lambda e: areas.get(e.district_id), sort="area_path"),
        Column(
            "industry", _("Industry"), lambda e: industries.get(e.industry_id), export=lambda e: e.industry_id
        ),
        *STANDING[2:],
        Column("size", _("Size"), lambda e: sizes[e.size], verb="filing.view"),
        Column("status", _("Status"), lambda e: states[e.status]),
    ]


STANDING: Sequence[Column] = (
    Column("name", _("Name"), lambda e: e.name, sort="name"),
    Column("uscc", _("Unified social credit code"), lambda e: e.uscc, sort="uscc", kind="code"),
    Column(
        "revenue",
        _("Revenue"),
        lambda e: e.revenue,
        sort="revenue",
        kind="money",
        unit=_("yuan"),
        verb="filing.view",
    ),
    # Year, size and status have few values: a filter, not an order, finds them among millions; so does the tree of industries.
    Column("year", _("Year"), lambda e: e.latest_year, kind="plain", verb="filing.view"),
    Column(
        "employees",
        _("Employees"),
        lambda e: e.employees,
        sort="employees",
        kind="number",
        verb="filing.view",
    ),
)


def _by_tag(query: QuerySet, code: str) -> QuerySet:
    return query.filter(rule_tags__tag=code)


TAGS = Filter("tag", _("Tag by rule"), tags.labels, _by_tag, verb="filing.view")
TERMS = Filter("term", _("Term of titles"), lambda: list(terms.WORDS.items()), _by_term, verb="title.view")
THERE = Filter(
    "there",
    _("Presence"),
    lambda: [("yes", _("without those gone")), ("no", _("only those gone"))],
    _by_presence,
)
FILTERS: Sequence[Filter] = (
    Filter("industry", _("Industry"), _industries, _by_industry, opened=_industries),
    Filter("size", _("Size"), lambda: Enterprise.Size.choices, _by_size, verb="filing.view"),
    Filter("status", _("Status"), lambda: Enterprise.Status.choices, _by_status),
)
