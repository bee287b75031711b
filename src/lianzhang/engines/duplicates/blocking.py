"""Which pairs are compared at all: those that share a key. Comparing everybody with everybody would be 45 billion pairs.

Blocking as in record linkage (Fellegi and Sunter 1969; Christen 2012, chapter 4): a pair that shares none of the keys is
never looked at, so each reason that alone could make a pair has a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import combinations

from .names import Names, digits
from .record import Record, organisation_of

STRONG = "no"
"""Kinds whose blocks are all followed; in those of address and telephone a park or an agent would drown everything."""


def keys(record: Record, names: Names) -> set[tuple[str, int]]:
    """(kind, hash of eight bytes) of everything that a double of the record would share: o organisation code, n name
    without place and form (present or former), a address with a number, p telephone."""
    codes = (record.uscc, *record.former_codes)
    out = {("o", organisation_of(code)) for code in codes}
    out |= {("n", names.core(name) or names.whole(name)) for name in (record.name, *record.former_names)}
    out |= {("a", names.address(record.address)), ("p", digits(record.phone))}
    return {(kind, hashed(kind, value)) for kind, value in out if value}


def hashed(kind: str, value: str) -> int:
    """Eight bytes as a signed number. Two values under one number would only make one pair too many be looked at."""
    return int.from_bytes(blake2b(f"{kind}:{value}".encode(), digest_size=8).digest(), "big", signed=True)


def pairs_of(blocks: Iterable[tuple[str, Sequence[int]]], cap: int) -> Iterator[tuple[int, int]]:
    """(lower id, higher id) of every pair inside a block, a pair of two blocks twice. Blocks of weak keys with more
    than `cap` members say nothing about a firm and are left out; of strong ones the first ten times `cap` are paired."""
    for kind, members in blocks:
        found = sorted(set(members))
        if kind not in STRONG and len(found) > cap:
            continue
        yield from combinations(found[: cap * 10], 2)
