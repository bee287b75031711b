"""A table of rows that are computed, not queried: the same columns, order and export as a list of the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from lianzhang.kernel import exports
from lianzhang.kernel.tables import FILES, Column, Place, head, kept, row_of


def table(
    request: HttpRequest,
    code: str,
    columns: Sequence[Column],
    rows: Sequence[Any],
    *,
    default_sort: str = "",
    url: Callable[[Any], str | None] | None = None,
    empty: tuple[Any, Any] = ("", ""),
    export: bool = True,
    prefix: str = "",
    anchor: str = "",
) -> dict[str, Any]:
    """What the table component reads. `sort` of a column is any text: it marks the column as sortable by its value.

    prefix, anchor: where a page has several tables, as in `tables.Listing`.
    """
    place = Place(request.GET, prefix, anchor)
    asked = place.get("sort") or default_sort
    rows, shown = ordered(columns, rows, asked), [c for c in columns if c.shown]
    return {
        "code": code,
        "columns": [head(column, place, asked) for column in shown],
        "rows": [row_of(shown, url, row) for row in rows],
        "count": len(rows),
        "more": False,
        "query": None,
        "page": {"pages": 1},
        "export_urls": {kind: place.file_url(kind, code) for kind in FILES} if export else {},
        "empty": {"title": empty[0], "text": empty[1]},
    }


def ordered(columns: Sequence[Column], rows: Sequence[Any], asked: str) -> list[Any]:
    """Rows by the column asked for, unknown last; rows as they came when it is no sortable column."""
    column = next((c for c in columns if c.sort and c.code == asked.lstrip("-")), None)
    if column is None:
        return list(rows)
    known = [(row, column.raw(row)) for row in rows]
    named = sorted((p for p in known if p[1] is not None), key=lambda p: p[1], reverse=asked.startswith("-"))
    return [row for row, _ in named] + [row for row, value in known if value is None]


def wanted(request: HttpRequest, code: str) -> bool:
    """Whether the request asks for this table as a file."""
    return request.GET.get("format") in ("csv", "xlsx") and request.GET.get("table", code) == code


def download(
    request: HttpRequest,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Any],
    synthetic: bool,
    *,
    default_sort: str = "",
    prefix: str = "",
) -> HttpResponse:
    """The rows as a file, in the order in which they are seen."""
    rows = ordered(columns, rows, Place(request.GET, prefix).get("sort") or default_sort)
    columns = kept(columns, request.GET)
    header = [f"{c.label}({c.unit})" if c.unit else str(c.label) for c in columns]
    return exports.answer(request, name, header, ([c.raw(row) for c in columns] for row in rows), synthetic)
