"""A PDF document is judged by its bytes before a reader follows anything in it.

Only tables that were printed as text are wanted: no scripts, no protection, no streams that unpack without end. Names
may be written in hexadecimal (ISO 32000-1, 7.3.5), and lists of objects may be packed (7.5.7): both are looked into.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from .model import Limits, TableError

_STREAM = re.compile(rb"stream\r?\n")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_SCRIPT = re.compile(rb"/(?:JavaScript|Launch|RichMedia|EmbeddedFile)\b")
_ENCRYPT = re.compile(rb"/Encrypt\b")
_PACKED_TWICE = re.compile(rb"/Fl(?:ateDecode)?\s*/Fl(?:ateDecode)?\b|/LZW")
_DICTIONARY = 4_096


def check_pdf(content: bytes, name: str, limits: Limits) -> None:
    """Refuse what is no plain printed document.

    Raises TableError `macros` (scripts, programs to start, files inside), `encrypted`, `zip_bomb`.
    """
    total, budget = 0, limits.pdf_unpacked_bytes
    for outside, packed in _parts(content):
        head = plain_names(outside)
        _refuse_active(head, name)
        tail = head[-_DICTIONARY:]
        if packed and _PACKED_TWICE.search(tail):
            raise TableError("zip_bomb", f"{name} packs its content twice.", _AGAIN)
        unpacked = _unpack(packed, budget - total)
        total += len(unpacked)
        if total >= budget:
            raise TableError("zip_bomb", f"{name} would unpack to more than {budget >> 20:,} MiB.", _AGAIN)
        if b"/ObjStm" in tail:
            _refuse_active(plain_names(unpacked), name)


_AGAIN = "Print the table to PDF again, or send the workbook it was made from."


def _refuse_active(text: bytes, name: str) -> None:
    if _SCRIPT.search(text):
        raise TableError(
            "macros", f"{name} contains scripts or embedded files; such a document is not opened.", _AGAIN
        )
    if _ENCRYPT.search(text):
        raise TableError(
            "encrypted", f"{name} is protected.", "Save it without protection and send it again."
        )


def plain_names(text: bytes) -> bytes:
    """The text with names written in hexadecimal made plain."""
    return _HEX.sub(lambda m: bytes([int(m[1], 16)]), text) if b"#" in text else text


def _parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What stands between streams, and the stream that follows it (empty at the end)."""
    at = 0
    while match := _STREAM.search(content, at):
        end = content.find(b"endstream", match.end())
        end = len(content) if end < 0 else end
        yield content[at : match.start()], content[match.end() : end]
        at = min(end + len(b"endstream"), len(content))
    yield content[at:], b""


def _unpack(packed: bytes, room: int) -> bytes:
    """The stream unpacked, at most `room` bytes of it; empty where it is not packed in the usual way."""
    if not packed or room <= 0:
        return b""
    try:
        return zlib.decompressobj().decompress(packed, room)
    except zlib.error:
        return b""
