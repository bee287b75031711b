"""Error pages outside a view."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from lianzhang.kernel import scope
from lianzhang.kernel.web import errors
from lianzhang.kernel.web.access import public


def _page(request: HttpRequest, status: int) -> HttpResponse:
    if not hasattr(request, "actor"):
        request.actor = scope.ANONYMOUS  # type: ignore[attr-defined]
    return errors.page(request, status)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is nothing at this address."""
    return _page(request, 404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """Something went wrong on our side."""
    return _page(request, 500)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its token: an old page, or another site."""
    return _page(request, 403)
