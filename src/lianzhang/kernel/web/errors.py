"""Error answers that help: pages for people, RFC 9457 problems for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from lianzhang.kernel import logs


def page(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """The error answer of a status, in the form the caller speaks."""
    if request.path.startswith("/api/"):
        return problem(status, detail=detail)
    template = f"{PAGES.get(status, 500)}.html"
    facts = {"detail": detail, "number": getattr(request, "request_id", "") if status >= 500 else ""}
    return HttpResponse(render_to_string(template, facts, request=request), status=status)


def problem(status: int, detail: str = "", **more: object) -> JsonResponse:
    """An `application/problem+json` answer (RFC 9457)."""
    slug, title = TITLES.get(status, ("error", "Error"))
    body = {
        "type": f"/problems/{slug}",
        "title": title,
        "status": status,
        "detail": detail or str(_(title)),
        **more,
    }
    if status >= 500 and (number := logs.now_bound("request_id")):
        body["request_id"] = number
    headers = {"WWW-Authenticate": "Session"} if status == 401 else {}
    return JsonResponse(body, status=status, content_type="application/problem+json", headers=headers)


PAGES = {n: n for n in (400, 403, 404, 429, 500, 503)} | {413: 400}
"""The page that shows a status; any other is shown as an error of ours."""
TITLES = {
    400: ("bad-request", "The request cannot be read"),
    401: ("sign-in", "Sign in first"),
    403: ("forbidden", "This is not allowed"),
    404: ("not-found", "There is nothing here"),
    405: ("method", "This cannot be done at this address"),
    409: ("conflict", "The move is not possible now"),
    412: ("stale", "Somebody changed it meanwhile"),
    413: ("too-large", "The file is too large"),
    415: ("media-type", "This kind of content is not taken here"),
    422: ("invalid", "Some values are not valid"),
    428: ("precondition-required", "Say which version you have seen (If-Match)"),
    429: ("too-many", "Too many requests"),
    500: ("error", "Something went wrong here"),
    503: ("unavailable", "The system is being maintained"),
}
