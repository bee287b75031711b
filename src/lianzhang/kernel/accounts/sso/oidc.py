"""OpenID Connect Core 1.0, code flow with PKCE. The ID token is checked in full (3.1.3.7); nothing is taken from it before."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

import jwt
from django.core.cache import cache
from django.http import HttpRequest

from lianzhang.kernel import outbound
from lianzhang.kernel.accounts.sso import journey
from lianzhang.kernel.accounts.sso.service import Identity, Refused, Service, Started, identity

LEEWAY = 60  # seconds that clocks may differ
KEYS_FOR = 600  # seconds that the service's keys are kept
OLDEST = 600  # seconds since the token was issued


def leave(service: Service, started: Started, back: str) -> str:
    """The address to send the person to."""
    asked = {
        "response_type": "code", "client_id": service.client_id, "redirect_uri": back, "scope": " ".join(service.scopes),
        "state": started.state, "nonce": started.nonce, "code_challenge": journey.challenge(started.verifier), "code_challenge_method": "S256",
    }  # fmt: skip
    return f"{service.authorize}{'&' if '?' in service.authorize else '?'}{urlencode(asked)}"


def arrive(service: Service, started: Started, back: str, request: HttpRequest) -> Identity:
    """Who came back. Raises Refused, OutboundError."""
    issuers = request.GET.getlist("iss")
    if issuers and issuers != [service.issuer]:
        raise Refused("the answer is of another issuer (RFC 9207)")
    if "error" in request.GET:
        raise Refused("the service answered with an error")
    form = {
        "grant_type": "authorization_code", "code": journey.one(request, "code"), "redirect_uri": back, "client_id": service.client_id,
        "code_verifier": started.verifier,
    }  # fmt: skip
    if service.secret:
        form["client_secret"] = service.secret
    answer = outbound.send(service.token, form=form).json()
    token = answer.get("id_token") if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise Refused("no ID token")
    claims = checked(service, token, started.nonce)
    if not service.user:
        return identity(service, claims, claims["sub"])
    access = str(answer.get("access_token", ""))
    more = outbound.send(service.user, headers={"Authorization": f"Bearer {access}"}).json()
    if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
        raise Refused("userinfo speaks of somebody else (5.3.2)")
    return identity(service, claims | more, claims["sub"])


def checked(service: Service, token: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that is the service's, for us, of now, and of this journey. Raises Refused."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in service.algorithms or "crit" in header:
            raise Refused(f"algorithm {str(header.get('alg'))[:12]!r} is not accepted")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(service, str(header.get("kid", ""))),
            algorithms=list(service.algorithms),
            audience=service.client_id,
            issuer=service.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
        )
    except jwt.PyJWTError as error:
        raise Refused(f"ID token: {type(error).__name__}") from error
    if not isinstance(claims["nonce"], str) or not compare_digest(claims["nonce"].encode(), nonce.encode()):
        raise Refused("nonce differs")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != service.client_id:
        raise Refused("the token was issued to another party (azp)")
    if claims["iat"] < jwt.api_jwt.datetime.now(tz=jwt.api_jwt.timezone.utc).timestamp() - OLDEST:
        raise Refused("the token is old")
    return claims


def _key(service: Service, kid: str) -> Any:
    """The service's key with this id; asked for anew, once, when it is not among those known."""
    for fresh in (False, True):
        keys = _keys(service, fresh)
        found = [k for k in keys if k.key_id == kid] if kid else keys
        if len(found) == 1:
            return found[0]
    raise Refused("the token names no key of the service")


def _keys(service: Service, fresh: bool) -> list[Any]:
    name = f"sso-keys:{service.code}"
    text = None if fresh else cache.get(name)
    if text is None:
        text = outbound.send(service.jwks).json()
        cache.set(name, text, KEYS_FOR)
    try:
        keys = jwt.PyJWKSet.from_dict(text).keys
    except (jwt.PyJWTError, AttributeError, KeyError, TypeError) as error:
        raise Refused("the service's keys cannot be read") from error
    return [k for k in keys if k.key_type in ("RSA", "EC", "OKP") and k.public_key_use in (None, "sig")]
