"""One declaration of columns gives a list: filter, sort, pages, export of exactly what is seen.

A `Listing` names its columns and filters; `build` reads the request's query and returns what the table template shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, QueryDict

from lianzhang.kernel.scope import Actor

SIZES = (20, 50, 100, 200)
COUNT_LIMIT = 10_000
MAX_PAGE = 5_000


@dataclass(frozen=True)
class Column:
    """A column: `get` reads the cell from a row; `sort` is the database lookup to order by (None: not sortable).

    kind: text | money | number | date | light | tags, tells the template how to show it. `export` reads the raw value.
    verb: only roles with it see the column (confidentiality of a field).
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

    def raw(self, row: Any) -> Any:
        """The value for an export."""
        return (self.export or self.get)(row)


@dataclass(frozen=True)
class Filter:
    """A filter: its choices (value, label), how it narrows the query, how its chip reads."""

    code: str
    label: Any
    choices: Callable[[], Sequence[tuple[str, Any]]]
    apply: Callable[[QuerySet, str], QuerySet]
    verb: str | None = None

    def word(self, value: str) -> str | None:
        """The words of a chosen value; None when it is no choice."""
        return next((str(label) for v, label in self.choices() if v == value), None)


@dataclass(frozen=True)
class Listing:
    """What a list page declares."""

    code: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Sequence[str] = ()
    default_sort: str = ""
    url: Callable[[Any], str] | None = None
    empty_title: Any = ""
    empty_text: Any = ""


@dataclass
class Chip:
    label: str
    remove_url: str


@dataclass
class Page:
    number: int
    pages: int
    size: int
    first: int
    last: int
    prev_url: str | None
    next_url: str | None
    sizes: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Head:
    code: str
    label: Any
    unit: Any
    kind: str
    numeric: bool
    sortable: bool
    sorted: str | None
    sort_url: str


@dataclass
class Cell:
    """One cell: the value, how to show it, and the column it stands in."""

    value: Any
    kind: str
    code: str


@dataclass
class Row:
    """One row of the page: where it leads, its cells, the object itself."""

    url: str | None
    cells: list[Cell]
    thing: Any


@dataclass
class Control:
    """A filter as the form shows it."""

    code: str
    label: Any
    value: str
    choices: Sequence[tuple[str, Any]]


@dataclass
class Built:
    """What the table template shows."""

    code: str
    columns: list[Head]
    rows: list[Row]
    count: int
    more: bool
    chips: list[Chip]
    page: Page
    export_urls: dict[str, str]
    controls: list[Control]
    query: str
    sort: str
    empty: dict[str, Any]


def for_actor(listing: Listing, actor: Actor) -> Listing:
    """The listing without what this actor's role may not see: such columns and filters do not exist for him."""

    def open_to(each: Column | Filter) -> bool:
        return each.verb is None or actor.can(each.verb)

    return replace(
        listing,
        columns=list(filter(open_to, listing.columns)),
        filters=list(filter(open_to, listing.filters)),
    )


def narrowed(listing: Listing, params: QueryDict, query: QuerySet) -> QuerySet:
    """The query with the filters and the search of the request applied. Unknown values narrow nothing."""
    for each in listing.filters:
        value = params.get(each.code, "")
        if value and each.word(value) is not None:
            query = each.apply(query, value)
    if (text := params.get("q", "").strip().replace("\x00", "")[:100]) and listing.search:
        for word in text.split()[:5]:
            anywhere = Q()
            for lookup in listing.search:
                anywhere |= Q(**{f"{lookup}__icontains": word})
            query = query.filter(anywhere)
    return query


def ordered(listing: Listing, params: QueryDict, query: QuerySet) -> tuple[QuerySet, str]:
    """The query in the asked order (unknown last), and the order in force (`-revenue`)."""
    asked = params.get("sort", "") or listing.default_sort
    column = next((c for c in listing.columns if c.code == asked.lstrip("-") and c.sort), None)
    if column is None:
        return query, ""
    key = F(str(column.sort))
    order = key.desc(nulls_last=True) if asked.startswith("-") else key.asc(nulls_last=True)
    return query.order_by(order, "pk"), asked


