"""The container of old Office files ([MS-CFB]): checked before a fast reader follows its chains.

A damaged or hostile file can hold chains of sectors that run in circles or sizes beyond all bounds; a reader that
trusts them runs out of memory. Here every chain is walked with a bound, and the workbook stream is taken out.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from .model import TableError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # from here on numbers are marks (end of chain, free, table sectors)
_ENTRY = 128
_IN_HEADER = 109


class _DamageError(ValueError):
    """The container contradicts itself."""


@dataclass(slots=True)
class Container:
    """The bytes of a container, its sector size and its allocation table."""

    content: bytes
    size: int
    table: list[int]

    def sector(self, number: int) -> bytes:
        """One sector; the header stands before sector 0."""
        start = (number + 1) * self.size
        if start >= len(self.content):
            raise _DamageError(f"sector {number} lies beyond the end")
        return self.content[start : start + self.size]

    def chain(self, first: int) -> bytes:
        """The sectors of a chain, joined; every sector at most once."""
        return b"".join(map(self.sector, _walk(first, self.table)))


def _walk(first: int, table: list[int]) -> list[int]:
    out: list[int] = []
    number = first
    while number < _LAST:
        if number >= len(table) or len(out) > len(table):
            raise _DamageError(f"the chain from sector {first} has no end")
        out.append(number)
        number = table[number]
    return out


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def workbook_stream(content: bytes, name: str) -> bytes:
    """The stream of records of an old workbook.

    Raises TableError `broken_file`, `encrypted` (a protected new workbook inside), `not_a_table` (a text document).
    """
    try:
        return _workbook_stream(content, name)
    except (_DamageError, struct.error, UnicodeDecodeError) as error:
        raise TableError(
            "broken_file", f"{name} is damaged: {error}.", "Save it again as .xlsx and send it once more."
        ) from error


def _open(content: bytes) -> Container:
    if len(content) < 512:
        raise _DamageError("the header is cut off")
    shift, mini_shift = struct.unpack_from("<HH", content, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise _DamageError("the sector size is unknown")
    box = Container(content, 1 << shift, [])
    sectors = len(content) >> shift
    counts = struct.unpack_from("<II", content, 40) + struct.unpack_from("<I", content, 64)
    if max(counts) > sectors:
        raise _DamageError("a table is larger than the file")
    places = _numbers(content[76 : 76 + 4 * _IN_HEADER])
    following, seen = struct.unpack_from("<I", content, 68)[0], 0
    while following < _LAST:
        *more, following = _numbers(box.sector(following))
        places += more
        seen += 1
        if seen > sectors:
            raise _DamageError("the list of tables has no end")
    box.table = [n for place in places if place < _LAST for n in _numbers(box.sector(place))]
    return box


def _workbook_stream(content: bytes, name: str) -> bytes:
    box = _open(content)
    directory = box.chain(struct.unpack_from("<I", content, 48)[0])
    small_table = _numbers(box.chain(struct.unpack_from("<I", content, 60)[0]))
    cutoff = struct.unpack_from("<I", content, 56)[0]
    streams: dict[str, bytes] = {}
    small = b""
    for place in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        entry = directory[place : place + _ENTRY]
        length, kind = struct.unpack_from("<H", entry, 64)[0], entry[66]
        first, size = struct.unpack_from("<II", entry, 116)
        if kind not in (2, 5):
            continue
        if size > len(content):
            raise _DamageError("a stream is larger than the file")
        label = entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le")
        if kind == 5:
            small = box.chain(first) if size else b""
        elif size < cutoff:
            parts = _walk(first, small_table) if size else []
            streams[label] = b"".join(small[n * 64 : n * 64 + 64] for n in parts)[:size]
        else:
            streams[label] = box.chain(first)[:size]
    return _choose(streams, name)


def _choose(streams: dict[str, bytes], name: str) -> bytes:
    if "EncryptedPackage" in streams:
        raise TableError("encrypted", f"{name} is protected by a password.", "Save it without a password.")
    if "WordDocument" in streams:
        raise TableError("not_a_table", f"{name} is a text document.", "Copy its table into a workbook.")
    found = streams.get("Workbook") or streams.get("Book")
    if not found:
        raise _DamageError("it holds no workbook")
    return found
