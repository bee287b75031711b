"""Folding of text: full-width forms, invisible characters, missing marks, keys for comparison."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from .lexicon import words

# Only width and look-alike signs are folded in values: full NFKC would turn "10⁵" into 105 and "①" into 1.
_FOLD: dict[int, int | str | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD |= {0x3000: " ", 0x00A0: " ", 0x2212: "-", 0x2013: "-", 0xFE63: "-"}
_FOLD |= dict.fromkeys([0x0000, 0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060, 0x00AD, 0x200E, 0x200F])
_SPACES = {k: v for k, v in _FOLD.items() if v is None or k in (0x3000, 0x00A0)}
_SPACE = re.compile(r"\s+")
_DASHES = re.compile(r"[-—―─━_]{1,6}|/{1,2}|\\|\.{2,6}|…{1,2}|⋯{1,2}")
_MISSING = words("missing")


def fold(value: str) -> str:
    """Full-width signs to half width, invisible characters out, outer blanks off."""
    if value.isascii() and "\0" not in value:
        return value.strip()
    return value.translate(_FOLD).strip()


def is_blank(cell: Any) -> bool:
    """Whether a cell is empty or holds only white space."""
    return cell is None or (type(cell) is str and not fold(cell))


def is_missing(folded: str) -> bool:
    """Whether folded text is a mark for "not known" (never zero)."""
    if not folded:
        return True
    if len(folded) > 8:
        return False
    return _DASHES.fullmatch(folded) is not None or folded.lower() in _MISSING


def squeeze(value: str) -> str:
    """Text to be stored: invisible characters out, runs of white space to one blank."""
    if not value.isascii() or "\0" in value:
        value = value.translate(_SPACES)
    return _SPACE.sub(" ", value).strip()


def key(value: Any) -> str:
    """Key for comparing words: NFKC, lower case, no white space."""
    text = unicodedata.normalize("NFKC", str(value)).translate(_FOLD)
    return _SPACE.sub("", text).lower()


def letter(index: int) -> str:
    """Spreadsheet letter of a column counted from 0: 0 → A, 26 → AA."""
    out = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        out = chr(65 + rest) + out
    return out
