"""The first page, the search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianzhang.kernel import panels
from lianzhang.kernel import search as kernel_search
from lianzhang.kernel.web.access import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The cockpit of the person's role: what is mine, what is late, what changed."""
    actor = request.actor  # type: ignore[attr-defined]
    return render(request, "site/home.html", {"panels": panels.collect("cockpit", None, actor)})


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Everything this person may see that matches."""
    text = request.GET.get("q", "")
    found = kernel_search.search(text, request.actor)  # type: ignore[attr-defined]
    return render(request, "site/search.html", {"q": text, "found": found})
