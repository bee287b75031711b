"""Leaving for the service and coming back: the way is bound to this browser, once, for ten minutes (RFC 9700, 2.1)."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import asdict
from hmac import compare_digest
from typing import Any

from django.http import HttpRequest

from lianzhang.kernel.accounts.sso.service import Refused, Service, Started

KEY = "sso"
LONGEST = 600  # seconds at the service


def start(request: HttpRequest, service: Service, back: str) -> Started:
    """Begin: state, nonce and PKCE verifier are drawn and kept in the session."""
    started = Started(
        code=service.code,
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        at=time.time(),
        next=back,
    )
    request.session[KEY] = asdict(started)
    return started


def finish(request: HttpRequest, service: Service) -> Started:
    """What was begun in this browser for this service; it serves once. Raises Refused."""
    kept: dict[str, Any] | None = request.session.pop(KEY, None)
    if kept is None:
        raise Refused("nothing was begun in this browser, or it came back twice")
    started = Started(**kept)
    if started.code != service.code:
        raise Refused("begun at another service")
    states = request.GET.getlist(service.parameter("state"))
    if len(states) != 1 or not compare_digest(states[0].encode(), started.state.encode()):
        raise Refused("state differs")
    if time.time() - started.at > LONGEST:
        raise Refused("came back too late")
    return started


def one(request: HttpRequest, name: str, longest: int = 2048) -> str:
    """A parameter that must come exactly once. Raises Refused."""
    values = request.GET.getlist(name)
    if len(values) != 1 or not values[0] or len(values[0]) > longest:
        raise Refused(f"parameter {name} is missing, double or too long")
    return values[0]


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
