"""A sign-in service for tests: OpenID Connect, code exchange and CAS on 127.0.0.1, strict where a real one is strict.

What it says can be bent (`service.bend`), so that each lie of a service or of somebody in between is tried.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, make_server

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "lianzhang-test", "only-of-the-stub"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
Answer = tuple[str, str, bytes]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Nothing on the console."""


@dataclass
class Grant:
    """A code that the service gave."""

    subject: str
    nonce: str = ""
    challenge: str = ""
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Stub:
    """The running service."""

    url: str = ""
    grants: dict[str, Grant] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    bend: dict[str, Any] = field(default_factory=dict)

    def grant(self, subject: str, **how: Any) -> str:
        """A code (or ticket) as if the person had signed in there."""
        code = how.pop("code", "") or secrets.token_urlsafe(12)
        self.grants[code] = Grant(subject, **how)
        return code

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size) if size else b""
        query = {k: v[0] for k, v in parse_qs(environ.get("QUERY_STRING", "")).items()}
        if "json" in environ.get("CONTENT_TYPE", ""):
            sent = json.loads(body)
        else:
            sent = {k: v[0] for k, v in parse_qs(body.decode()).items()}
        bearer = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        if path in self.bend:
            status, kind, content = self.bend[path]
        else:
            status, kind, content = getattr(self, f"_{path.strip('/').replace('-', '_')}")(
                query, sent, bearer
            )
        headers = [("Content-Type", kind)]
        if status.startswith("30"):
            headers.append(("Location", content.decode()))
        start_response(status, headers)
        return [content]

    # OpenID Connect -------------------------------------------------------------------------------------------

    def _jwks(self, query: Any, sent: Any, bearer: str) -> Answer:
        return _json({"keys": [jwk(KEY, "k1"), jwk(OTHER, "k2")]})

    def _token(self, query: Any, sent: Any, bearer: str) -> Answer:
        grant = self.grants.pop(sent.get("code", ""), None)
        verifier = sent.get("code_verifier", "")
        proof = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        good = (
            grant
            and grant.challenge == proof
            and (sent["client_id"], sent["client_secret"]) == (CLIENT, SECRET)
        )
        if not good or not grant:
            return _json({"error": "invalid_grant"}, "400 Bad Request")
        access = self.grant(grant.subject, more=grant.more)
        return _json({"access_token": access, "token_type": "Bearer", "id_token": self.id_token(grant)})

    def id_token(self, grant: Grant) -> str:
        """The ID token, as it is bent."""
        if "id_token" in self.bend:
            return self.bend["id_token"](grant, self)
        return sign(claims(self, grant))

    def _user(self, query: Any, sent: Any, bearer: str) -> Answer:
        grant = self.grants.pop(bearer, None)
        return _json({"sub": grant.subject, **grant.more}) if grant else _json({}, "401 Unauthorized")

    # Code exchange ---------------------------------------------------------------------------------------------

    def _x_token(self, query: Any, sent: Any, bearer: str) -> Answer:
        mac = sent.pop("sign", "")
        text = "&".join(f"{name}={sent[name]}" for name in sorted(sent))
        if not hmac.compare_digest(mac, hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()):
            return _json({"errcode": 40001, "errmsg": "sign"})
        grant = self.grants.pop(sent.get("auth_code", ""), None)
        if grant is None or abs(time.time() - int(sent["timestamp"])) > 60:
            return _json({"errcode": 40029, "errmsg": "code"})
        return _json({"errcode": 0, "data": {"token": self.grant(grant.subject, more=grant.more)}})

    def _x_user(self, query: Any, sent: Any, bearer: str) -> Answer:
        grant = self.grants.pop(query.get("access_token", ""), None)
        if grant is None:
            return _json({"errcode": 40014})
        return _json({"errcode": 0, "data": {"uid": grant.subject, **grant.more}})

    # Code exchange of the WeChat Work family: the token is the application's, the code is told with it ----------------

    def _w_gettoken(self, query: Any, sent: Any, bearer: str) -> Answer:
        """GET with corpid and corpsecret and nothing else."""
        if query != {"corpid": CLIENT, "corpsecret": SECRET} or sent:
            return _json({"code": "40001", "message": "invalid credential"})
        return _json({"code": "00000", "access_token": self.grant("application"), "expires_in": 7200})

    def _w_getuserinfo(self, query: Any, sent: Any, bearer: str) -> Answer:
        token = self.grants.get(query.get("access_token", ""))
        if token is None or token.subject != "application" or set(query) != {"access_token", "code"}:
            return _json({"code": "40014", "message": "invalid access_token"})
        grant = self.grants.pop(query["code"], None)
        if grant is None:
            return _json({"code": "40029", "message": "invalid code"})
        return _json({"code": "00000", **({"UserId": grant.subject} if grant.subject else {"OpenId": "o-1"})})

    # CAS -----------------------------------------------------------------------------------------------------

    def _validate(self, query: Any, sent: Any, bearer: str) -> Answer:
        grant = self.grants.pop(query.get("ticket", ""), None)
        if grant is None or grant.more.get("service") != query.get("service"):
            return _xml("<cas:authenticationFailure code='INVALID_TICKET'>no</cas:authenticationFailure>")
        return _xml(
            f"<cas:authenticationSuccess><cas:user>{grant.subject}</cas:user></cas:authenticationSuccess>"
        )


