"""Around every request: its number, its line in the log, its share of the counts."""

from __future__ import annotations

import logging
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lianzhang.kernel import logs, memo, metrics
from lianzhang.kernel.accounts.addresses import only_the_proxy_tells
from lianzhang.kernel.web.middleware import Responder

logger = logging.getLogger("lianzhang.request")


class Requests:
    """Draws the number of the request, or takes the caller's, returns it, and tells how the request ended."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        only_the_proxy_tells(request)
        number, started = logs.request_id(request.headers.get("X-Request-ID")), time.perf_counter()
        request.request_id = number  # type: ignore[attr-defined]
        with logs.bound(request_id=number), memo.during_request():
            response = self.get_response(request)
            response.headers["X-Request-ID"] = number
            self._tell(request, response, time.perf_counter() - started)
        return response

    def _tell(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        route, method = route_of(request), request.method or ""
        method = method if method in METHODS else "OTHER"
        metrics.add("lianzhang_requests_total", route=route, method=method, status=str(response.status_code))
        metrics.observe("lianzhang_request_seconds", seconds, route=route)
        if route == "static" and response.status_code < 400:
            return
        actor = getattr(request, "actor", None)
        facts = {
            "method": method, "path": request.path[:300], "route": route, "status": response.status_code,
            "ms": round(seconds * 1000, 1), "user": actor.user_id if actor is not None else None,
        }  # fmt: skip
        logger.info("request", extra={"facts": facts})


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def route_of(request: HttpRequest) -> str:
    """The route's name: few values, whatever addresses are tried."""
    if request.path.startswith(settings.STATIC_URL):
        return "static"
    match = request.resolver_match or getattr(request, "match", None)
    return (match.view_name or match.route) if match is not None else "none"
