"""Lists: all deliveries, the problems of one, its rows by what became of them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import exports, tables
from lianzhang.kernel.imports import problems
from lianzhang.kernel.imports.forms import STATUS, dataset_choices, dataset_word, source_choices, source_word
from lianzhang.kernel.imports.web.delivery import STATE_LIGHTS, frame, readable
from lianzhang.kernel.models import Import, ImportProblem
from lianzhang.kernel.tables import Column, Filter, Listing
from lianzhang.kernel.web.access import needs

SEVERITY = {"error": _("error"), "warning": _("warning")}


def _by(field: str) -> Any:
    def apply(query: QuerySet, value: str) -> QuerySet:
        return query.filter(**{field: value})

    return apply


LISTING = Listing(
    code="imports",
    columns=[
        Column("file", _("File"), lambda r: r.file_name, sort="file_name"),
        Column("dataset", _("What it is"), lambda r: dataset_word(r.dataset), sort="dataset"),
        Column("source", _("Source"), lambda r: source_word(r.source), sort="source"),
        Column("period", _("Period"), lambda r: r.period, sort="period"),
        Column("state", _("State"), lambda r: (STATE_LIGHTS.get(r.state, "grey"), r.get_state_display()), sort="state", kind="light",
               export=lambda r: r.get_state_display()),
        Column("created", STATUS["created"], lambda r: r.created, sort="created", kind="number"),
        Column("updated", STATUS["updated"], lambda r: r.updated, sort="updated", kind="number"),
        Column("unchanged", STATUS["unchanged"], lambda r: r.unchanged, sort="unchanged", kind="number"),
        Column("rejected", STATUS["rejected"], lambda r: r.rejected, sort="rejected", kind="number"),
        Column("owner", _("By"), lambda r: str(r.owner or _("the system"))),
        Column("at", _("Handed in"), lambda r: r.uploaded_at, sort="uploaded_at", kind="datetime"),
    ],
    filters=[
        Filter("dataset", _("What it is"), dataset_choices, _by("dataset")),
        Filter("state", _("State"), lambda: Import.State.choices, _by("state")),
        Filter("source", _("Source"), source_choices, _by("source")),
    ],
    search=["file_name"],
    default_sort="-at",
    url=lambda r: f"/imports/{r.pk}/",
    empty_title=_("No file was handed in yet"),
    empty_text=_("Hand in a roster of enterprises, yearly facts, titles or links as Excel, CSV or Parquet."),
)  # fmt: skip

PROBLEMS = Listing(
    code="import_problems",
    columns=[
        Column("message", _("What is wrong and how to mend it"), problems.words),
        Column("severity", _("Severity"), lambda p: SEVERITY.get(p.severity, p.severity), sort="severity"),
        Column("sheet", _("Sheet"), lambda p: p.sheet, sort="sheet"),
        Column("row", _("Row"), lambda p: p.row, sort="row", kind="number"),
        Column("letter", _("Column"), lambda p: p.letter, sort="letter"),
        Column("column", _("Column heading"), lambda p: p.column, sort="column"),
        Column("value", _("Value"), lambda p: p.value),
        Column("code", _("Code"), lambda p: p.code, sort="code"),
    ],
    filters=[Filter("severity", _("Severity"), lambda: list(SEVERITY.items()), _by("severity"))],
    search=["value", "column", "sheet"],
    empty_title=_("No problems"),
    empty_text=_("Every row of the file can be taken."),
)


@needs("import.view")
def deliveries(request: HttpRequest) -> HttpResponse:
    """All deliveries this person may see."""
    actor = request.actor  # type: ignore[attr-defined]
    query = Import.objects.visible_to(actor).select_related("owner").defer("report", "mapping")
    if request.GET.get("format") in ("csv", "xlsx"):
        header, rows = tables.export_rows(LISTING, request.GET, query)
        return exports.answer(request, "imports", header, rows, synthetic=False)
    context = {"table": tables.build(LISTING, request, query), "may_run": actor.can("import.run")}
    context["whole_city"] = "city" in actor.kinds("import.view")
    return render(request, "kernel/imports/list.html", context)


@needs("import.view")
def problem_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The problems of a delivery, to be filtered by severity and code."""
    row = readable(request, pk)
    query = ImportProblem.objects.visible_to(request.actor).filter(delivery=row)  # type: ignore[attr-defined]
    codes = [(c, c) for c in query.order_by("code").values_list("code", flat=True).distinct()]
    listing = Listing(
        **{
            **PROBLEMS.__dict__,
            "filters": [*PROBLEMS.filters, Filter("code", _("Code"), lambda: codes, _by("code"))],
        }
    )
    if request.GET.get("format") in ("csv", "xlsx"):
        header, lines = tables.export_rows(listing, request.GET, query)
        return exports.answer(
            request, f"import_{pk}_problems", header, lines, synthetic=row.provenance == "synthetic"
        )
    context = {
        **frame(request, row, "problems"),
        "table": tables.build(listing, request, query),
        "kept": problems.KEPT,
    }
    context["more"] = sum(row.report.get("problem_counts", {}).values()) > problems.KEPT
    return render(request, "kernel/imports/problems.html", context)
