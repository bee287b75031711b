"""Code exchange as government portals and mobile office platforms have it: OAuth-like, under names of their own.

Four addresses (authorize, token, user, logout), the names of parameters, where in the answers what stands, and how requests
are signed are values of the catalogue. Of two families: the code is exchanged for a token that stands for the person, or (as
WeChat Work has it) the application gets a token by its own secret, and asks with it who brought the code. The way back is bound to the browser by `state`, as everywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from lianzhang.kernel import outbound
from lianzhang.kernel.accounts.sso import journey
from lianzhang.kernel.accounts.sso.service import Identity, Refused, Service, Started, identity

Signer = Callable[[bytes, bytes], str]
SIGNERS: dict[str, Signer] = {
    "hmac-sha256": lambda key, text: hmac.new(key, text, hashlib.sha256).hexdigest(),
    "hmac-sm3": lambda key, text: hmac.new(key, text, "sm3").hexdigest(),
}
"""The hook for signatures: a portal with another one registers it here and names it in the catalogue."""


def leave(service: Service, started: Started, back: str) -> str:
    """The address to send the person to."""
    asked = {
        "response_type": "code",
        "client_id": service.client_id,
        "redirect_uri": back,
        "state": started.state,
    }
    if service.scopes != ["openid"]:
        asked["scope"] = " ".join(service.scopes)
    named = {service.parameter(name): value for name, value in asked.items()}
    address, mark, fragment = service.authorize.partition("#")  # some portals want one at the very end
    return _with(address, named) + mark + fragment


def arrive(service: Service, started: Started, back: str, request: HttpRequest) -> Identity:
    """Who came back. Raises Refused, OutboundError."""
    code = journey.one(request, service.parameter("code"))
    asked = {
        "grant_type": "authorization_code", "client_id": service.client_id, "client_secret": service.secret, "code": code,
        "redirect_uri": back,
    }  # fmt: skip
    first = _ask(service, "token", {name: asked[name] for name in service.token_needs}, service.token_by)
    token = service.pick("token", first, service.token_field)
    if not token:
        raise Refused("no token in the answer")
    more: dict[str, str] = {name: asked[name] for name in service.user_needs}
    if service.user_by == "query":
        return identity(service, _ask(service, "user", {"access_token": token} | more, "query"))
    return identity(service, _ask(service, "user", more, "query", {"Authorization": f"Bearer {token}"}))


def signed(service: Service, parameters: dict[str, str], at: str = "token") -> dict[str, str]:
    """The parameters with time, a drawn number and their signature, under the service's names; as they are without one."""
    named = {service.parameter(name, at): value for name, value in parameters.items()}
    if not service.sign:
        return named
    named |= {
        service.parameter("timestamp", at): str(int(time.time())),
        service.parameter("nonce", at): secrets.token_hex(8),
    }
    text = "&".join(f"{name}={named[name]}" for name in sorted(named))
    return named | {
        service.parameter("sign", at): SIGNERS[service.sign](service.secret.encode(), text.encode())
    }


def _ask(
    service: Service, at: str, parameters: dict[str, str], by: str, headers: dict[str, str] | None = None
) -> Any:
    url: str = getattr(service, at)
    sent = signed(service, parameters, at)
    if by == "query":
        answer = outbound.send(_with(url, sent), headers=headers).json()
    elif by == "json":
        answer = outbound.send(url, body=sent).json()
    else:
        answer = outbound.send(url, form=sent).json()
    if not isinstance(answer, dict):
        raise Refused("the answer is no object")
    usual = str(answer.get("errcode", answer.get("code", 0))) in ("0", "200", "None")
    if not (service.ok.holds(answer) if service.ok else usual):
        raise Refused("the service answered with an error")
    return answer


def _with(url: str, parameters: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}" if parameters else url
