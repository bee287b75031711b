"""A back end whose keys lie in the key file: what does not depend on the algorithms."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod

from cryptography.exceptions import InvalidTag

from lianzhang.kernel.crypto import keys
from lianzhang.kernel.crypto.derive import derive
from lianzhang.kernel.crypto.errors import Unopenable
from lianzhang.kernel.crypto.token import Token, bound

NONCE, TAG = 12, 16


class KeyFile(ABC):
    """A subclass names its algorithms and gives the primitives; values are bound to algorithm, key and context."""

    name: str
    digest: str
    mac_name: str
    seal_name: str
    seal_key: int
    """Bytes of the cipher's key."""

    @abstractmethod
    def authenticated(self, key: bytes, message: bytes) -> bytes:
        """The HMAC of a message."""

    @abstractmethod
    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, associated: bytes) -> bytes:
        """Ciphertext and tag."""

    @abstractmethod
    def decrypt(self, key: bytes, nonce: bytes, body: bytes, associated: bytes) -> bytes:
        """The plain text of ciphertext and tag; `InvalidTag` when a bit of any part differs."""

    def keys(self) -> list[str]:
        return [k.id for k in keys.of(self.name)]

    def rotate(self) -> str:
        key = keys.draw(self.name)
        assert key is not None
        return key.id

    def mac(self, data: bytes, context: str, key: str | None = None) -> Token:
        own = keys.named(self.name, key) if key else keys.of(self.name)[0]
        message = bound(self.mac_name, own.id, context) + b"\0\0" + data
        return Token(self.mac_name, own.id, self.authenticated(derive(own, "mac", 32), message))

    def seal(self, plain: bytes, context: str) -> Token:
        own = keys.of(self.name)[0]
        nonce, about = secrets.token_bytes(NONCE), bound(self.seal_name, own.id, context)
        return Token(
            self.seal_name,
            own.id,
            nonce + self.encrypt(derive(own, "seal", self.seal_key), nonce, plain, about),
        )

    def open(self, token: Token, context: str) -> bytes:
        if token.algorithm != self.seal_name or len(token.value) < NONCE + TAG:
            raise Unopenable(f"no value sealed with {self.seal_name}")
        own = keys.named(self.name, token.key)
        nonce, body = token.value[:NONCE], token.value[NONCE:]
        about = bound(self.seal_name, own.id, context)
        try:
            return self.decrypt(derive(own, "seal", self.seal_key), nonce, body, about)
        except InvalidTag:
            raise Unopenable("the sealed value was altered, or belongs to another place") from None
