"""Unified social credit codes (GB 32100-2015) and the organisation code inside them (GB 11714-1997).

Eighteen characters of an alphabet without I, O, Z, S, V: registration department, kind, six digits of area,
nine characters of organisation code, check character. The check character makes the weighted sum a multiple
of 31 (weights 3^i mod 31); the ninth character of the organisation code is its own check modulo 11.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .problems import Bad
from .text import fold

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {char: i for i, char in enumerate(ALPHABET)}
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
# GB 11714 counts letters A = 10 … Z = 35, without gaps.
_ORG_VALUE = {char: i for i, char in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LOOKALIKE = {"O": "0", "I": "1", "Z": "2", "S": "5"}
_NOISE = re.compile(r"[\s\-—·.]+")


def check_char(first17: str) -> str:
    """The 18th character for the first seventeen, all of them of the alphabet."""
    total = sum(_VALUE[c] * w for c, w in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def org_check_char(first8: str) -> str:
    """The ninth character of an organisation code (X stands for 10)."""
    rest = 11 - sum(_ORG_VALUE[c] * w for c, w in zip(first8, _ORG_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def make_uscc(prefix: str, area: str, org8: str) -> str:
    """A valid code from department + kind (2), area (6 digits) and the free part of the organisation code (8).

    Raises ValueError when a part has the wrong length or a character outside the alphabet.
    """
    body = prefix + area + org8
    if (len(prefix), len(area), len(org8)) != (2, 6, 8) or not area.isdigit() or set(body) - set(ALPHABET):
        raise ValueError(
            f"cannot build a code from {prefix!r}, {area!r}, {org8!r}: need 2 + 6 digits + 8 characters"
        )
    first17 = body + org_check_char(org8)
    return first17 + check_char(first17)


def clean_uscc(text: str) -> str:
    """Half width, upper case, without blanks and hyphens."""
    return _NOISE.sub("", fold(text)).upper()


def check_uscc(text: str) -> str | Bad:
    """The clean code, or what is wrong with it."""
    code = clean_uscc(text)
    if len(code) != 18:
        return Bad("bad_uscc_length", "", {"length": len(code)})
    for position, char in enumerate(code, 1):
        if char not in _VALUE or (3 <= position <= 8 and char not in "0123456789"):
            params = {"position": position, "char": char, "meant": _LOOKALIKE.get(char, "")}
            return Bad("bad_uscc_char", "lookalike" if char in _LOOKALIKE else "", params)
    if (expected := check_char(code[:17])) != code[17]:
        return Bad("bad_uscc_check", "", {"expected": expected})
    if (expected := org_check_char(code[8:16])) != code[16]:
        return Bad("bad_org_check", "", {"expected": expected})
    return code


def all_valid(codes: Sequence[str]) -> bool:
    """Whether every text is already a clean, valid code; one pass over a matrix of characters."""
    import numpy as np

    try:
        joined = "".join(codes).encode("ascii")
    except (TypeError, UnicodeEncodeError):
        return False
    if not codes or len(joined) != 18 * len(codes) or set(map(len, codes)) != {18}:
        return False
    table = np.full(256, 255, dtype=np.int64)
    for char, value in _VALUE.items():
        table[ord(char)] = value
    organisation = np.zeros(256, dtype=np.int64)
    for char, value in _ORG_VALUE.items():
        organisation[ord(char)] = value
    chars = np.frombuffer(joined, dtype=np.uint8).reshape(-1, 18)
    values = table[chars]
    if (values == 255).any() or (values[:, 2:8] > 9).any():
        return False
    if ((values[:, :17] @ np.array(_WEIGHTS) + values[:, 17]) % 31).any():
        return False
    rest = (organisation[chars[:, 8:16]] @ np.array(_ORG_WEIGHTS)) % 11
    wanted = np.array([ord(c) for c in "0X987654321"])[rest]
    return bool((chars[:, 16] == wanted).all())
