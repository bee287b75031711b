"""Keys of rows as they come from outside, in addresses and forms."""

from __future__ import annotations

from collections.abc import Iterable


def number(text: str) -> int:
    """A key as a number; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def numbers(given: Iterable[str]) -> list[int]:
    """Keys as whole numbers, each once; anything else is no key."""
    return list(dict.fromkeys(int(v) for v in given if v.isascii() and v.isdigit() and len(v) < 19))
