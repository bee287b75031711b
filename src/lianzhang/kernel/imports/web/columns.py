"""Sheets and columns: which row is the header, which column is which field in which unit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from lianzhang.engines.tables import known_units
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports import mapping as maps
from lianzhang.kernel.imports import services
from lianzhang.kernel.imports.forms import About
from lianzhang.kernel.imports.web.delivery import frame, readable
from lianzhang.kernel.models import Import
from lianzhang.kernel.web.access import needs


@needs("import.view")
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found in each sheet; whoever may import corrects it, and the file is read again."""
    row = readable(request, pk)
    context = frame(request, row, "columns")
    open_ = context["may_run"] and not context["working"] and row.state in services.OPEN
    form = About(request.POST or None, guess=not row.dataset, initial=_said(row))
    if request.method == "POST":
        if not open_:
            raise Http404
        if form.is_valid():
            return _settle(request, row, form)
    sheets = _sheets(row)
    fields = [(f.code, f.label or f.code) for f in datasets.get(row.dataset).fields()] if row.dataset else []
    context |= {"form": form, "sheets": sheets, "fields": fields, "units": known_units(), "open": open_}
    return render(request, "kernel/imports/columns.html", context, status=400 if form.errors else 200)


def _said(row: Import) -> dict[str, str]:
    source = "" if row.source == "unnamed" else row.source
    return {
        "dataset": row.dataset,
        "source": source,
        "period": row.period,
        "use": row.use if row.use_confirmed else "",
    }


def _settle(request: HttpRequest, row: Import, form: About) -> HttpResponse:
    sheets = row.report.get("tables", [])
    decided = maps.from_form(sheets, request.POST, row.mapping)
    try:
        services.describe(
            actor=request.actor, row=row, mapping=decided, keep=bool(request.POST.get("remember")), **form.cleaned_data  # type: ignore[attr-defined]
        )  # fmt: skip
    except services.NotNow:
        messages.warning(
            request, _("The delivery is being worked on, or was already applied; nothing was changed.")
        )
    return redirect("imports:delivery", row.pk)


def _sheets(row: Import) -> list[dict[str, Any]]:
    """Sheets as the form shows them: columns with what is chosen, a sample of cells, what is wrong."""
    out = []
    for i, sheet in enumerate(row.report.get("tables", [])):
        decided = row.mapping.get(sheet["name"], {})
        below = sheet["head"][sheet["header_row"] :] if sheet["header_row"] else []
        shown = []
        for at, column in enumerate(sheet["columns"]):
            field, unit = maps.shown(column)
            sample = [str(r[at]) for r in below if at < len(r) and r[at] not in (None, "")][:3]
            shown.append({**column, "chosen": field, "chosen_unit": unit, "sample": " · ".join(sample)})
        out.append({**sheet, "prefix": f"s{i}", "columns": shown, "left_out": bool(decided.get("skip"))})
    return out
