from __future__ import annotations

from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lianzhang.kernel.crypto.keys import Key


@lru_cache(maxsize=256)
def derive(key: Key, purpose: str, length: int) -> bytes:
    """The key of one purpose (`seal`, `mac`, `sign`) from a version's secret: HKDF (RFC 5869) with the back end's hash."""
    algorithm: hashes.HashAlgorithm = hashes.SM3() if key.back_end == "guomi" else hashes.SHA256()
    return HKDF(algorithm, length, None, f"lianzhang {key.id} {purpose}".encode()).derive(key.secret)
