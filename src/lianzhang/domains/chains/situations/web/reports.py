"""Daily reports: the days of a situation, all reports, one report as page, Word file or PDF."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from lianzhang.domains.chains.models import Situation
from lianzhang.domains.chains.situations import report as reports
from lianzhang.domains.chains.situations import selectors
from lianzhang.domains.chains.situations.web.pages import frame, visible
from lianzhang.kernel import time
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web.access import needs

DAYS, WORD = 60, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@needs("report.view")
def all_reports(request: HttpRequest) -> HttpResponse:
    """Every situation with the days it has a report of."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = selectors.situations(actor).order_by("-opened_on", "-pk")[:DAYS]
    return render(request, "chains/situation_reports.html", {"situations": [(s, _days(s)) for s in found]})


@needs("report.view")
def days(request: HttpRequest, pk: int) -> HttpResponse:
    """The days of one situation."""
    found = visible(request, pk)
    return render(
        request, "chains/situation_days.html", frame(request, found, "reports") | {"days": _days(found)}
    )


@needs("report.view")
def report(request: HttpRequest, pk: int, day: date) -> HttpResponse:
    """The report of a day; `?format=docx|pdf` gives the same as a file, `?rows=` and `?of=` the rows behind one figure."""
    found = visible(request, pk)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not found.opened_on <= day <= time.today():
        raise Http404
    built = reports.build(actor, found, day, request.GET.get("rows", ""), request.GET.get("of", ""))
    kind = request.GET.get("format")
    if kind in ("docx", "pdf"):
        return _file(kind, built, found)
    context: dict[str, Any] = {
        "situation": found, "report": built, "previous": day - timedelta(days=1) if day > found.opened_on else None,
        "next": day + timedelta(days=1) if day < time.today() else None, "picked": _picked(request, built),
    }  # fmt: skip
    return render(request, "chains/situation_report.html", context)


def _picked(request: HttpRequest, built: reports.Report) -> str:
    """The figure whose rows are shown, with its district or liaison, in words; empty: all rows."""
    code, of = request.GET.get("rows", ""), request.GET.get("of", "")
    figure = next((f.label for f in built.figures if f.rows == code and code != "all"), "")
    cells = ((row[0], queries) for t in built.tables for row, queries in zip(t.rows, t.behind, strict=False))
    name = next((name for name, queries in cells if urlencode({"of": of}) in queries[1]), "") if of else ""
    return " · ".join(part for part in (name, figure) if part)


def _file(kind: str, built: reports.Report, found: Situation) -> HttpResponse:
    """The file, made at once: a report of 100 enterprises takes about a third of a second."""
    from lianzhang.domains.chains.situations.report import paper, word

    content = word.docx(built) if kind == "docx" else paper.pdf(built)
    mark = "_" + _("synthetic data") if built.synthetic else ""
    name = f"{found.matter.number}_{built.day:%Y%m%d}{mark}.{kind}"
    response = HttpResponse(content, content_type=WORD if kind == "docx" else "application/pdf")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _days(found: Situation) -> list[tuple[date, str]]:
    """The last days with a report, newest first, each with its address."""
    closed = found.matter.closed_at
    last = min(time.today(), closed.astimezone(time.zone()).date()) if closed else time.today()
    count = min((last - found.opened_on).days + 1, DAYS)
    days = [last - timedelta(days=n) for n in range(count)]
    return [(d, reverse("chains:situation_report", args=[found.pk, d])) for d in days]
