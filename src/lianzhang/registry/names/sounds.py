"""Names read aloud: pinyin without tones. A character of several readings has its usual two: names follow no phrase."""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import islice
from unicodedata import combining, normalize

READINGS = 2
LONGEST = 6
WAYS = 4
"""So many ways to cut letters into syllables are tried, those of fewer syllables first."""


def _dictionary() -> dict[int, str]:
    """Readings of characters, the usual ones first. Phrases are not asked for: they would take 45 MB a process."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin.constants import PINYIN_DICT

    return PINYIN_DICT  # type: ignore[no-any-return]


@lru_cache(maxsize=50_000)
def readings(character: str) -> tuple[str, ...]:
    """The usual readings (ü as v); a letter or digit reads as itself, an unknown sign not at all."""
    if character.isascii():
        return (character,)
    said = _dictionary().get(ord(character), "")
    return tuple(islice(dict.fromkeys(_toneless(r) for r in said.split(",") if r), READINGS))


def _toneless(reading: str) -> str:
    folded = normalize("NFD", reading).replace("u\N{COMBINING DIAERESIS}", "v")
    return "".join(c for c in folded if not combining(c) and c.isascii())


@lru_cache(maxsize=1)
def syllables() -> frozenset[str]:
    """All syllables that some character is read as."""
    said = {_toneless(r) for each in _dictionary().values() for r in each.split(",")}
    return frozenset(s for s in said if len(s) > 1 or s in ("a", "e", "o"))


def spelled(text: str) -> list[tuple[str, ...]]:
    """The ways to read letters as pinyin, with or without spaces between syllables; none when they are no pinyin."""
    ways: list[tuple[str, ...]] = [()]
    for word in text.replace("'", " ").split():
        ways = [(*before, *cut) for before in ways for cut in _cuts(word)][:WAYS]
    return ways if text.strip() else []


@lru_cache(maxsize=1000)
def _cuts(letters: str) -> tuple[tuple[str, ...], ...]:
    found: list[list[tuple[str, ...]]] = [[()], *([] for _ in letters)]
    for end in range(1, len(letters) + 1):
        ways = [
            (*before, letters[start:end])
            for start in range(max(0, end - LONGEST), end)
            if found[start] and letters[start:end] in syllables()
            for before in found[start]
        ]
        found[end] = sorted(ways, key=len)[:WAYS]
    return tuple(found[-1])
