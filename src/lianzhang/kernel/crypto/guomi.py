"""National algorithms: SM3 (GB/T 32905), HMAC-SM3, SM4-GCM (GB/T 32907), SM2 signatures (GB/T 32918)."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from lianzhang.kernel.crypto import keys, sm2
from lianzhang.kernel.crypto.derive import derive
from lianzhang.kernel.crypto.errors import Unopenable
from lianzhang.kernel.crypto.token import Token, bound

NONCE, TAG = 12, 16


def hmac_sm3(key: bytes, message: bytes) -> bytes:
    """HMAC (RFC 2104) with SM3."""
    state = hmac.HMAC(key, hashes.SM3())
    state.update(message)
    return state.finalize()


def encrypt(key: bytes, nonce: bytes, plain: bytes, associated: bytes) -> bytes:
    """SM4-GCM (RFC 8998): ciphertext and tag."""
    lock = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    lock.authenticate_additional_data(associated)
    return lock.update(plain) + lock.finalize() + lock.tag


def decrypt(key: bytes, nonce: bytes, body: bytes, associated: bytes) -> bytes:
    """The plain text of ciphertext and tag; `InvalidTag` when a bit of any part differs."""
    lock = Cipher(algorithms.SM4(key), modes.GCM(nonce, body[-TAG:])).decryptor()
    lock.authenticate_additional_data(associated)
    return lock.update(body[:-TAG]) + lock.finalize()


class Guomi:
    """Keys in the key file; SM3 and SM4 of `cryptography` (native), SM2 of `gmssl` (10 ms, used for signatures only)."""

    name = "guomi"
    digest = "sm3"

    def keys(self) -> list[str]:
        return [k.id for k in keys.of(self.name)]

    def rotate(self) -> str:
        key = keys.draw(self.name)
        assert key is not None
        return key.id

    def mac(self, data: bytes, context: str, key: str | None = None) -> Token:
        own = keys.named(self.name, key) if key else keys.of(self.name)[0]
        message = bound("hmac-sm3", own.id, context) + b"\0\0" + data
        return Token("hmac-sm3", own.id, hmac_sm3(derive(own, "mac", 32), message))

    def seal(self, plain: bytes, context: str) -> Token:
        own = keys.of(self.name)[0]
        nonce = secrets.token_bytes(NONCE)
        body = encrypt(derive(own, "seal", 16), nonce, plain, bound("sm4gcm", own.id, context))
        return Token("sm4gcm", own.id, nonce + body)

    def open(self, token: Token, context: str) -> bytes:
        if token.algorithm != "sm4gcm" or len(token.value) < NONCE + TAG:
            raise Unopenable("no value sealed with sm4gcm")
        own = keys.named(self.name, token.key)
        nonce, body = token.value[:NONCE], token.value[NONCE:]
        try:
            return decrypt(derive(own, "seal", 16), nonce, body, bound("sm4gcm", own.id, context))
        except InvalidTag:
            raise Unopenable("the sealed value was altered, or belongs to another place") from None

    def sign(self, data: bytes) -> Token:
        own = keys.of(self.name)[0]
        return Token("sm2", own.id, sm2.sign(sm2.private(derive(own, "sign", 40)), data))

    def verify(self, data: bytes, token: Token) -> bool:
        if token.algorithm != "sm2":
            return False
        return sm2.verify(bytes.fromhex(self.public_key(token.key)), data, token.value)

    def public_key(self, key: str) -> str:
        return sm2.public(sm2.private(derive(keys.named(self.name, key), "sign", 40))).hex()
