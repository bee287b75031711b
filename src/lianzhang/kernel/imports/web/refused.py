"""Refused rows of all deliveries: which are not mended yet, since when, from whom; and where the others came back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lianzhang.kernel import exports, tables, time
from lianzhang.kernel.imports.forms import dataset_choices, dataset_word, source_choices, source_word
from lianzhang.kernel.imports.problems import language
from lianzhang.kernel.imports.refused import KEPT, problems_of
from lianzhang.kernel.models import Import, RefusedRow
from lianzhang.kernel.tables import Column, Filter, Listing
from lianzhang.kernel.web.access import needs
from lianzhang.kernel.web.first_view import first_view

AGES = [("7", _("over a week")), ("30", _("over 30 days")), ("90", _("over 90 days"))]
STATES = [("open", _("not mended")), ("mended", _("mended")), ("again", _("refused again"))]


def why(row: RefusedRow) -> str:
    """The reasons in the reader's language."""
    return " | ".join(p.message(language()) for p in problems_of(row))


def came_back(row: RefusedRow) -> str:
    """Where a row came back, in words."""
    if row.successor_id is None:
        return ""
    if row.state == RefusedRow.State.AGAIN:
        return _now("refused again in import %(id)s") % {"id": row.successor_id}
    return _now("mended in import %(id)s, row %(new)s") % {"id": row.successor_id, "new": row.successor_row}


def age(row: RefusedRow) -> str:
    """Days since the row was refused."""
    days = (time.now() - row.at).days
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _older(query: QuerySet, days: str) -> QuerySet:
    return query.filter(at__lt=time.now() - timedelta(days=int(days)))


LISTING = Listing(
    code="refused_rows",
    columns=[
        Column("source", _("Source"), lambda r: source_word(r.source), sort="source"),
        Column("dataset", _("What it is"), lambda r: dataset_word(r.dataset), sort="dataset"),
        Column("file", _("File"), lambda r: f"#{r.delivery_id} {r.delivery.file_name}", sort="delivery_id"),
        Column("sheet", _("Sheet"), lambda r: r.sheet, sort="sheet"),
        Column("row", _("Row"), lambda r: r.row, sort="row", kind="number"),
        Column("key", _("What it names"), lambda r: r.key, sort="key"),
        Column("why", _("What is wrong and how to mend it"), why),
        Column("age", _("Age"), age, sort="at"),
        Column("state", _("State"), lambda r: (_light(r), r.get_state_display()), sort="state", kind="light",
               export=lambda r: r.get_state_display()),
        Column("back", _("Came back"), came_back),
    ],
    filters=[
        Filter("state", _("State"), lambda: STATES, lambda q, v: q.filter(state=v)),
        Filter("source", _("Source"), source_choices, lambda q, v: q.filter(source=v)),
        Filter("dataset", _("What it is"), dataset_choices, lambda q, v: q.filter(dataset=v)),
        Filter("age", _("Age"), lambda: AGES, _older),
    ],
    search=["key", "sheet", "delivery__file_name"],
    default_sort="age",
    url=lambda r: f"/imports/{r.successor_id}/rows/" if r.successor_id else f"/imports/{r.delivery_id}/rows/?status=rejected",
    empty_title=_("No refused rows"),
    empty_text=_("Rows that an applied delivery refuses stand here until they come back mended."),
)  # fmt: skip


def _light(row: RefusedRow) -> str:
    if row.state == RefusedRow.State.MENDED:
        return "green"
    return "grey" if row.state == RefusedRow.State.AGAIN else "amber"


@needs("import.view")
def refused_rows(request: HttpRequest) -> HttpResponse:
    """All refused rows this person may see; without another choice those that are not mended."""
    query = (
        RefusedRow.objects.visible_to(request.actor)  # type: ignore[attr-defined]
        .filter(delivery__state=Import.State.APPLIED).select_related("delivery").defer("delivery__report", "delivery__mapping")
    )  # fmt: skip
    first_view(request, {"state": "open"}, decided=bool(request.GET))
    if request.GET.get("format") in ("csv", "xlsx"):
        header, rows = tables.export_rows(LISTING, request.GET, query)
        return exports.answer(request, "refused_rows", header, rows, synthetic=False)
    context: dict[str, Any] = {
        "table": tables.build(LISTING, request, query),
        "sources": _by_source(query),
        "kept": f"{KEPT:,}",
    }
    return render(request, "kernel/imports/refused.html", context)


def _by_source(query: QuerySet) -> list[dict[str, Any]]:
    """How many rows of each source are not mended, and since when the oldest."""
    waiting = query.filter(state=RefusedRow.State.OPEN).order_by().values("source")
    rows = waiting.annotate(n=Count("pk"), oldest=Min("at")).order_by("oldest")
    return [
        {"code": r["source"], "title": source_word(r["source"]), "n": r["n"], "oldest": r["oldest"]}
        for r in rows
    ]
