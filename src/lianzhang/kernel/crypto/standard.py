"""International algorithms: SHA-256, HMAC-SHA-256, AES-256-GCM, Ed25519."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lianzhang.kernel.crypto import keys
from lianzhang.kernel.crypto.derive import derive
from lianzhang.kernel.crypto.key_file import KeyFile
from lianzhang.kernel.crypto.keys import Key
from lianzhang.kernel.crypto.token import Token


class Standard(KeyFile):
    """Keys in the key file, algorithms of `cryptography`."""

    name, digest = "standard", "sha256"
    mac_name, seal_name, seal_key = "hmac-sha256", "aes256gcm", 32

    def authenticated(self, key: bytes, message: bytes) -> bytes:
        return hmac.digest(key, message, hashlib.sha256)

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, associated: bytes) -> bytes:
        return AESGCM(key).encrypt(nonce, plain, associated)

    def decrypt(self, key: bytes, nonce: bytes, body: bytes, associated: bytes) -> bytes:
        return AESGCM(key).decrypt(nonce, body, associated)

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
