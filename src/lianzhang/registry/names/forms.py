"""Names folded for comparison: width, case, script, brackets; and what most names share taken away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from unicodedata import normalize

from lianzhang.kernel.traditional import simplified

_LISTED = (Path(__file__).parents[1] / "data" / "legal_forms.txt").read_text(encoding="utf-8").splitlines()
LEGAL_FORMS = tuple(line for line in _LISTED if line and not line.startswith("#"))


@lru_cache(maxsize=50_000)
def _folded(character: str) -> str:
    wide = normalize("NFKC", character).lower()
    return "".join(c if c.isascii() else simplified(c) for c in wide)


def folded(text: str) -> str:
    """Full width made half, lower case, Simplified characters; marks and spaces stay."""
    return "".join(map(_folded, text))


def plain(text: str) -> str:
    """Letters and characters alone: folded, without brackets, spaces or marks."""
    return "".join(c for c in folded(text) if c.isalnum())


def core(name: str, places: Sequence[str]) -> str:
    """A name without what most names share: the place before it (or in brackets) and the legal form behind it."""
    text = folded(name)
    if "(" in text:
        for place in places:
            text = text.replace(f"({place})", "", 1)
    return without_place(without_form("".join(c for c in text if c.isalnum())), places)


def without_form(text: str) -> str:
    """A plain name without the legal form at its end."""
    for form in LEGAL_FORMS:
        if text.endswith(form) and len(text) > len(form) + 1:
            return text.removesuffix(form)
    return text


def without_place(text: str, places: Sequence[str]) -> str:
    """A plain name without the place it begins with."""
    for place in places:
        if text.startswith(place) and len(text) > len(place) + 1:
            return text[len(place) :]
    return text
