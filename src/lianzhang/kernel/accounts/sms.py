"""Short messages to a telephone: one HTTP request to whatever gateway the city has, as a file describes it.

`LIANZHANG_SMS` names the file. Without it nothing is sent; in demonstrations the message is printed instead.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import yaml
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from lianzhang.kernel import masking, outbound, time

SHORTEST_KEY = 32
WORDS = ("phone", "text", "code", "minutes", "id")
PLACE = re.compile(r"\{(\w+)\}")


MISSHAPEN = {
    "missing": _lazy("is missing"),
    "extra_forbidden": _lazy("is no setting of a gateway"),
    "dict_type": _lazy("expected names and values"),
    "string_type": _lazy("expected a text"),
}
"""What is wrong with the file, by the kinds of mistake that people make most."""


class NotSent(Exception):
    """The gateway is not set up rightly, or did not take the message; says why, without number or code."""


class Gateway(BaseModel):
    """One gateway.

    body: the fields go as a JSON object or as a form. fields: name in the request → text, in which `{phone}`, `{text}`,
    `{code}`, `{minutes}` and `{id}` (of the message) are filled in; objects within objects are kept. text: the message.
    key: file with the secret by which body and time are signed. accepted: what the answer must say (`data.code: 0`).
    per_day: no more messages than this in 24 hours.
    """

    model_config = ConfigDict(extra="forbid")

    address: str
    body: Literal["json", "form"] = "json"
    fields: dict[str, Any]
    text: str = ""
    key: Path | None = None
    accepted: dict[str, str | int | bool] = Field(default_factory=dict)
    per_day: int = Field(default=1000, ge=1, le=1_000_000)

    @field_validator("text")
    @classmethod
    def _holds_the_code(cls, text: str) -> str:
        if text and "{code}" not in text:
            raise ValueError(_("the text must hold %(place)s") % {"place": "{code}"})
        return text

    @model_validator(mode="after")
    def _whole(self) -> Gateway:
        said = json.dumps(self.fields, ensure_ascii=False)
        unknown = sorted(set(PLACE.findall(said + self.text)) - set(WORDS))
        if unknown:
            told = {"place": f"{{{unknown[0]}}}", "known": ", ".join(WORDS)}
            raise ValueError(_("%(place)s is filled in by nobody, expected one of %(known)s") % told)
        if "{phone}" not in said or not ("{text}" in said or "{code}" in said):
            told = {"phone": "{phone}", "text": "{text}", "code": "{code}"}
            raise ValueError(_("the fields must hold %(phone)s, and %(text)s or %(code)s") % told)
        if self.body == "form" and any(isinstance(v, dict | list) for v in self.fields.values()):
            raise ValueError(_("a form has no objects within objects, expected body: json"))
        return self


def offered() -> bool:
    """Whether a message can be sent: a gateway is named, or this is a demonstration that prints it."""
    return bool(settings.SMS) or settings.DEBUG


def gateway() -> Gateway | None:
    """The gateway of the file; None: none is named. Raises NotSent with what is wrong in the file."""
    if not settings.SMS:
        return None
    path = Path(settings.SMS)
    try:
        return Gateway(**(yaml.safe_load(path.read_text(encoding="utf-8")) or {}))
    except OSError as error:
        raise NotSent(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        why = str(MISSHAPEN.get(first["type"], first["msg"])).removeprefix("Value error, ")
        raise NotSent(f"{path}: {where}: {why}" if where else f"{path}: {why}") from error
    except (yaml.YAMLError, TypeError, ValueError) as error:
        why = _("%(file)s: no list of names and values (%(kind)s)")
        raise NotSent(why % {"file": path, "kind": type(error).__name__}) from error


def number(text: str) -> str | None:
    """A telephone as a gateway takes it, digits with a plus before a country's; None where it is none."""
    plain = re.sub(r"[\s()-]", "", text)
    return plain if re.fullmatch(r"\+?\d{8,15}", plain, re.ASCII) else None