def start() -> tuple[Stub, Callable[[], None]]:
    """A service on a free port of 127.0.0.1, and how it is ended."""
    stub = Stub()
    server = make_server("127.0.0.1", 0, stub, handler_class=_Quiet)
    stub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return stub, stop


def claims(stub: Stub, grant: Grant, **changed: Any) -> dict[str, Any]:
    """Claims as they should be, with changes; None takes one out."""
    now = int(time.time())
    own = {
        "iss": stub.url,
        "aud": CLIENT,
        "sub": grant.subject,
        "nonce": grant.nonce,
        "iat": now,
        "exp": now + 300,
    }
    return {k: v for k, v in (own | changed).items() if v is not None}


def sign(content: dict[str, Any], key: Any = KEY, alg: str = "RS256", **headers: Any) -> str:
    """A signed token."""
    return jwt.encode(content, key, algorithm=alg, headers={"kid": "k1"} | headers)


def jwk(key: Any, kid: str) -> dict[str, Any]:
    """The public half of a key as a JWK."""
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return public | {"kid": kid, "use": "sig", "alg": "RS256"}


def pem(key: Any) -> bytes:
    """The public half as PEM: what a careless client would take for a shared secret."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def raw(header: dict[str, Any], content: dict[str, Any], signature: bytes = b"") -> str:
    """A token put together by hand."""

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    return ".".join((part(json.dumps(header).encode()), part(json.dumps(content).encode()), part(signature)))


def _json(content: Any, status: str = "200 OK") -> Answer:
    return status, "application/json", json.dumps(content).encode()


def _xml(inner: str) -> Answer:
    text = f'<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">{inner}</cas:serviceResponse>'
    return "200 OK", "application/xml", text.encode()


def services(url: str) -> list[dict[str, Any]]:
    """`sso.yaml` of the tests: one service of each kind."""
    return [
        {"code": "oidc", "kind": "oidc", "title": {"zh": "统一身份", "en": "Unified identity"}, "issuer": url, "authorize": f"{url}/authorize",
         "token": f"{url}/token", "jwks": f"{url}/jwks", "user": f"{url}/user", "logout": f"{url}/logout", "client_id": CLIENT,
         "fields": {"name": "name"}},
        {"code": "oidc-two", "kind": "oidc", "title": {"zh": "另一个"}, "issuer": url, "authorize": f"{url}/authorize", "token": f"{url}/token",
         "jwks": f"{url}/jwks", "client_id": CLIENT, "match": "username", "secret_from": "LIANZHANG_SSO_OIDC_SECRET"},
        {"code": "portal", "kind": "exchange", "title": {"zh": "政务移动办公"}, "authorize": f"{url}/x-authorize", "token": f"{url}/x-token",
         "user": f"{url}/x-user", "client_id": CLIENT, "sign": "hmac-sha256", "token_by": "json", "token_field": "data.token", "user_by": "query",
         "parameters": {"code": "auth_code", "client_id": "appid", "state": "relay"}, "match": "username",
         "fields": {"subject": "data.uid", "username": "data.uid", "name": "data.name"}},
        {"code": "firm", "kind": "exchange", "title": {"zh": "法人登录"}, "people": "enterprise", "role": "enterprise", "authorize": f"{url}/x-authorize",
         "token": f"{url}/x-token", "user": f"{url}/x-user", "client_id": CLIENT, "sign": "hmac-sha256", "token_by": "json",
         "token_field": "data.token", "user_by": "query", "parameters": {"code": "auth_code", "client_id": "appid"},
         "fields": {"subject": "data.uid", "name": "data.name", "credit_code": "data.uscc", "agent_id": "data.uid"},
         "secret_from": "LIANZHANG_SSO_PORTAL_SECRET"},
        {"code": "yue", "kind": "exchange", "title": {"zh": "政务微信"}, "authorize": f"{url}/w-authorize?agentid=1000002#wechat_redirect",
         "token": f"{url}/w-gettoken", "user": f"{url}/w-getuserinfo", "client_id": CLIENT, "scopes": ["snsapi_base"], "token_by": "query",
         "token_needs": ["client_id", "client_secret"], "user_by": "query", "user_needs": ["code"], "ok": {"field": "code", "values": ["00000"]},
         "parameters": {"client_id": "appid", "token.client_id": "corpid", "client_secret": "corpsecret"}, "match": "username",
         "fields": {"subject": "UserId", "username": "UserId"}, "secret_from": "LIANZHANG_SSO_PORTAL_SECRET"},
        {"code": "cas", "kind": "cas", "title": {"zh": "校园认证"}, "authorize": f"{url}/login", "validate_at": f"{url}/validate", "match": "username"},
        {"code": "proxy", "kind": "header", "title": {"zh": "网关"}, "header": "X-Remote-User", "proxies": ["10.9.9.9", "unix"], "match": "username"},
    ]  # fmt: skip
