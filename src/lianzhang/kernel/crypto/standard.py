"""International algorithms: SHA-256, HMAC-SHA-256, AES-256-GCM, Ed25519."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lianzhang.kernel.crypto import keys
from lianzhang.kernel.crypto.derive import derive
from lianzhang.kernel.crypto.errors import Unopenable
from lianzhang.kernel.crypto.keys import Key
from lianzhang.kernel.crypto.token import Token, bound

NONCE = 12


class Standard:
    """Keys in the key file, algorithms of `cryptography`."""

    name = "standard"
    digest = "sha256"

    def keys(self) -> list[str]:
        return [k.id for k in keys.of(self.name)]

    def rotate(self) -> str:
        key = keys.draw(self.name)
        assert key is not None
        return key.id

    def mac(self, data: bytes, context: str, key: str | None = None) -> Token:
        own = keys.named(self.name, key) if key else keys.of(self.name)[0]
        message = bound("hmac-sha256", own.id, context) + b"\0\0" + data
        return Token("hmac-sha256", own.id, hmac.digest(derive(own, "mac", 32), message, hashlib.sha256))

    def seal(self, plain: bytes, context: str) -> Token:
        own = keys.of(self.name)[0]
        nonce = secrets.token_bytes(NONCE)
        body = AESGCM(derive(own, "seal", 32)).encrypt(nonce, plain, bound("aes256gcm", own.id, context))
        return Token("aes256gcm", own.id, nonce + body)

    def open(self, token: Token, context: str) -> bytes:
        if token.algorithm != "aes256gcm" or len(token.value) < NONCE + 16:
            raise Unopenable("no value sealed with aes256gcm")
        own = keys.named(self.name, token.key)
        nonce, body = token.value[:NONCE], token.value[NONCE:]
        try:
            return AESGCM(derive(own, "seal", 32)).decrypt(nonce, body, bound("aes256gcm", own.id, context))
        except InvalidTag:
            raise Unopenable("the sealed value was altered, or belongs to another place") from None

    def sign(self, data: bytes) -> Token:
        own = keys.of(self.name)[0]
        return Token("ed25519", own.id, self._private(own).sign(data))

    def verify(self, data: bytes, token: Token) -> bool:
        if token.algorithm != "ed25519":
            return False
        try:
            self._private(keys.named(self.name, token.key)).public_key().verify(token.value, data)
        except InvalidSignature:
            return False
        return True

    def public_key(self, key: str) -> str:
        public = self._private(keys.named(self.name, key)).public_key()
        return public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def _private(self, key: Key) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(derive(key, "sign", 32))
