"""The database does not answer: 503 and when to come again, on a page that needs no database."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from lianzhang.kernel import disk, readonly
from lianzhang.kernel.web import errors

logger = logging.getLogger(__name__)
RETRY_AFTER = 5
PASSING = ("locked", "busy", "disk is full", "unable to open", "disk i/o", "readonly database")
"""What SQLite says of states that pass; anything else it says is a mistake of ours."""


def passes(error: BaseException | None) -> bool:
    """Whether the error is one of the database that may be over in a moment."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return connection.vendor != "sqlite" or any(word in str(error).lower() for word in PASSING)


def answer(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The answer where the error is such a one; None for any other error."""
    if isinstance(error, readonly.ReadOnly):
        from lianzhang.kernel.web.readonly import refused

        return refused(request)
    if not passes(error):
        return None
    logger.error(
        "the database does not answer: %s", str(error).splitlines()[0] if str(error) else type(error)
    )
    if "disk is full" in str(error).lower():
        disk.full("0 MB")
    return told(
        request, _("The system does not answer just now"),
        _("The database cannot be reached. What you see was not stored; the page is asked for again by itself."),
    )  # fmt: skip


def told(request: HttpRequest, title: str, words: str) -> HttpResponse:
    """503 with words and the time to come again, on a page that needs nothing but itself."""
    if request.path.startswith("/api/"):
        response: HttpResponse = errors.problem(503, title)
    else:
        facts = {"title": title, "words": words, "number": getattr(request, "request_id", "")}
        response = HttpResponse(render_to_string("kernel/unavailable.html", facts), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
