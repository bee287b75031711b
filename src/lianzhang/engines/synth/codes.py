"""Unified social credit codes of fictitious enterprises, with both check digits valid.

Structure and weights: GB 32100-2015 (18 characters, modulus 31) around an organisation code of
GB 11714-1997 (9 characters, modulus 11). The area part belongs to no real registry, so that a
look-up in a real register cannot hit.
"""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def org_check(body: str) -> str:
    """Return the check character of an eight-character organisation body (GB 11714)."""
    total = sum(weight * int(char, 36) for weight, char in zip(_ORG_WEIGHTS, body, strict=True))
    return "0X987654321"[total % 11]


def uscc_check(first17: str) -> str:
    """Return the last character of a code (GB 32100) from its first 17."""
    total = sum(w * ALPHABET.index(char) for w, char in zip(_USCC_WEIGHTS, first17, strict=True))
    return ALPHABET[-total % 31]


def fictitious_uscc(number: int, area: str) -> str:
    """Return the code of fictitious enterprise `number` (0 … 31**6-1) in area part `area` (6 digits).

    Numbers are spread by a fixed multiplier prime to the modulus, so that neighbours do not look alike.
    """
    modulus = 31**6
    if not 0 <= number < modulus:
        raise ValueError(f"number {number} is outside 0..{modulus - 1}")
    spread = number * 387_420_489 % modulus
    digits = ""
    for _ in range(6):
        spread, rest = divmod(spread, 31)
        digits = ALPHABET[rest] + digits
    body = "MA" + digits
    first17 = "91" + area + body + org_check(body)
    return first17 + uscc_check(first17)
