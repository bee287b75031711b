"""Which encoding a text file is in: found by decoding all of it, block by block."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from .model import TableError
from .source import Source

_BLOCK = 1 << 20
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
#: So many bytes of text beyond ASCII that were understood as UTF-8 cannot be chance.
_CONVINCING = 20


@dataclass(slots=True)
class _Trial:
    """Outcome of decoding a file: the line that failed, the wide bytes before it, whether apostrophes occur."""

    bad_line: int | None
    wide_before: int
    quotes: bool


def find_encoding(source: Source) -> tuple[str, bool]:
    """The encoding, and whether an apostrophe may occur in the text.

    UTF-16 by its mark or its zero bytes, then UTF-8, then GB18030 (which contains GBK). Raises TableError
    `encoding` with the line of the first bytes that fit none of them, `not_a_table` for binary files.
    """
    with source.open() as handle:
        head = handle.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _wide(source, "utf-16"), True
    if head.count(0) * 10 > len(head):
        right = head[0::2].count(0) > head[1::2].count(0)
        return _wide(source, "utf-16-be" if right else "utf-16-le", head), True
    utf8 = _decode(source, "utf-8-sig")
    if utf8.bad_line is None:
        return "utf-8-sig", utf8.quotes
    if utf8.wide_before >= _CONVINCING:
        raise _refusal(source, "UTF-8", utf8.bad_line)
    gbk = _decode(source, "gb18030")
    if gbk.bad_line is None:
        return "gb18030", gbk.quotes
    raise _refusal(source, "UTF-8 or GB18030", gbk.bad_line)


def _wide(source: Source, encoding: str, head: bytes = b"") -> str:
    sample = head[: len(head) // 2 * 2].decode(encoding, "replace")[:-1]
    if _CONTROL.search(sample) or "\ufffd" in sample:
        raise TableError(
            "not_a_table", f"{source.name} is a binary file, not a table.", "Save it as .xlsx or .csv."
        )
    trial = _decode(source, encoding)
    if trial.bad_line is not None:
        raise _refusal(source, "UTF-16", trial.bad_line)
    return encoding


def _refusal(source: Source, encoding: str, line: int) -> TableError:
    return TableError(
        "encoding",
        f"{source.name}: line {line} has bytes that are no {encoding} text.",
        "Save the file as UTF-8 (in spreadsheet programs: CSV UTF-8) and check that line.",
        line=line,
    )


def _decode(source: Source, encoding: str) -> _Trial:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, wide, quotes = 1, 0, False
    with source.open() as handle:
        while True:
            block = handle.read(_BLOCK)
            pending = decoder.getstate()[0]
            try:
                decoder.decode(block, final=not block)
            except UnicodeError as error:
                good = (pending + block)[: getattr(error, "start", 0)]
                wide += len(good) - len(good.decode("ascii", "ignore"))
                return _Trial(lines + good.count(b"\n"), wide, quotes)
            if not block:
                return _Trial(None, wide, quotes)
            lines += block.count(b"\n")
            quotes = quotes or b"'" in block
            if wide < _CONVINCING:
                wide += len(block) - len(block.decode("ascii", "ignore"))
