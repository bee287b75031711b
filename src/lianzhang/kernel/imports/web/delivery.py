"""The page of one delivery: how it stands, what it would do or did, the first rows, what happened."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lianzhang.kernel import events
from lianzhang.kernel.imports import contents, fatal, forms, recognise, services
from lianzhang.kernel.imports.refused import KEPT
from lianzhang.kernel.imports.web import offered
from lianzhang.kernel.models import Import, Job
from lianzhang.kernel.web import figures, verbs
from lianzhang.kernel.web.access import needs

STATE_LIGHTS = {"applied": "green", "read": "amber", "failed": "red"}
ROW_LIGHTS = {"created": "green", "updated": "amber", "unchanged": "grey", "rejected": "red"}
RECONCILED: dict[str, Any] = {
    "all": gettext_lazy("All rows"),
    "state": gettext_lazy("State in the ledger"),
    "year": gettext_lazy("Year"),
    "step": gettext_lazy("Step in the ledger"),
    "steps_incomplete": gettext_lazy("Steps do not lead to the state in the ledger"),
}
COLUMN_PROBLEMS = ("unknown_unit", "duplicate_column", "no_header", "bad_map")


def found(request: HttpRequest, pk: int) -> Import:
    """A delivery this person may see."""
    return get_object_or_404(Import.objects.visible_to(request.actor).select_related("owner", "job"), pk=pk)  # type: ignore[attr-defined]


def readable(request: HttpRequest, pk: int) -> Import:
    """A delivery whose contents this person may see; that somebody else's were opened is recorded."""
    row = found(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    if not contents.may_read(actor, row):
        raise Http404
    contents.opened(actor, row)
    return row


def frame(request: HttpRequest, row: Import, here: str) -> dict[str, Any]:
    """What all pages of a delivery show: heading, state, tabs, the work under way."""
    actor = request.actor  # type: ignore[attr-defined]
    tabs: list[tuple[str, str, int | None]] = [("delivery", _("Overview"), None)]
    open_ = contents.may_read(actor, row)
    if open_:
        tabs.append(("columns", _("Sheets and columns"), None))
        tabs.append(("problems", _("Problems"), row.problems.count()))
        tabs.append(("rows", _("Rows"), None))
    return {
        "row": row,
        "dataset": forms.dataset_word(row.dataset),
        "source": forms.source_word(row.source),
        "light": STATE_LIGHTS.get(row.state, "grey"),
        "may_run": actor.can("import.run"),
        "may_read": open_,
        "working": row.job is not None and row.job.is_open,
        "tabs": [
            {
                "label": label,
                "url": reverse(f"imports:{name}", args=[row.pk]),
                "current": name == here,
                "count": count,
            }
            for name, label, count in tabs
        ],
    }


@needs("import.view")
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """How the delivery stands and what is the next step."""
    row = found(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    if open_ := contents.may_read(actor, row):
        contents.opened(actor, row)
    context = {
        **frame(request, row, "delivery"),
        "sentence": sentence(row),
        "tone": {"failed": "red", "read": "amber"}.get(row.state, ""),
        "counts": _counts(row),
        "sheets": _preview(row) if open_ else [],
        "reconciliation": _reconciliation(row) if open_ else [],
        "notes": _notes(row),
        "offers": offered.shown(row) if open_ else [],
        "twins": list(services.same_bytes(row, actor)[:3]) if row.state == Import.State.READ else [],
        "history": _history(row),
        "broken": row.job is not None and row.job.state in (Job.State.FAILED, Job.State.CANCELLED),
    }
    return render(request, "kernel/imports/delivery.html", context)


@needs("import.view")
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress block, asked for again until the work is over; then the page loads anew."""
    row = found(request, pk)
    context = frame(request, row, "delivery")
    response = render(request, "kernel/imports/_progress.html", context)
    if not context["working"]:
        response.headers["HX-Redirect"] = reverse("imports:delivery", args=[pk])
    return response


def sentence(row: Import) -> str:
    """How the delivery stands, in one plain sentence."""
    changed = {k: figures.count(v).text for k, v in row.counts.items()}  # type: ignore[union-attr]
    if row.state == Import.State.FAILED:
        return fatal.words(row.error, _("The file cannot be read."))
    if row.state == Import.State.UPLOADED:
        return _("The file has arrived; it was not read yet.")
    if row.state == Import.State.READ and row.accepted == 0:
        return _(
            "No row of this file can be taken. See the problems, mend the file or the columns, and check again."
        )
    if row.state == Import.State.READ:
        text = _(
            "Nothing is stored yet. Applying would create %(created)s, change %(updated)s and leave %(unchanged)s rows as they are; %(rejected)s would be refused."
        )
        return text % changed
    if row.state == Import.State.UNDONE:
        return _("This delivery was taken back; nothing of it counts any more.")
    return (
        _(
            "Applied: %(created)s rows created, %(updated)s changed, %(unchanged)s unchanged, %(rejected)s refused."
        )
        % changed
    )


def _reconciliation(row: Import) -> list[dict[str, Any]]:
    """What came in against what was taken, with words for what it is counted by."""
    return [
        {**line, "by": RECONCILED.get(line["by"], line["by"])}
        for line in row.report.get("reconciliation", [])
    ]


def _counts(row: Import) -> list[dict[str, Any]]:
    """Tiles of the result; each leads to its rows."""
    if row.state not in (Import.State.READ, Import.State.APPLIED, Import.State.UNDONE):
        return []
    url = reverse("imports:rows", args=[row.pk])
    return [
        {"label": word, "value": getattr(row, name), "url": f"{url}?status={name}"}
        for name, word in forms.STATUS.items()
    ]


def _preview(row: Import) -> list[dict[str, Any]]:
    """The first rows by sheet, with the columns they stand under."""
    tables = {t["name"]: t for t in row.report.get("tables", [])}
    out: dict[str, dict[str, Any]] = {}
    for line in row.report.get("preview", []):
        line["word"], line["light"] = forms.STATUS[line["status"]], ROW_LIGHTS[line["status"]]
        if line["sheet"] in tables:
            columns = tables[line["sheet"]]["columns"]
            out.setdefault(line["sheet"], {"name": line["sheet"], "columns": columns, "rows": []})[
                "rows"
            ].append(line)
    return list(out.values())


def _notes(row: Import) -> list[str]:
    """What one should know before applying: sheets left out, lines left out, columns that wait for a decision."""
    out = []
    reasons = {
        "hidden": _("it is hidden"),
        "empty": _("it is empty"),
        "skipped": _("it was left out by decision"),
    }
    for sheet in row.report.get("tables", []):
        if sheet["skipped_sheet"]:
            why = reasons.get(sheet["skipped_sheet"], sheet["skipped_sheet"])
            out.append(_("Sheet “%(name)s” was not read: %(why)s.") % {"name": sheet["name"], "why": why})
    for each in recognise.unit_differences(row.report):
        text = _(
            "Column “%(header)s” is read in %(read)s as decided, but the file itself states %(stated)s. See “Sheets and columns”."
        )
        out.append(text % each)
    if row.rejected > KEPT:
        text = _("Only the first %(kept)s refused rows are followed until they are mended; the file has all.")
        out.append(text % {"kept": f"{KEPT:,}"})
    waiting = sum(row.report.get("problem_counts", {}).get(code, 0) for code in COLUMN_PROBLEMS)
    if waiting and row.state == Import.State.READ:
        text = ngettext("%(n)s column or sheet waits for a decision: see “Sheets and columns”.",
                        "%(n)s columns or sheets wait for a decision: see “Sheets and columns”.", waiting)  # fmt: skip
        out.append(text % {"n": waiting})
    if row.source in ("", "unnamed") and row.state == Import.State.READ:
        out.append(_("The source is not named; say who delivers it, so that one knows whose word this is."))
    if between := services.applied_since_check(row):
        text = ngettext("%(n)s other delivery was applied or taken back since this preview; check again to see what holds now.",
                        "%(n)s other deliveries were applied or taken back since this preview; check again to see what holds now.", between)  # fmt: skip
        out.append(text % {"n": between})
    foreseen = row.report.get("foreseen")
    if (
        row.state == Import.State.APPLIED
        and foreseen
        and any(row.counts[k] != n for k, n in foreseen.items())
    ):
        out.append(
            _(
                "The result differs from the preview: other deliveries were applied in between. The rows below are what was done."
            )
        )
    if not row.use_confirmed and row.state == Import.State.READ:
        out.append(_("What the data may be used for is to be confirmed."))
    return out


def _history(row: Import) -> list[dict[str, Any]]:
    """The events of the delivery, newest first."""
    words = {
        "uploaded": _("handed in"),
        "described": _("described and read again"),
        "followed": _("read like an earlier delivery"),
        "applied": _("applied"),
        "undone": _("taken back"),
        contents.OPENED: _("contents opened"),
    }
    entries = events.history(f"import:{row.pk}")
    return [
        {"at": e.at, "who": verbs.who(e.actor_name), "text": words.get(e.verb, e.verb)}
        for e in reversed(entries)
    ]
