"""A sealed stream in pieces, so that a file of any size needs little memory and no altered byte passes.

`LIANZHANG_CRYPTO` says by what is sealed now: AES-256-GCM under `standard`, else SM4-GCM (RFC 8998). What is read says it
itself: `LZSEAL1\\n` is AES with HKDF-SHA-256, `LZSEAL2\\n` SM4 with HKDF-SM3. Then 16 bytes of salt and pieces of 1 MiB: 4
bytes of length, the sealed bytes. The key is derived from the key file and the salt (HKDF, RFC 5869), so no two files share
one; the nonce is the number of the piece and whether it is the last (STREAM, Hoang et al. 2015): pieces moved, doubled or
cut off at the end do not open.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

AES, SM4 = b"LZSEAL1\n", b"LZSEAL2\n"
MAGIC = len(AES)
SALT = 16
PIECE = 1 << 20
SHORTEST_KEY = 32


class NotOpened(Exception):
    """The sealed file does not open: another key, or it was altered or cut off."""


def read_key(path: Path) -> bytes:
    """The secret of a key file: any file of at least 32 bytes of chance."""
    secret = path.read_bytes().strip()
    if len(secret) < SHORTEST_KEY:
        raise ValueError(f"{path}: {len(secret)} bytes, expected a key of at least {SHORTEST_KEY}")
    return secret


def is_sealed(path: Path) -> bool:
    """Whether the file begins as a sealed one."""
    with path.open("rb") as handle:
        return handle.read(MAGIC) in (AES, SM4)


@dataclass(frozen=True)
class _Cipher:
    """encrypt(nonce, plain) gives ciphertext and tag; decrypt(nonce, sealed) raises InvalidTag."""

    encrypt: Callable[[bytes, bytes], bytes]
    decrypt: Callable[[bytes, bytes], bytes]


def _cipher(magic: bytes, secret: bytes, salt: bytes) -> _Cipher:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256, SM3
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    from lianzhang.kernel.crypto import guomi

    if magic == AES:
        aes = AESGCM(HKDF(SHA256(), 32, salt, b"lianzhang backup").derive(secret))
        return _Cipher(lambda n, p: aes.encrypt(n, p, None), lambda n, s: aes.decrypt(n, s, None))
    key = HKDF(SM3(), 16, salt, b"lianzhang backup").derive(secret)
    return _Cipher(lambda n, p: guomi.encrypt(key, n, p, b""), lambda n, s: guomi.decrypt(key, n, s, b""))


def _nonce(number: int, last: bool) -> bytes:
    return struct.pack(">3xQB", number, last)


class Sealer(io.RawIOBase):
    """Writes what is written to it sealed into another file."""

    def __init__(self, out: IO[bytes], secret: bytes) -> None:
        salt, magic = os.urandom(SALT), AES if settings.CRYPTO == "standard" else SM4
        self._out, self._cipher = out, _cipher(magic, secret, salt)
        self._number, self._waiting = 0, bytearray()
        out.write(magic + salt)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take the next bytes; whole pieces go out, the last one waits for `close`."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def _seal(self, piece: bytes, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last), piece)
        self._out.write(struct.pack(">I", len(sealed)) + sealed)
        self._number += 1

    def close(self) -> None:
        """Seal what waits as the last piece; the file below stays open."""
        if not self.closed:
            self._seal(bytes(self._waiting), last=True)
        super().close()


class Opener(io.RawIOBase):
    """Reads what `Sealer` wrote; `NotOpened` as soon as a piece is not what was sealed."""

    def __init__(self, source: IO[bytes], secret: bytes) -> None:
        head = source.read(MAGIC + SALT)
        if head[:MAGIC] not in (AES, SM4) or len(head) < MAGIC + SALT:
            raise NotOpened("the file is not sealed")
        self._source, self._cipher = source, _cipher(head[:MAGIC], secret, head[MAGIC:])
        self._number, self._ready, self._ended = 0, b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def,override]
        """The next opened bytes; 0 at the end."""
        while not self._ready and not self._ended:
            self._ready = self._next()
        taken = min(len(buffer), len(self._ready))
        buffer[:taken], self._ready = self._ready[:taken], self._ready[taken:]
        return taken

    def _next(self) -> bytes:
        from cryptography.exceptions import InvalidTag

        head = self._source.read(4)
        size = struct.unpack(">I", head)[0] if len(head) == 4 else 0
        sealed = self._source.read(size) if 16 <= size <= PIECE + 16 else b""
        for last in (False, True) if len(sealed) == size else ():
            try:
                piece: bytes = self._cipher.decrypt(_nonce(self._number, last), sealed)
            except (InvalidTag, ValueError):
                continue
            self._number, self._ended = self._number + 1, last
            if last and self._source.read(1):
                break
            return piece
        raise NotOpened(
            f"piece {self._number + 1} does not open: another key, or the file was altered or cut off"
        )
