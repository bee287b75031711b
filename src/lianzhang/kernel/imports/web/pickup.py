"""The pick-up folder as people see it: what was taken in, what waits, what cannot be read, what is left where it is."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import exports, tables
from lianzhang.kernel.imports import fatal
from lianzhang.kernel.imports.forms import dataset_word, source_word
from lianzhang.kernel.imports.pickup import look
from lianzhang.kernel.imports.web.sources import may_judge
from lianzhang.kernel.models import PickedFile
from lianzhang.kernel.tables import Column, Filter, Listing
from lianzhang.kernel.web.access import needs

LIGHTS = {"applied": "green", "twice": "green", "waiting": "amber", "refused": "red", "ignored": "amber"}
REASONS: dict[str, Any] = {
    "not_agreed": _("The catalogue does not let files of this source be applied by themselves."),
    "nothing_taken": _("No row of the file can be taken."),
    "columns_unknown": _("The columns are not those of a delivery that was applied before."),
    "units_differ": _("Units differ from those that were decided."),
    "many_refused": _("More rows are refused than was agreed."),
    "not_applied": _("It could not be applied; see the delivery."),
    "not_moved": _("The file could not be moved away: check the rights of the folder."),
    "not_readable": _("The file could not be opened: check its rights."),
    "link": _("Links are not followed."),
    "closed": _("This folder could not be opened: give the program the right to read it."),
    "no_file": _("This is no file; files lie in pickup/source/data set/."),
    "unknown_source": _("The catalogue has no source of this name."),
    "unknown_dataset": _("There is no data set of this name."),
}


def why(row: PickedFile) -> str:
    """The reason in words."""
    return (
        str(REASONS[row.reason]) if row.reason in REASONS else fatal.words(row.reason) if row.reason else ""
    )


LISTING = Listing(
    code="picked_files",
    columns=[
        Column("path", _("File"), lambda r: r.path, sort="path"),
        Column("source", _("Source"), lambda r: source_word(r.source) if r.source else "—", sort="source"),
        Column("dataset", _("What it is"), lambda r: dataset_word(r.dataset) if r.dataset else "—", sort="dataset"),
        Column("state", _("State"), lambda r: (LIGHTS.get(r.state, "grey"), r.get_state_display()), sort="state", kind="light",
               export=lambda r: r.get_state_display()),
        Column("why", _("Why"), why),
        Column("size", _("Bytes"), lambda r: r.size, sort="size", kind="number"),
        Column("seen", _("Seen"), lambda r: r.seen_at, sort="seen_at", kind="datetime"),
    ],
    filters=[Filter("state", _("State"), lambda: PickedFile.State.choices, lambda q, v: q.filter(state=v))],
    search=["path"],
    default_sort="-seen",
    url=lambda r: f"/imports/{r.delivery_id}/" if r.delivery_id else "/imports/pickup/",
    empty_title=_("Nothing was picked up yet"),
    empty_text=_("Files put into pickup/source/data set/ are taken in by themselves and stand here."),
)  # fmt: skip


@needs("import.view")
def picked_files(request: HttpRequest) -> HttpResponse:
    """All files seen in the pick-up folder."""
    actor = request.actor  # type: ignore[attr-defined]
    if not may_judge(actor):
        raise Http404
    query = PickedFile.objects.visible_to(actor)
    if request.GET.get("format") in ("csv", "xlsx"):
        header, rows = tables.export_rows(LISTING, request.GET, query)
        return exports.answer(request, "picked_files", header, rows, synthetic=False)
    context = {"table": tables.build(LISTING, request, query), "there": look.root().is_dir()}
    return render(request, "kernel/imports/pickup.html", context)
