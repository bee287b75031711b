"""One declaration of columns gives a list: filter, sort, pages, export of exactly what is seen.

A `Listing` names its columns and filters; `build` reads the request's query and returns what the table template shows.
Several tables on one page take turns: each has a `prefix`, reads only its own parameters and leaves the others as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet, FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest, QueryDict

from lianzhang.kernel import views_saved
from lianzhang.kernel.keys import whole
from lianzhang.kernel.scope import ANONYMOUS, Actor
from lianzhang.kernel.table_page import Built, Cell, Chip, Control, Head, Page, Row

SIZES = (20, 50, 100, 200)
FILES = ("csv", "xlsx")
COUNT_LIMIT = 10_000
LONG_FOR = 60
"""Seconds for which a list with more rows than that is not counted again."""
DEEP = 1_000
"""Rows skipped from which on the keys of a page are found before its rows."""
DEEPEST = 100_000
"""Rows into a list that can be paged to; filters and files lead further."""


@dataclass(frozen=True)
class Column:
    """A column: `get` reads the cell from a row; `sort` is the database lookup to order by (None: not sortable).

    kind: text | long | money | number | range | date | light | tags, tells the template how to show it. `export` reads the raw value.
    verb: only roles with it see the column (confidentiality of a field). shown: False keeps a column for exports only.
    """

    code: str
    label: Any
    get: Callable[[Any], Any]
    sort: str | None = None
    kind: str = "text"
    unit: Any = ""
    export: Callable[[Any], Any] | None = None
    exported: bool = True
    verb: str | None = None
    shown: bool = True

    def raw(self, row: Any) -> Any:
        """The value for an export."""
        return (self.export or self.get)(row)


@dataclass(frozen=True)
class Filter:
    """A filter: its choices (value, label), how it narrows the query, how its chip reads.

    opened: for a tree, the choices with the branch of the chosen value open; a value no branch holds is no choice.
    """

    code: str
    label: Any
    choices: Callable[[], Sequence[tuple[str, Any]]]
    apply: Callable[[QuerySet, str], QuerySet]
    verb: str | None = None
    opened: Callable[[str], Sequence[tuple[str, Any]]] | None = None

    def offered(self, value: str) -> Sequence[tuple[str, Any]]:
        """The choices as they stand while this value is chosen."""
        return self.opened(value) if self.opened else self.choices()


@dataclass(frozen=True)
class Chosen:
    """A filter as a request asks for it: the value, the choices that stand with it, its words (None: it is no choice)."""

    filter: Filter
    value: str
    choices: Sequence[tuple[str, Any]]

    @property
    def word(self) -> str | None:
        """The words of the value."""
        return next((str(label).strip() for v, label in self.choices if v == self.value), None)


@dataclass(frozen=True)
class Listing:
    """What a list page declares.

    search: the fields of which one must hold each word typed, or what to filter by for a text.
    similar: what is offered instead where a text is nowhere: links (address, words).
    prefix: stands before its parameters where a page has several tables. anchor: the id on the page that its links
    lead back to. keeps: parameters of other tables that its form of filters hands on.
    """

    code: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Sequence[str] | Callable[[str], Q] = ()
    default_sort: str = ""
    url: Callable[[Any], str] | None = None
    empty_title: Any = ""
    empty_text: Any = ""
    similar: Callable[[str], Sequence[tuple[str, str]]] | None = None
    prefix: str = ""
    anchor: str = ""
    keeps: Sequence[str] = ()


def for_actor(listing: Listing, actor: Actor) -> Listing:
    """The listing without what this actor's role may not see: such columns and filters do not exist for him."""

    def open_to(each: Column | Filter) -> bool:
        return each.verb is None or actor.can(each.verb)

    return replace(
        listing,
        columns=list(filter(open_to, listing.columns)),
        filters=list(filter(open_to, listing.filters)),
    )


@dataclass(frozen=True)
class Place:
    """Where a table stands: the request's parameters, the prefix of its own, the id its links lead back to."""

    params: QueryDict
    prefix: str = ""
    anchor: str = ""

    def get(self, name: str, default: str = "") -> str:
        """The value of one of the table's own parameters."""
        return self.params.get(self.prefix + name, default)

    def url(self, **changes: str | None) -> str:
        """The page's query string with some of the table's own values changed (None: taken out)."""
        pairs = {k: v for k, v in self.params.items() if k not in ("format", "table", "hide")}
        for name, value in changes.items():
            pairs.pop(self.prefix + name, None)
            if value is not None:
                pairs[self.prefix + name] = value
        return "?" + urlencode(pairs) + (f"#{self.anchor}" if self.anchor else "")

    def file_url(self, kind: str, code: str = "") -> str:
        """The address of this table as a file: exactly what is seen. code: which one, where the page has several."""
        pairs = {k: v for k, v in self.params.items() if k not in ("format", "table", "hide")}
        return "?" + urlencode(pairs | {"format": kind} | ({"table": code} if code else {}))


