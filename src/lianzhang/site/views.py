"""The first page, the search, the sign of life."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from lianzhang.kernel import panels
from lianzhang.kernel import search as kernel_search
from lianzhang.kernel.web.access import public, signed_in


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


@public
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the program answers and reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})
