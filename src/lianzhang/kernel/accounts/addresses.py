"""Where a request comes from."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 (no address to listen at: it stands for a caller without one, e.g. on a socket)


def client_address(request: HttpRequest) -> str | None:
    """The caller's address; a forwarded one counts only when the installation says it stands behind a proxy, and only
    the last one, which the proxy wrote itself. None where it is no address."""
    found = request.META.get("REMOTE_ADDR") or ""
    if settings.SECURE_PROXY_SSL_HEADER and (forwarded := request.headers.get("X-Forwarded-For")):
        found = forwarded.split(",")[-1].strip()
    try:
        return str(ip_address(found))
    except ValueError:
        return None
