"""Read-only mode on the web: reading goes on, also for who is signed in; a step that writes is answered 503 with words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lianzhang.kernel import disk, readonly
from lianzhang.kernel.web import errors
from lianzhang.kernel.web.middleware import Responder

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


class ReadOnlyMode:
    """Stands behind the session: in read-only mode nothing of a session is stored."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        disk.watch()
        mode = readonly.mode()
        if mode is not None:
            session: Any = request.session
            session.save = session.delete = lambda *_args, **_more: None
            request.read_only = mode  # type: ignore[attr-defined]
            if request.method not in SAFE:
                return refused(request)
        return self.get_response(request)


def refused(request: HttpRequest) -> HttpResponse:
    """The answer to who wants to write."""
    words = _("The system can only be read just now. Nothing of your step was stored; try again later.")
    response = errors.page(request, 503, words)
    response.headers["Retry-After"] = str(readonly.RETRY_AFTER)
    return response
