"""Keys as whole numbers: as they come from outside, in addresses, forms and references; and made of what they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

LONGEST = 18
"""Digits; more do not surely fit into the 64 bits of a key."""


def whole(text: str | None, digits: int = LONGEST) -> int | None:
    """A number written in at most so many ASCII digits; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= digits else None


def number(text: str | None) -> int:
    """A key as a number; 0, which no row has, for anything else."""
    return whole(text) or 0


def numbers(given: Iterable[str]) -> list[int]:
    """Keys as whole numbers, each once; anything else is no key."""
    return list(dict.fromkeys(found for text in given if (found := whole(text)) is not None))


def key_of(*identity: Any) -> int:
    """A signed 64-bit hash of what identifies something observed (who, what, when)."""
    digest = blake2b("\x1f".join(map(str, identity)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
