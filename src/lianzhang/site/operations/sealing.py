"""A sealed stream: AES-256-GCM in pieces, so that a file of any size needs little memory and no altered byte passes.

`LZSEAL1\\n`, 16 bytes of salt, then pieces of 1 MiB: 4 bytes of length, the sealed bytes. The key is derived from the
key file and the salt (HKDF, RFC 5869), so no two files share one; the nonce is the number of the piece and whether it
is the last (STREAM, Hoang et al. 2015): pieces moved, doubled or cut off at the end do not open.
"""

from __future__ import annotations

import io
import os
import struct
from pathlib import Path
from typing import IO

MAGIC = b"LZSEAL1\n"
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
        return handle.read(len(MAGIC)) == MAGIC


def _cipher(secret: bytes, salt: bytes):  # type: ignore[no-untyped-def]
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return AESGCM(HKDF(SHA256(), 32, salt, b"lianzhang backup").derive(secret))


def _nonce(number: int, last: bool) -> bytes:
    return struct.pack(">3xQB", number, last)


class Sealer(io.RawIOBase):
    """Writes what is written to it sealed into another file."""

    def __init__(self, out: IO[bytes], secret: bytes) -> None:
        salt = os.urandom(16)
        self._out, self._cipher = out, _cipher(secret, salt)
        self._number, self._waiting = 0, bytearray()
        out.write(MAGIC + salt)

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
        sealed = self._cipher.encrypt(_nonce(self._number, last), piece, None)
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
        head = source.read(len(MAGIC) + 16)
        if not head.startswith(MAGIC) or len(head) < len(MAGIC) + 16:
            raise NotOpened("the file is not sealed")
        self._source, self._cipher = source, _cipher(secret, head[len(MAGIC) :])
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
        for last in (False, True):
            try:
                piece: bytes = self._cipher.decrypt(_nonce(self._number, last), sealed, None)
            except (InvalidTag, ValueError):
                continue
            self._number, self._ended = self._number + 1, last
            return piece
        raise NotOpened(
            f"piece {self._number + 1} does not open: another key, or the file was altered or cut off"
        )