def build(listing: Listing, request: HttpRequest, query: QuerySet) -> Built:
    """Everything the table template needs, for one page of the list."""
    params = request.GET
    query = narrowed(listing, params, query)
    count = query.order_by().values("pk")[: COUNT_LIMIT + 1].count()
    query, sort = ordered(listing, params, query)
    page = _page(params, count)
    rows = list(query[page.first : page.first + page.size + 1])
    if len(rows) > page.size and page.next_url is None:
        page.next_url = _with(params, page=str(page.number + 1))
    rows = rows[: page.size]
    page.last = page.first + len(rows)
    return Built(
        code=listing.code,
        columns=[_head(c, params, sort) for c in listing.columns],
        rows=[_row(listing, r) for r in rows],
        count=min(count, COUNT_LIMIT),
        more=count > COUNT_LIMIT,
        chips=_chips(listing, params),
        page=page,
        export_urls={kind: _with(params, format=kind) for kind in ("csv", "xlsx")},
        controls=[Control(f.code, f.label, params.get(f.code, ""), f.choices()) for f in listing.filters],
        query=params.get("q", ""),
        sort=sort,
        empty={"title": listing.empty_title, "text": listing.empty_text},
    )


def _row(listing: Listing, thing: Any) -> Row:
    return Row(
        listing.url(thing) if listing.url else None,
        [Cell(c.get(thing), c.kind, c.code) for c in listing.columns],
        thing,
    )


def _bounded(text: str | None, low: int, high: int, default: int) -> int:
    """A whole number from a query string, kept inside its bounds."""
    return (
        min(max(int(text), low), high)
        if text and text.isascii() and text.isdigit() and len(text) < 10
        else default
    )


def _page(params: QueryDict, count: int) -> Page:
    size = _bounded(params.get("size"), 1, 200, 50)
    number = _bounded(params.get("page"), 1, MAX_PAGE, 1)
    pages = max(1, -(-min(count, COUNT_LIMIT) // size))
    return Page(
        number=number, pages=pages, size=size, first=(number - 1) * size, last=0,
        prev_url=_with(params, page=str(number - 1)) if number > 1 else None,
        next_url=_with(params, page=str(number + 1)) if number < pages else None,
        sizes=[(s, _with(params, size=str(s), page=None)) for s in SIZES],
    )  # fmt: skip


def _with(params: QueryDict, **changes: str | None) -> str:
    """The request's query string with some values changed."""
    pairs = {k: v for k, v in params.items() if k not in ("format",)}
    pairs.update({k: v for k, v in changes.items() if v is not None})
    for gone in [k for k, v in changes.items() if v is None]:
        pairs.pop(gone, None)
    return "?" + urlencode(pairs)


def _head(column: Column, params: QueryDict, sort: str) -> Head:
    current = {column.code: "asc", f"-{column.code}": "desc"}.get(sort)
    target = (
        column.code
        if current == "desc"
        else f"-{column.code}"
        if current == "asc" or column.kind in NUMERIC
        else column.code
    )
    return Head(
        code=column.code, label=column.label, kind=column.kind, numeric=column.kind in NUMERIC,
        unit="" if column.kind.startswith("money") else column.unit,  # scaled amounts carry their own; exports are in this one
        sortable=bool(column.sort), sorted=current, sort_url=_with(params, sort=target, page=None),
    )  # fmt: skip


NUMERIC = ("money", "number", "percent")


def _chips(listing: Listing, params: QueryDict) -> list[Chip]:
    chips = []
    for each in listing.filters:
        value = params.get(each.code, "")
        if value and (word := each.word(value)) is not None:
            chips.append(Chip(f"{each.label}: {word}", _with(params, **{each.code: None, "page": None})))
    if text := params.get("q", "").strip():
        chips.append(Chip(f"“{text}”", _with(params, q=None, page=None)))
    return chips


def export_rows(
    listing: Listing, params: QueryDict, query: QuerySet
) -> tuple[list[str], Iterator[list[Any]]]:
    """Header and rows of exactly what the list shows, all pages."""
    query, _ = ordered(listing, params, narrowed(listing, params, query))
    columns = [c for c in listing.columns if c.exported]
    header = [f"{c.label}({c.unit})" if c.unit else str(c.label) for c in columns]
    return header, ([c.raw(row) for c in columns] for row in query.iterator(chunk_size=1000))
