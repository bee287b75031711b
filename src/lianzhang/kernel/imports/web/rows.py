"""Row by row: what applying would do, or did; by kind, paged, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lianzhang.kernel import exports
from lianzhang.kernel.imports import planread
from lianzhang.kernel.imports.forms import STATUS
from lianzhang.kernel.imports.planread import Line
from lianzhang.kernel.imports.web.delivery import ROW_LIGHTS, frame, readable
from lianzhang.kernel.imports.wording import Words, cells, header
from lianzhang.kernel.keys import number
from lianzhang.kernel.models import Import, RefusedRow
from lianzhang.kernel.web.access import needs

ROWS_A_PAGE = 100
SHOWN = 8
"""Fields shown of a row before one opens the rest."""


@needs("import.view")
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """Which row of the file becomes what, and what it changes."""
    row = readable(request, pk)
    status = request.GET.get("status", "")
    status = status if status in STATUS else ""
    if request.GET.get("format") in ("csv", "xlsx"):
        name = f"import_{pk}_rows" + (f"_{status}" if status else "")
        header, lines = _table(row, status)
        return exports.answer(request, name, header, lines, synthetic=row.provenance == "synthetic")
    number = _number(request.GET.get("page", "1"))
    found, more = planread.page(pk, status, number, ROWS_A_PAGE)
    words = Words(row.dataset)
    context = frame(request, row, "rows")
    mended = successors(row, {line.row for line in found if line.status == "rejected"})
    context |= {
        "lines": [_shown(line, words) | {"mended": mended.get((line.sheet, line.row))} for line in found],
        "status": status,
        "kinds": _kinds(row),
        "total": sum(row.counts[name] for name in STATUS),
        "number": number,
        "more": more,
        "kept": planread.kept(pk),
        "preview": row.state == Import.State.READ,
    }
    return render(request, "kernel/imports/rows.html", context)


def successors(row: Import, numbers: set[int]) -> dict[tuple[str, int], RefusedRow]:
    """(sheet, row) → the refused row that came back in another delivery."""
    found = RefusedRow.objects.filter(delivery=row, row__in=numbers, successor__isnull=False)
    return {(each.sheet, each.row): each for each in found}


def _number(asked: str) -> int:
    return min(max(number(asked), 1), 100_000)


def _kinds(row: Import) -> list[dict[str, Any]]:
    """The kinds of rows with their counts, as the delivery itself counts them."""
    return [
        {"code": code, "word": word, "light": ROW_LIGHTS[code], "count": row.counts[code]}
        for code, word in STATUS.items()
    ]


def _shown(line: Line, words: Words) -> dict[str, Any]:
    said = words.said(line)
    return {
        "line": line,
        "word": STATUS.get(line.status, line.status),
        "light": ROW_LIGHTS.get(line.status, "grey"),
        "said": said[:SHOWN],
        "rest": said[SHOWN:],
        "why": words.why(line),
    }


def _table(row: Import, status: str) -> tuple[list[str], Iterator[list[Any]]]:
    """The rows as a file: one line a row, changes and reasons in words."""
    words = Words(row.dataset)

    def lines() -> Iterator[list[Any]]:
        for line in planread.lines(row.pk, status):
            yield [*cells(line, words), "#{} {} {}".format(*line.origin) if line.origin else None]

    return [*header(), _("Mended from")], lines()
