from __future__ import annotations

from typing import Protocol

from lianzhang.kernel.crypto.token import Token


class BackEnd(Protocol):
    """What a back end does; `tests/test_crypto_contract.py` holds every one of them to it."""

    digest: str

    def keys(self) -> list[str]:
        """Key ids, the present one first."""

    def rotate(self) -> str:
        """Draw a new key that is used from now on; older ones still open and verify. Its id."""

    def mac(self, data: bytes, context: str, key: str | None = None) -> Token:
        """A keyed fingerprint; the same for the same data, context and key."""

    def seal(self, plain: bytes, context: str) -> Token:
        """Authenticated encryption; never twice the same."""

    def open(self, token: Token, context: str) -> bytes:
        """What was sealed; `Unopenable` or `KeyMissing` otherwise."""

    def sign(self, data: bytes) -> Token:
        """A signature with the present key."""

    def verify(self, data: bytes, token: Token) -> bool:
        """Whether the signature is right; `KeyMissing` when its key is not here."""

    def public_key(self, key: str) -> str:
        """The public key in hex: 32 bytes for Ed25519, 64 (x, y) for SM2."""
