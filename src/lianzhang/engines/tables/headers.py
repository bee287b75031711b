"""What one header text says: its plain name, its unit, its year."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from .lexicon import pattern
from .text import key
from .units import MULTIPLIERS, find_unit

_BRACKET = re.compile(r"[(\[\u3010\u3014]([^()\[\]\u3010\u3011\u3014\u3015]*)[)\]\u3011\u3015]")
_TAIL = re.compile(r"^(.+?)\s*[/_:,\s\u2014-]\s*([^/_:,\s]+)$")
_LEAD = pattern("header_lead")
_YEAR = pattern("header_year")
_UNIT_LEAD = pattern("unit_lead")
_STATEMENT = pattern("unit_statement")
_UNIT_LINE = pattern("unit_line")
_SEPARATORS = re.compile(r"[\u3001,;\s]+")


class HeaderText(NamedTuple):
    """A header text taken apart: keys to look it up (fullest first; none if it is only a unit or a year)."""

    keys: tuple[str, ...]
    unit: str | None
    year: int | None


def header_text(path: Sequence[str]) -> str:
    """The header a column goes by: its lowest text, joined to the one above when it is only a unit or a year."""
    if len(path) < 2 or read_header(path[-1]).keys:
        return path[-1] if path else ""
    leaf = path[-1] if _BRACKET.fullmatch(path[-1]) else f"({path[-1]})"
    return header_text(path[:-1]) + leaf


def unit_word(text: str) -> str | None:
    """The unit if the whole text (after the word for unit, if it stands there) is one."""
    word = _UNIT_LEAD.sub("", key(text)).strip(":")
    return word if word and (word in MULTIPLIERS or find_unit(word)) else None


LONGEST = 500
"""Characters of a heading that are read; a longer text is no heading, and must not cost more than one."""


@lru_cache(maxsize=8192)
def read_header(text: str) -> HeaderText:
    """Take one header text apart."""
    # NFKC gives half-width brackets; line breaks inside a header cell count as blanks.
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).strip()
    unit, rest = _take_unit(plain)
    year = None
    if match := _YEAR.search(rest):
        year = int(match[1])
        without = rest[: match.start()] + rest[match.end() :]
        rest = _BRACKET.sub(lambda m: m[0] if m[1].strip() else "", without)
    bare = _plain(_BRACKET.sub("", rest))
    # A text that is only a unit or a year has no name of its own.
    keys = dict.fromkeys((key(plain), _plain(rest), bare)) if bare or (unit is None and year is None) else {}
    return HeaderText(tuple(k for k in keys if k), unit, year)


def years_in(text: str) -> set[int]:
    """All years a text speaks of."""
    return {int(m[1]) for m in _YEAR.finditer(unicodedata.normalize("NFKC", text))}


def _plain(text: str) -> str:
    return _LEAD.sub("", key(text)).strip(":_-/、,;*")


def _take_unit(text: str) -> tuple[str | None, str]:
    for match in _BRACKET.finditer(text):
        for part in _SEPARATORS.split(match[1]):
            if unit := unit_word(part):
                return unit, text[: match.start()] + text[match.end() :]
    if unit := unit_word(text):
        return unit, ""
    if text.endswith("%") and len(text) > 1:
        return "%", text[:-1]
    if (tail := _TAIL.match(text)) and (unit := unit_word(tail[2])):
        return unit, tail[1]
    return None, text


def units_above(text: str) -> list[str]:
    """Units stated anywhere in a line of text after the word for unit; empty when it names none."""
    found: list[str] = []
    for match in _STATEMENT.finditer(unicodedata.normalize("NFKC", text)):
        for part in _SEPARATORS.split(match[1].strip()):
            if (unit := unit_word(part)) is None:
                break
            found.append(unit)
    return found


def is_unit_line(text: str) -> bool:
    """Whether the text is nothing but a statement of units."""
    return bool(units_above(text)) and _UNIT_LINE.fullmatch(key(text)) is not None
