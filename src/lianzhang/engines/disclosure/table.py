"""Tables of one to three dimensions with margins and hierarchies, and the sums that bind their cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

Key = tuple[str, ...]
TOTAL = ""


@dataclass(frozen=True)
class Dimension:
    """A name and its tree: code → parent, the total being "". A flat list of codes is a tree of one level."""

    name: str
    parents: Mapping[str, str]

    @classmethod
    def flat(cls, name: str, codes: Iterable[str]) -> Dimension:
        """All codes directly below the total."""
        return cls(name, dict.fromkeys(codes, TOTAL))

    def __post_init__(self) -> None:
        for code in self.parents:
            self.path(code)

    def path(self, code: str) -> list[str]:
        """The code and all above it, the total last. `ValueError` for an unknown code or a circle."""
        out = [code]
        while out[-1] != TOTAL:
            if out[-1] not in self.parents:
                raise ValueError(f"{self.name}: '{out[-1]}' is not among the codes")
            out.append(self.parents[out[-1]])
            if len(out) > len(self.parents) + 1:
                raise ValueError(f"{self.name}: '{code}' is its own parent")
        return out

    def children(self) -> dict[str, list[str]]:
        """parent → its codes, each in order."""
        out: dict[str, list[str]] = {}
        for code, parent in self.parents.items():
            out.setdefault(parent, []).append(code)
        return {p: sorted(c) for p, c in out.items()}


@dataclass
class Cell:
    """A total and who made it: contributor → value. A contributor that comes twice counts once, with the sum."""

    value: float = 0.0
    contributors: dict[str, float] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return len(self.contributors)

    def add(self, who: str, value: float) -> None:
        """One more value of a contributor."""
        self.value += value
        self.contributors[who] = self.contributors.get(who, 0.0) + value


@dataclass(frozen=True)
class Table:
    """Cells by key (one code for each dimension, "" for its total); cells without contributors are left out.

    `sums`: (total, parts) for every sum that a reader can see, parts being the cells that exist.
    """

    dimensions: tuple[Dimension, ...]
    cells: Mapping[Key, Cell]
    sums: tuple[tuple[Key, tuple[Key, ...]], ...]


def tabulate(dimensions: Iterable[Dimension], rows: Iterable[tuple[str, Key, float]]) -> Table:
    """A table of rows (contributor, leaf codes, value), with all margins."""
    dims = tuple(dimensions)
    if not 1 <= len(dims) <= 3:
        raise ValueError(f"a table has one to three dimensions, not {len(dims)}")
    cells: dict[Key, Cell] = {}
    paths: list[dict[str, list[str]]] = [{c: d.path(c) for c in d.parents} for d in dims]
    for who, codes, value in rows:
        for code, dim, known in zip(codes, dims, paths, strict=True):
            if code not in known:
                raise ValueError(f"{dim.name}: '{code}' is not among the codes")
        for key in product(*(known[c] for known, c in zip(paths, codes, strict=True))):
            cells.setdefault(key, Cell()).add(who, value)
    return Table(dims, dict(sorted(cells.items())), tuple(_sums(dims, cells)))


def _sums(dims: tuple[Dimension, ...], cells: Mapping[Key, Cell]) -> Iterable[tuple[Key, tuple[Key, ...]]]:
    trees = [d.children() for d in dims]
    for key in sorted(cells):
        for axis, tree in enumerate(trees):
            parts = [(*key[:axis], code, *key[axis + 1 :]) for code in tree.get(key[axis], [])]
            there = tuple(part for part in parts if part in cells)
            if there:
                yield key, there
