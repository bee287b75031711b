"""SM2 signatures (GB/T 32918.2) by `gmssl`, around three of its habits.

Its own draw of the number k is not made for secrets, its constructor takes leading zeros and fours off a public key, and its
`verify` lets numbers out of range in: k comes from `secrets`, the key is set afterwards, the range is checked here.
"""

from __future__ import annotations

import secrets
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from gmssl.sm2 import CryptSM2, default_ecc_table

ORDER = int(default_ecc_table["n"], 16)
IDENTITY = b"1234567812345678"  # the default of GM/T 0009


def private(seed: bytes) -> int:
    """A private key in [1, n-2] from 40 bytes: 64 bits more than the order, so that no value is likelier than another."""
    return int.from_bytes(seed) % (ORDER - 2) + 1


@lru_cache(maxsize=16)
def public(key: int) -> bytes:
    """The public key as x and y, 64 bytes."""
    return bytes.fromhex(_curve(key)._kg(key, default_ecc_table["g"]))


def sign(key: int, data: bytes, k: int | None = None) -> bytes:
    """r and s, 64 bytes. `k` is given only by the test of the standard's example."""
    message = _hash(public(key), data)
    curve = _curve(key)
    while True:
        found = curve.sign(message, f"{k or secrets.randbelow(ORDER - 1) + 1:064x}")
        if found:
            return bytes.fromhex(found)


def verify(point: bytes, data: bytes, signature: bytes) -> bool:
    """Whether r and s are a signature over the data by the holder of the point."""
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    if not (0 < r < ORDER and 0 < s < ORDER) or (r + s) % ORDER == 0:
        return False
    return bool(_curve(0, point).verify(signature.hex(), _hash(point, data)))


def _curve(key: int, point: bytes = b"") -> CryptSM2:
    curve = CryptSM2(private_key=f"{key:064x}", public_key="")
    curve.public_key = point.hex()
    return curve


def _hash(point: bytes, data: bytes, identity: bytes = IDENTITY) -> bytes:
    """e = SM3(Z, message), Z = SM3(length and identity, the curve, the public key)."""
    curve = bytes.fromhex("".join(default_ecc_table[name] for name in ("a", "b", "g")))
    z = _sm3((len(identity) * 8).to_bytes(2) + identity + curve + point)
    return _sm3(z + data)


def _sm3(data: bytes) -> bytes:
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()