def chosen(listing: Listing, place: Place, *, all_of: bool = False) -> list[Chosen]:
    """The filters that the request sets; all_of: those that it does not set too, as the form shows them."""
    asked = [(each, place.get(each.code)) for each in listing.filters]
    return [Chosen(each, value, each.offered(value)) for each, value in asked if value or all_of]


def narrowed(
    listing: Listing, params: QueryDict, query: QuerySet, asked: Sequence[Chosen] | None = None
) -> QuerySet:
    """The query with the filters and the search of the request applied. Unknown values narrow nothing. asked: the filters
    as `chosen` found them, where that is known already."""
    place = Place(params, listing.prefix)
    for each in chosen(listing, place) if asked is None else asked:
        if each.value and each.word is not None:
            query = each.filter.apply(query, each.value)
    text = sought(place)
    if callable(listing.search):
        return query.filter(listing.search(text)) if text else query
    if text and listing.search:
        for word in text.split()[:5]:
            anywhere = Q()
            for lookup in listing.search:
                anywhere |= Q(**{f"{lookup}__icontains": word})
            query = query.filter(anywhere)
    return query


def sought(place: Place) -> str:
    """The text typed into the search of a table."""
    return place.get("q").strip().replace("\x00", "")[:100]


def ordered(listing: Listing, params: QueryDict, query: QuerySet) -> tuple[QuerySet, str]:
    """The query in the asked order (unknown last), and the order in force (`-revenue`)."""
    asked = Place(params, listing.prefix).get("sort") or listing.default_sort
    column = next((c for c in listing.columns if c.code == asked.lstrip("-") and c.sort), None)
    if column is None:
        return query, ""
    key, falling = F(str(column.sort)), asked.startswith("-")
    # Said only where something may be unknown, and with the key in the same direction: so an index serves the order.
    last = _may_be_unknown(query.model, str(column.sort)) or None
    order = key.desc(nulls_last=last) if falling else key.asc(nulls_last=last)
    return query.order_by(order, "-pk" if falling else "pk"), asked


def _may_be_unknown(model: type[Model], lookup: str) -> bool:
    """Whether a column may be NULL: one of another table, or an annotation, may."""
    try:
        field = model._meta.get_field(lookup)
    except FieldDoesNotExist:
        return True
    return bool(getattr(field, "null", True))


def build(listing: Listing, request: HttpRequest, query: QuerySet) -> Built:
    """Everything the table template needs, for one page of the list."""
    params = request.GET
    place = Place(params, listing.prefix, listing.anchor)
    asked = chosen(listing, place, all_of=True)
    query = narrowed(listing, params, query, asked)
    count = _count(query)
    query, sort = ordered(listing, params, query)
    page = _page(place, count)
    long = count > COUNT_LIMIT
    rows = _rows(query, page, long)
    if long and not rows:
        # Beyond the end of a list too long to be counted each time: its last page.
        page = _page(place, query.order_by().count(), counted=True)
        rows = _rows(query, page, long)
    if len(rows) > page.size and page.next_url is None and page.number < _deepest(page.size):
        page.next_url = place.url(page=str(page.number + 1))
    rows = rows[: page.size]
    page.last = page.first + len(rows)
    columns = [c for c in listing.columns if c.shown]
    nowhere = not rows and bool(sought(place))
    return Built(
        code=listing.code,
        columns=[head(c, place, sort) for c in columns],
        rows=[row_of(columns, listing.url, r) for r in rows],
        count=min(count, COUNT_LIMIT),
        more=long,
        chips=_chips(asked, place),
        page=page,
        export_urls={kind: place.file_url(kind, listing.code if listing.anchor else "") for kind in FILES},
        controls=[Control(listing.prefix + c.filter.code, c.filter.label, c.value, c.choices) for c in asked],
        query=place.get("q"),
        sort=sort,
        empty={"title": listing.empty_title, "text": listing.empty_text},
        similar=listing.similar(sought(place)) if nowhere and listing.similar else (),
        prefix=listing.prefix,
        anchor=listing.anchor,
        kept=[(name, params[name]) for name in (*listing.keeps, "without") if name in params],
        saved=views_saved.offer(listing.code, request.path, params, getattr(request, "actor", ANONYMOUS)),
    )


