"""The door of every API route: for the signed-in, and never through somebody else's page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from lianzhang.kernel.web import errors
from lianzhang.kernel.web.access import signed_in

SAFE = ("GET", "HEAD", "OPTIONS")
View = Callable[..., HttpResponse]


def through_door(view: View) -> View:
    """Wrap an API view. A browser lets no foreign page send JSON with our cookie; who still tries is turned away."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in SAFE:
            if not _same_origin(request):
                return errors.problem(403, "Origin: another site; send the request from here")
            if request.body and request.content_type != "application/json":
                return errors.problem(
                    415, f"Content-Type: '{(request.content_type or '')[:60]}', expected application/json"
                )
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = response.headers.get("Allow", "")
            response = errors.problem(405, f"{request.method}: not known here, expected {allowed}")
            response.headers["Allow"] = allowed
        return response

    checked.csrf_exempt = True  # type: ignore[attr-defined]
    return signed_in(checked)


def _same_origin(request: HttpRequest) -> bool:
    """A browser says where a writing request comes from; a program that says nothing carries no foreign cookie."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()
