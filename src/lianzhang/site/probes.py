"""/healthz, /readyz, /metrics: for monitors. They need no session and no known host name, and answer without a database."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import close_old_connections, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import resolve

from lianzhang.kernel import metrics as counts
from lianzhang.kernel.accounts.adapter import client_address
from lianzhang.kernel.web.access import public
from lianzhang.kernel.web.middleware import Responder

PATHS = ("/healthz", "/readyz", "/metrics")


class Probes:
    """Answers monitors before anything else happens: they come by address, with no cookie."""

    def __init__(self, get_response: Responder) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in PATHS:
            return self.get_response(request)
        request.resolver_match = match = resolve(request.path_info)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response: HttpResponse = match.func(request)
        response.headers["Cache-Control"] = "no-store"
        return response


@public
def healthz(_request: HttpRequest) -> HttpResponse:
    """Whether the process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@public
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether the installation can do its work: database, its shape, disk, worker; and what somebody should look at."""
    from lianzhang.site.operations import health

    found = health.look()
    if found["parts"]["database"]["status"] == "error" and not connection.in_atomic_block:
        close_old_connections()  # the next question opens the database anew
    ready = found["status"] != "error"
    if not _allowed(request):  # figures of the machine are for who watches it
        found["parts"] = {name: {"status": part["status"]} for name, part in found["parts"].items()}
    return JsonResponse(found, status=200 if ready else 503, headers={} if ready else {"Retry-After": "5"})


@public
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts for Prometheus, for who has the token or comes from an allowed address; for others there is nothing here."""
    if not _allowed(request):
        return HttpResponse(status=404)
    from lianzhang.site.operations import gauges

    text = counts.text(counts.collected(), gauges.gauges())
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _allowed(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return True
    return client_address(request) in settings.METRICS_ADDRESSES