def send(*, phone: str, code: str, minutes: int) -> None:
    """Send a one-time code. Raises NotSent."""
    found = gateway()
    said = found.text if found and found.text else _("One-time code {code}, good for {minutes} minutes.")
    words = {"phone": phone, "code": code, "minutes": str(minutes), "id": uuid.uuid4().hex}
    words["text"] = filled(said, words)
    if found is None:
        if not settings.DEBUG:
            raise NotSent(_("no gateway is named: LIANZHANG_SMS"))
        print(f"to {masking.mask(phone, 'phone')}: {words['text']}", file=sys.stderr, flush=True)
        return
    fields = filled(found.fields, words)
    given = {"form": {k: str(v) for k, v in fields.items()}} if found.body == "form" else {"body": fields}
    try:
        answer = outbound.send(found.address, sign=signer(found), **given)
        if found.accepted:
            _accepted(found, answer.json())
    except outbound.OutboundError as error:
        raise NotSent(str(error)) from error


def filled(shape: Any, words: dict[str, str]) -> Any:
    """The shape with its places filled in; what is filled in is never looked at again."""
    if isinstance(shape, dict):
        return {k: filled(v, words) for k, v in shape.items()}
    if isinstance(shape, list):
        return [filled(v, words) for v in shape]
    return PLACE.sub(lambda m: words.get(m[1], m[0]), shape) if isinstance(shape, str) else shape


def signer(found: Gateway) -> Callable[[bytes], dict[str, str]] | None:
    """Headers that prove who sent the body and when: HMAC of `<time>` line feed `<body>`, by SM3 where national
    algorithms are set, else SHA-256."""
    if found.key is None:
        return None
    secret = read_key(found.key)
    name, algorithm = ("sha256", hashes.SHA256()) if settings.CRYPTO == "standard" else ("sm3", hashes.SM3())

    def sign(body: bytes) -> dict[str, str]:
        moment = str(int(time.wall_ago(0).timestamp()))
        mac = HMAC(secret, algorithm)
        mac.update(moment.encode() + b"\n" + body)
        return {
            "X-Lianzhang-Time": moment,
            "X-Lianzhang-Signature": f"hmac-{name}={mac.finalize().hex()}",
        }

    return sign


def read_key(path: Path) -> bytes:
    """The secret of the key file. Raises NotSent when it is not there, too short, or open to others."""
    try:
        secret = path.read_bytes().strip()
        mode = path.stat().st_mode & 0o777
    except OSError as error:
        raise NotSent(f"{path}: {error.strerror}") from error
    if len(secret) < SHORTEST_KEY:
        raise NotSent(
            _("%(file)s: %(n)s bytes, expected a key of at least %(least)s")
            % {"file": path, "n": len(secret), "least": SHORTEST_KEY}
        )
    if mode & 0o077:
        raise NotSent(_("%(file)s: readable by others (%(mode)s)") % {"file": path, "mode": f"{mode:o}"})
    return secret


def _accepted(found: Gateway, answer: Any) -> None:
    for where, wanted in found.accepted.items():
        here = answer
        for step in where.split("."):
            here = here.get(step) if isinstance(here, dict) else None
        if str(here) != str(wanted):
            told = {"where": where, "found": repr(str(here)[:40]), "wanted": repr(str(wanted))}
            raise NotSent(_("the gateway answered %(where)s = %(found)s, expected %(wanted)s") % told)


def problems() -> list[str]:
    """What keeps messages from being sent, as far as can be seen without sending one."""
    try:
        found = gateway()
        if found is None:
            return []
        if found.key is not None:
            read_key(found.key)
    except NotSent as error:
        return [str(error)]
    wrong = []
    if not outbound.permitted(found.address):
        wrong.append(_("%(address)s: the host is not in LIANZHANG_OUTBOUND") % {"address": found.address})
    if found.address.startswith("http://") and not outbound.this_machine(found.address):
        wrong.append(_("%(address)s: codes would go over the wire in clear") % {"address": found.address})
    return wrong
