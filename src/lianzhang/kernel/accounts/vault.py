"""Secrets at rest: second factors are stored sealed, bound to what they are for."""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12


def _cipher() -> AESGCM:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"lianzhang accounts").derive(
        settings.SECRET_KEY.encode()
    )
    return AESGCM(key)


def seal_text(text: str, context: str) -> str:
    """The text sealed for a context (AES-256-GCM under a key derived from the installation's), as ASCII."""
    nonce = os.urandom(NONCE)
    sealed = nonce + _cipher().encrypt(nonce, text.encode(), context.encode())
    return base64.urlsafe_b64encode(sealed).decode("ascii")


def open_text(sealed: str, context: str) -> str:
    """The text again. Raises ValueError when it was sealed for something else, by another key, or changed since."""
    raw = base64.urlsafe_b64decode(sealed)
    try:
        return _cipher().decrypt(raw[:NONCE], raw[NONCE:], context.encode()).decode()
    except InvalidTag as error:
        raise ValueError(
            "the sealed text does not open: another key, another place, or changed since"
        ) from error
