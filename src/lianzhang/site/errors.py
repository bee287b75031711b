"""Error pages outside a view."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

from lianzhang.kernel import scope
from lianzhang.kernel.web import errors, unavailable
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
    """Something went wrong on our side; or the database does not answer just now."""
    return unavailable.answer(request, sys.exc_info()[1]) or _page(request, 500)


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request cannot be read: too large, a false host, a broken form. Such a one gets no page of ours."""
    return HttpResponse("400", status=400, content_type="text/plain")


class Reporter(ExceptionReporter):
    """In place of Django's debug page: settings, paths and the request's content stay in the log, also where DEBUG is on
    because the installation is a demonstration."""

    def get_traceback_html(self) -> SafeString:
        """What the caller sees."""
        return SafeString("<!doctype html><title>Error</title><p>The error was written to the log.")

    def get_traceback_text(self) -> SafeString:
        """What a caller sees who asked for text."""
        return SafeString("The error was written to the log.")


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its token: an old page, or another site."""
    return _page(request, 403)
