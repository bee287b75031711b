"""The living style guide: every component with invented data, in every state."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lianzhang.kernel.web import samples, source
from lianzhang.kernel.web.access import public


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All components; `?empty`, `?rows=n` show the table in its extremes."""
    return render(request, "kernel/styleguide.html", samples.context(request.GET))


@public
@require_safe
def job(request: HttpRequest) -> HttpResponse:
    """The progress block after it was asked again: finished."""
    return render(request, "kernel/styleguide_job.html", {"state": "done", "share": 1.0})


@public
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """A source card fetched from an address."""
    return HttpResponse(source.card(samples.source_card(), "1.2"))
