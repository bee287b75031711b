"""One seam for all cryptography: which back end and which key, nobody else decides.

`digest`, `mac`, `seal`, `open`, `sign`, `verify`. The setting `LIANZHANG_CRYPTO` chooses the back end of what is
written now: `standard` (SHA-256, HMAC, AES-256-GCM, Ed25519), `guomi` (SM3, HMAC-SM3, SM4-GCM, SM2) or `device` (a
signing server). What is read says itself by what it was made: every value is a `Token` that names algorithm and key.
A context (`"kernel_user.phone:17"`) goes into every sealed value and every mac, so that a value moved to another
column or row does not open there.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.conf import settings

from lianzhang.kernel.crypto.back_end import BackEnd
from lianzhang.kernel.crypto.errors import CryptoError, DeviceError, KeyMissing, Unopenable
from lianzhang.kernel.crypto.token import Token

__all__ = [
    "CryptoError", "DeviceError", "KeyMissing", "Token", "Unopenable", "back_end", "digest", "mac", "macs", "open", "open_bytes",
    "public_key", "seal", "seal_bytes", "sign", "verify",
]  # fmt: skip

DIGESTS = ("sha256", "sm3")
BACK_ENDS = ("standard", "guomi", "device")


def back_end(name: str | None = None) -> BackEnd:
    """The back end by name; None: the one the installation writes with."""
    name = name or settings.CRYPTO
    if name == "standard":
        from lianzhang.kernel.crypto.standard import Standard

        return Standard()
    if name == "guomi":
        from lianzhang.kernel.crypto.guomi import Guomi

        return Guomi()
    if name == "device":
        from lianzhang.kernel.crypto.device import Device

        return Device(settings.CRYPTO_DEVICE, settings.CRYPTO_DEVICE_TOKEN)
    raise CryptoError(f"LIANZHANG_CRYPTO: '{name}' is no back end, expected one of {', '.join(BACK_ENDS)}")


def _of(token: Token) -> BackEnd:
    """The back end that made a value, whatever is set now."""
    for name in BACK_ENDS:
        if token.algorithm in _algorithms(name):
            return back_end(name)
    raise Unopenable(f"algorithm '{token.algorithm}' is unknown to this version")


@lru_cache(maxsize=len(BACK_ENDS))
def _algorithms(name: str) -> frozenset[str]:
    own = {
        "standard": ("hmac-sha256", "aes256gcm", "ed25519"),
        "guomi": ("hmac-sm3", "sm4gcm", "sm2"),
        "device": ("device-mac", "device-seal", "device-sign"),
    }
    return frozenset(own[name])


def digest(data: bytes, algorithm: str | None = None) -> str:
    """Hex digest (64 characters) by `sha256` or `sm3`; None: the digest of the installation's back end."""
    algorithm = algorithm or back_end().digest
    if algorithm not in DIGESTS:
        raise CryptoError(f"digest '{algorithm}' is unknown, expected one of {', '.join(DIGESTS)}")
    return hashlib.sha256(data).hexdigest() if algorithm == "sha256" else sm3(data)


def sm3(data: bytes) -> str:
    """SM3 (GB/T 32905) in hex, from the same library as SM4: Python's own may be built without it."""
    from cryptography.hazmat.primitives import hashes

    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize().hex()


def mac(text: str, context: str) -> str:
    """A keyed fingerprint of a text in its context: equal texts give equal macs, nobody without the key can try them out."""
    return str(back_end().mac(text.encode(), context))


def macs(text: str, context: str) -> list[str]:
    """The macs of a text under every key of the back end, newest first: to find what was written before a rotation."""
    own = back_end()
    ids = own.keys()
    return [str(own.mac(text.encode(), context, key)) for key in ids]


def seal_bytes(plain: bytes, context: str) -> str:
    """Encrypt with the present key; the answer names algorithm and key and opens only in the same context."""
    return str(back_end().seal(plain, context))


def open_bytes(sealed: str, context: str) -> bytes:
    """What was sealed. `Unopenable`: altered, moved to another context, or no sealed value; `KeyMissing`: key not here."""
    token = Token.parse(sealed)
    return _of(token).open(token, context)


def seal(text: str, context: str) -> str:
    """`seal_bytes` of a text."""
    return seal_bytes(text.encode(), context)


def open(sealed: str, context: str) -> str:
    """`open_bytes` as a text."""
    return open_bytes(sealed, context).decode()


def sign(data: bytes) -> str:
    """A signature with the installation's present key."""
    return str(back_end().sign(data))


def verify(data: bytes, signature: str) -> bool:
    """Whether the signature over the data was made by one of the installation's keys."""
    try:
        token = Token.parse(signature)
        return _of(token).verify(data, token)
    except (Unopenable, KeyMissing):
        return False


def public_key(signature: str) -> str:
    """The public key (hex) that checks a signature elsewhere."""
    token = Token.parse(signature)
    return _of(token).public_key(token.key)
