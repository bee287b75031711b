"""National algorithms: SM3 (GB/T 32905), HMAC-SM3, SM4-GCM (GB/T 32907), SM2 signatures (GB/T 32918)."""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from lianzhang.kernel.crypto import keys, sm2
from lianzhang.kernel.crypto.derive import derive
from lianzhang.kernel.crypto.key_file import TAG, KeyFile
from lianzhang.kernel.crypto.token import Token


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


class Guomi(KeyFile):
    """Keys in the key file; SM3 and SM4 of `cryptography` (native), SM2 of `gmssl` (10 ms, used for signatures only)."""

    name, digest = "guomi", "sm3"
    mac_name, seal_name, seal_key = "hmac-sm3", "sm4gcm", 16
    authenticated = staticmethod(hmac_sm3)
    encrypt = staticmethod(encrypt)
    decrypt = staticmethod(decrypt)

    def sign(self, data: bytes) -> Token:
        own = keys.of(self.name)[0]
        return Token("sm2", own.id, sm2.sign(sm2.private(derive(own, "sign", 40)), data))

    def verify(self, data: bytes, token: Token) -> bool:
        if token.algorithm != "sm2":
            return False
        return sm2.verify(bytes.fromhex(self.public_key(token.key)), data, token.value)

    def public_key(self, key: str) -> str:
        return sm2.public(sm2.private(derive(keys.named(self.name, key), "sign", 40))).hex()
