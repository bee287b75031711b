"""How alike the headings of two tables are, and which heading of one is which of the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .headers import read_header
from .text import key

ENOUGH = 0.7
"""Likeness from which two headings may mean the same column; below it they are not paired."""


@dataclass(frozen=True)
class Pair:
    """Heading `new` is heading `old`, as places in the two lists; `likeness` 1: the same name."""

    new: int
    old: int
    likeness: float


@dataclass(frozen=True)
class Resemblance:
    """`score` from 0 (nothing in common) to 1 (the same headings in any order); one-to-one pairs by place in `new`."""

    score: float
    pairs: tuple[Pair, ...]

    @property
    def same(self) -> int:
        """How many headings bear the same name."""
        return sum(pair.likeness == 1.0 for pair in self.pairs)


@lru_cache(maxsize=8192)
def heading_name(header: str) -> str:
    """A heading without its unit, its year, leading numbers, width of signs: what it is recognised by."""
    keys = read_header(header).keys
    return keys[-1] if keys else key(header)


def resemble(new: Sequence[str], old: Sequence[str]) -> Resemblance:
    """Pair the headings of two tables: same names first, then the most alike ones.

    The score is the soft Dice coefficient 2·Σ likeness / (n + m); blank headings count for nothing.
    """
    names = [heading_name(h) for h in new], [heading_name(h) for h in old]
    size = sum(map(bool, names[0])) + sum(map(bool, names[1]))
    pairs = _equal(*names)
    left = [i for i in range(len(new)) if names[0][i] and all(p.new != i for p in pairs)]
    free = [j for j in range(len(old)) if names[1][j] and all(p.old != j for p in pairs)]
    ranked = sorted((-likeness(names[0][i], names[1][j]), i, j) for i in left for j in free)
    taken_new: set[int] = set()
    taken_old: set[int] = set()
    for negative, i, j in ranked:
        if -negative < ENOUGH:
            break
        if i not in taken_new and j not in taken_old:
            pairs.append(Pair(i, j, -negative))
            taken_new.add(i)
            taken_old.add(j)
    pairs.sort(key=lambda p: p.new)
    return Resemblance(2 * sum(p.likeness for p in pairs) / size if size else 0.0, tuple(pairs))


def _equal(new: list[str], old: list[str]) -> list[Pair]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for j, name in enumerate(old):
        places[name].append(j)
    return [Pair(i, places[name].pop(0), 1.0) for i, name in enumerate(new) if name and places.get(name)]


def likeness(a: str, b: str) -> float:
    """Mean of the Dice coefficients of two names' characters and of their pairs of neighbouring characters; below 1
    for names that differ."""
    if a == b:
        return 1.0
    return min((_dice(Counter(a), Counter(b)) + _dice(_bigrams(a), _bigrams(b))) / 2, 0.999)


def _bigrams(text: str) -> Counter[str]:
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def _dice(a: Counter[str], b: Counter[str]) -> float:
    size = a.total() + b.total()
    return 2 * (a & b).total() / size if size else 0.0
