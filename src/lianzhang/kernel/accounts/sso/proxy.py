"""A proxy that signs people in and names them in a header: believed from named addresses or a socket, from nobody else."""

from __future__ import annotations

from django.http import HttpRequest

from lianzhang.kernel.accounts.sso.service import Identity, Refused, Service, identity

SOCKET = "unix"


def arrive(service: Service, request: HttpRequest) -> Identity:
    """Whom the proxy names. Raises Refused."""
    if (request.META.get("REMOTE_ADDR") or SOCKET) not in service.proxies:
        raise Refused("the header did not come from the proxy")
    named = request.headers.get(service.header, "")
    if not named or "," in named:
        raise Refused("the proxy names nobody, or several")
    try:
        text = named.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError) as error:
        raise Refused("the name in the header cannot be read") from error
    return identity(service, {"preferred_username": text}, text)
