"""Where a request comes from."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 (no address to listen at: it stands for a caller without one, e.g. on a socket)
SOCKET = "unix"
CLAIMS = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


def only_the_proxy_tells(request: HttpRequest) -> None:
    """Forget what a caller who is none of the installation's proxies says about where he comes from, and over what."""
    if (request.META.get("REMOTE_ADDR") or SOCKET) not in settings.PROXIES:
        for name in CLAIMS:
            request.META.pop(name, None)


def client_address(request: HttpRequest) -> str | None:
    """The caller's address; a forwarded one counts only when the installation says it stands behind a proxy (see
    `only_the_proxy_tells`), and only the last one, which the proxy wrote itself. None where it is no address."""
    found = request.META.get("REMOTE_ADDR") or ""
    if settings.SECURE_PROXY_SSL_HEADER and (forwarded := request.headers.get("X-Forwarded-For")):
        found = forwarded.split(",")[-1].strip()
    try:
        return str(ip_address(found))
    except ValueError:
        return None
