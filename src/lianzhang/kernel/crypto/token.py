from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from lianzhang.kernel.crypto.errors import Unopenable

SHAPE = re.compile(r"lz1\.([a-z0-9-]{1,20})\.([A-Za-z0-9_-]{1,40})\.([A-Za-z0-9_-]*)")


@dataclass(frozen=True)
class Token:
    """A sealed value, a mac or a signature with the names of its algorithm and key: `lz1.aes256gcm.k1-9f3a.<base64>`."""

    algorithm: str
    key: str
    value: bytes

    def __str__(self) -> str:
        return f"lz1.{self.algorithm}.{self.key}.{urlsafe_b64encode(self.value).rstrip(b'=').decode()}"

    @classmethod
    def parse(cls, text: str) -> Token:
        """The token of a text; `Unopenable` when it is none."""
        found = SHAPE.fullmatch(text)
        if not found:
            raise Unopenable("no sealed value: expected lz1.<algorithm>.<key>.<base64>")
        algorithm, key, body = found.groups()
        try:
            value = urlsafe_b64decode(body + "=" * (-len(body) % 4))
        except ValueError:
            raise Unopenable("no sealed value: what follows the key is no base64") from None
        token = cls(algorithm, key, value)
        if str(token) != text:  # unused bits of the last character: one value has one spelling
            raise Unopenable("no sealed value: the base64 is not in its one proper form")
        return token


def bound(algorithm: str, key: str, context: str) -> bytes:
    """The associated data of a value: it opens only with the same algorithm, key and context."""
    return "\0".join((algorithm, key, context)).encode()