def _count(query: QuerySet) -> int:
    """How many rows, one more than COUNT_LIMIT at most: what was too long to be counted is taken to be so for a while."""
    counted = query.order_by().values("pk")[: COUNT_LIMIT + 1]
    try:
        asked = repr(counted.query.sql_with_params())
    except EmptyResultSet:
        return 0
    key = "long." + hashlib.blake2b(asked.encode(), digest_size=16).hexdigest()
    if cache.get(key):
        return COUNT_LIMIT + 1
    count = counted.count()
    if count > COUNT_LIMIT:
        cache.set(key, True, LONG_FOR)
    return count


def _rows(query: QuerySet, page: Page, long: bool) -> list[Any]:
    """The rows of a page and one more. In a long list, and deep in any, the keys are found first, from an index where it
    holds what is asked: rows that are passed over are not read."""
    end = page.first + page.size + 1
    if page.first < DEEP and not long:
        return list(query[page.first : end])
    return list(query.filter(pk__in=list(query.values_list("pk", flat=True)[page.first : end])))


def _deepest(size: int) -> int:
    """The last page that can be asked for: nobody pages further, and each row before it is walked over."""
    return max(1, DEEPEST // size)


def row_of(columns: Sequence[Column], url: Callable[[Any], str | None] | None, thing: Any) -> Row:
    """The row of one thing."""
    return Row(url(thing) if url else None, [Cell(c.get(thing), c.kind, c.code) for c in columns], thing)


def _bounded(text: str | None, low: int, high: int, default: int) -> int:
    """A whole number from a query string, kept inside its bounds."""
    asked = whole(text, 9)
    return default if asked is None else min(max(asked, low), high)


def _page(place: Place, count: int, *, counted: bool = False) -> Page:
    """The page asked for, the last one at most. pages: 0 where the rows were not counted to their end."""
    size = _bounded(place.get("rows"), 1, 200, 50)
    number = _bounded(place.get("page"), 1, _deepest(size), 1)
    pages = max(1, -(-count // size)) if counted or count <= COUNT_LIMIT else 0
    number = min(number, pages or number)
    return Page(
        number=number, pages=pages, size=size, first=(number - 1) * size, last=0,
        prev_url=place.url(page=str(number - 1)) if number > 1 else None,
        next_url=place.url(page=str(number + 1)) if number < pages else None,
        sizes=[(s, place.url(rows=str(s), page=None)) for s in SIZES],
    )  # fmt: skip


def head(column: Column, place: Place, sort: str) -> Head:
    """The head of a column: a click orders by it, names from A and numbers from the largest, then the other way round."""
    numeric = column.kind in NUMERIC
    current = {column.code: "asc", f"-{column.code}": "desc"}.get(sort)
    falling = current == "asc" or (current is None and numeric)
    return Head(
        code=column.code, label=column.label, kind=column.kind, numeric=numeric,
        unit="" if column.kind.startswith("money") else column.unit,  # scaled amounts carry their own; exports are in this one
        sortable=bool(column.sort), sorted=current,
        sort_url=place.url(sort=f"-{column.code}" if falling else column.code, page=None),
    )  # fmt: skip


NUMERIC = ("money", "money_overview", "number", "range", "percent", "growth")


def _chips(asked: Sequence[Chosen], place: Place) -> list[Chip]:
    chips = []
    for each in asked:
        if each.value and (word := each.word) is not None:
            # Taken away by an empty value: a page that begins with a filter must see that it was taken away.
            away = place.url(**{each.filter.code: "", "page": None})
            chips.append(Chip(f"{each.filter.label}: {word}", away))
    if text := place.get("q").strip():
        chips.append(Chip(f"“{text}”", place.url(q=None, page=None)))
    return chips


def kept(columns: Sequence[Column], params: QueryDict) -> list[Column]:
    """The columns of a file: those of the list without what the reader put away (`hide=code,code`, else `without` of a
    saved view)."""
    away = set((params.get("hide") or params.get("without") or "").split(","))
    return [c for c in columns if c.exported and c.code not in away]


def export_rows(
    listing: Listing, params: QueryDict, query: QuerySet
) -> tuple[list[str], Iterator[list[Any]]]:
    """Header and rows of exactly what the list shows, all pages; `hide` names columns the reader put away."""
    query, _ = ordered(listing, params, narrowed(listing, params, query))
    columns = kept(listing.columns, params)
    header = [f"{c.label}({c.unit})" if c.unit else str(c.label) for c in columns]
    return header, ([c.raw(row) for c in columns] for row in query.iterator(chunk_size=1000))
