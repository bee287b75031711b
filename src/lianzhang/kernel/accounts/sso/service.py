"""A sign-in service elsewhere as the catalogue describes it (`sso.yaml`); secrets come from the environment."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, model_validator

NEEDS = {
    "oidc": ("issuer", "client_id", "authorize", "token", "jwks"),
    "exchange": ("client_id", "authorize", "token", "user"),
    "cas": ("authorize", "validate_at"),
    "header": ("header", "proxies"),
}
LONGEST = {"username": 64, "credit_code": 18, "agent_id": 40}
Sent = Literal["grant_type", "client_id", "client_secret", "code", "redirect_uri"]
SENT: tuple[Sent, ...] = get_args(Sent)
ADDRESSES = ("issuer", "authorize", "token", "user", "jwks", "validate_at", "logout")


class Title(BaseModel):
    model_config = ConfigDict(extra="forbid")
    zh: str
    en: str = ""


class Ok(BaseModel):
    """How an answer says that all is well: the field (a path) has one of the values, compared as text."""

    model_config = ConfigDict(extra="forbid")
    field: str
    values: list[StrictStr | StrictInt | StrictBool] = Field(min_length=1)

    def holds(self, answer: dict[str, Any]) -> bool:
        """Whether the answer says so; one without the field does not."""
        return _text(_down(answer, self.field)) in {_text(value) for value in self.values}


class Service(BaseModel):
    """One service.

    authorize, token, user, logout: the four addresses; jwks and issuer for oidc, validate_at for cas.
    fields: where in the answer what stands (`a.b` goes down): subject, name, username, credit_code, agent_id.
    parameters: other names of request parameters (`client_id: appid`; of one request only: `token.client_id: corpid`).
    token_needs, user_needs: what is sent to these two addresses, besides the token. ok: how an answer says it is none of an
    error; empty: errcode or code, where there is one, is 0 or 200. sign: how requests to token and user are signed.
    match: linked (an administrator links accounts) or username (the field equals our user name).
    people: staff, or agents of enterprises, who get a post of `role` for `agent_days`.
    strong: the service asks for two factors itself. header, proxies: for a trusted proxy (`unix`: a socket).
    """

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^[a-z][a-z0-9-]{1,22}$")
    kind: Literal["oidc", "exchange", "cas", "header"]
    title: Title
    people: Literal["staff", "enterprise"] = "staff"
    match: Literal["linked", "username"] = "linked"
    strong: bool = False
    issuer: str = ""
    authorize: str = ""
    token: str = ""
    user: str = ""
    jwks: str = ""
    validate_at: str = ""
    logout: str = ""
    client_id: str = ""
    secret_from: str = ""
    scopes: list[str] = Field(default_factory=lambda: ["openid"])
    algorithms: list[Literal["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]] = Field(
        default_factory=lambda: ["RS256", "ES256"]  # type: ignore[arg-type]
    )
    fields: dict[str, str] = Field(default_factory=dict)
    parameters: dict[str, str] = Field(default_factory=dict)
    token_by: Literal["form", "json", "query"] = "form"  # noqa: S105 (a way of asking)
    token_field: str = "access_token"  # noqa: S105 (the name of a field)
    token_needs: list[Sent] = Field(default_factory=lambda: list(SENT), min_length=1)
    user_by: Literal["bearer", "query"] = "bearer"
    user_needs: list[Sent] = Field(default_factory=list)
    ok: Ok | None = None
    sign: Literal["", "hmac-sha256", "hmac-sm3"] = ""
    role: str = ""
    agent_days: int = Field(default=365, ge=1, le=1100)
    header: str = ""
    proxies: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _complete(self) -> Service:
        missing = [name for name in NEEDS[self.kind] if not getattr(self, name)]
        if missing:
            raise ValueError(f"kind '{self.kind}' also needs: {', '.join(missing)}")
        for name in ADDRESSES:
            value = getattr(self, name)
            if value and not re.match(r"^https?://[^\s/]+", value):
                raise ValueError(f"{name}: '{value}' is no address, expected https://…")
        if self.people == "enterprise" and not self.role:
            raise ValueError("people: enterprise also needs role, expected a role of scope enterprise")
        return self

    @property
    def secret(self) -> str:
        """The client's secret, from the environment variable that `secret_from` names."""
        default = f"LIANZHANG_SSO_{self.code.upper().replace('-', '_')}_SECRET"
        return os.environ.get(self.secret_from or default, "")

    def parameter(self, name: str, at: str = "authorize") -> str:
        """The service's own name of a request parameter; `at`: the address that is asked."""
        return self.parameters.get(f"{at}.{name}", self.parameters.get(name, name))

    def pick(self, name: str, answer: Any, default: str = "") -> str:
        """A field of an answer by its path, as text; empty when it is not there or no text."""
        value = _down(answer, self.fields.get(name, default or name))
        if isinstance(value, bool) or not isinstance(value, str | int):
            return ""
        return str(value).strip()


def _down(answer: Any, path: str) -> Any:
    for part in path.split("."):
        answer = answer.get(part) if isinstance(answer, dict) else None
    return answer


def _text(value: Any) -> str | None:
    """A value as JSON writes it; None where there is none."""
    return str(value).lower() if isinstance(value, bool) else None if value is None else str(value)


@dataclass(frozen=True)
class Identity:
    """Who somebody is there."""

    subject: str
    name: str = ""
    username: str = ""
    credit_code: str = ""
    agent_id: str = ""


@dataclass
class Started:
    """What is kept in the session between leaving for the service and coming back."""

    code: str
    state: str
    nonce: str
    verifier: str
    at: float
    next: str = ""
    more: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """The sign-in is not accepted. The reason goes to the log; the person is told no particulars."""


def identity(service: Service, answer: Any, subject: str = "") -> Identity:
    """The identity that an answer tells; `subject` if it is known already. Raises Refused without one."""
    who = subject or service.pick("subject", answer, "sub")
    if not who or len(who) > 255 or any(ord(c) < 32 for c in who):
        raise Refused("no subject in the answer")
    about = {
        "username": service.pick("username", answer, "preferred_username"),
        "credit_code": service.pick("credit_code", answer),
        "agent_id": service.pick("agent_id", answer),
    }
    # What identifies is never cut: a cut value could be somebody else's.
    if any(len(about[name]) > longest for name, longest in LONGEST.items()):
        raise Refused("an identifying field is too long")
    return Identity(subject=who, name=service.pick("name", answer)[:64], **about)
