"""A table of rows that are computed, not queried: the same columns, order and export as a list of the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from lianzhang.kernel import exports
from lianzhang.kernel.tables import NUMERIC, Cell, Column, Row


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
) -> dict[str, Any]:
    """What the table component reads. `sort` of a column is any text: it marks the column as sortable by its value."""
    asked = request.GET.get("sort", "") or default_sort
    rows = ordered(columns, rows, asked)
    return {
        "code": code,
        "columns": [_head(column, asked) for column in columns],
        "rows": [
            Row(url(row) if url else None, [Cell(c.get(row), c.kind, c.code) for c in columns], row)
            for row in rows
        ],
        "count": len(rows),
        "more": False,
        "query": None,
        "page": {"pages": 1},
        "export_urls": {kind: f"?format={kind}&table={code}" for kind in ("csv", "xlsx")} if export else {},
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
    request: HttpRequest, name: str, columns: Sequence[Column], rows: Sequence[Any], synthetic: bool
) -> HttpResponse:
    """The rows as a file."""
    header = [f"{c.label}({c.unit})" if c.unit else str(c.label) for c in columns]
    return exports.answer(request, name, header, ([c.raw(row) for c in columns] for row in rows), synthetic)


def _head(column: Column, asked: str) -> dict[str, Any]:
    numeric = column.kind in NUMERIC or column.kind == "money_overview"
    current = {column.code: "asc", f"-{column.code}": "desc"}.get(asked)
    target = column.code if current == "desc" or (current is None and not numeric) else f"-{column.code}"
    return {
        "code": column.code,
        "label": column.label,
        "unit": column.unit,
        "numeric": numeric,
        "sortable": bool(column.sort),
        "sorted": current,
        "sort_url": f"?sort={target}",
    }
