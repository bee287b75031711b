"""Several publications of one measure read together: filters that overlap, years of mending, earlier versions.

The contributors of a leaf fall into atoms: those that stand in exactly the same publications with the same value. Every
published cell is a sum of atoms; the linear program runs over all publications at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from .attack import SLACK, Interval
from .rules import Rules
from .table import Key, Table

Signature = tuple[int, ...]


@dataclass(frozen=True)
class Leak:
    """Contributors that the publications together give away: of which cell, in which publications only."""

    key: Key
    publications: Signature
    n: int
    seen: Interval


@dataclass(frozen=True)
class _Atoms:
    """Unknowns (leaf, signature) with their contributors, and below which cell each lies."""

    order: list[tuple[Key, Signature]]
    parts: list[dict[str, float]]
    below: dict[Key, list[int]]


def leaks(
    publications: Sequence[tuple[Table, Collection[Key]]], rules: Rules, *, signed: bool = False
) -> Iterator[Leak]:
    """Sensitive sums that are not p wide by all publications (table, hidden cells) together.

    Tried are, for every cell, the contributors of each publication and those of each signature (who came, who went).
    """
    atoms = _atoms([table for table, _ in publications])
    rows: list[int] = []
    columns: list[int] = []
    right: list[float] = []
    scale = max((abs(c.value) for t, _ in publications for c in t.cells.values()), default=1.0) or 1.0
    for number, (table, hidden) in enumerate(publications):
        for key, cell in table.cells.items():
            if key not in hidden:
                mine = [i for i in atoms.below[key] if number in atoms.order[i][1]]
                rows += [len(right)] * len(mine)
                columns += mine
                right.append(cell.value / scale)
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(right), len(atoms.order)))
    for key, signature, mine in _targets(atoms, publications):
        together: dict[str, float] = {}
        for i in mine:
            for who, value in atoms.parts[i].items():
                together[who] = together.get(who, 0.0) + value
        if not rules.broken(together.values()):
            continue
        seen = _interval(matrix, np.asarray(right), mine, scale, signed)
        value = sum(together.values())
        wide, slack = rules.p * abs(value), SLACK * scale
        if (
            seen.high < value + wide - slack
            or seen.low > value - wide + slack
            or seen.high - seen.low <= slack
        ):
            yield Leak(key, signature, len(together), seen)


def _targets(
    atoms: _Atoms, publications: Sequence[tuple[Table, Collection[Key]]]
) -> Iterator[tuple[Key, Signature, list[int]]]:
    """(cell, what it is of, its atoms), each set of atoms once."""
    done: set[tuple[int, ...]] = set()
    for key, below in sorted(atoms.below.items()):
        groups: dict[Signature, list[int]] = {}
        for i in below:
            groups.setdefault(atoms.order[i][1], []).append(i)
        for number in range(len(publications)):
            groups[(number,) * 2] = [i for i in below if number in atoms.order[i][1]]
        for signature, mine in sorted(groups.items()):
            if mine and tuple(mine) not in done:
                done.add(tuple(mine))
                yield key, tuple(sorted(set(signature))), mine


def _atoms(tables: Sequence[Table]) -> _Atoms:
    found: dict[tuple[Key, Signature], dict[str, float]] = {}
    below: dict[Key, list[int]] = {key: [] for t in tables for key in t.cells}
    dims = tables[0].dimensions
    inner = [set(d.parents.values()) for d in dims]
    for key in sorted(below):
        if any(code == "" or code in up for code, up in zip(key, inner, strict=True)):
            continue
        stands: dict[tuple[str, float], list[int]] = {}
        for number, table in enumerate(tables):
            cell = table.cells.get(key)
            for who, value in (cell.contributors if cell else {}).items():
                stands.setdefault((who, value), []).append(number)
        for (who, value), numbers in sorted(stands.items()):
            part = found.setdefault((key, tuple(numbers)), {})
            part[who] = part.get(who, 0.0) + value
    order = sorted(found)
    for i, (key, _) in enumerate(order):
        for above in product(*(d.path(c) for d, c in zip(dims, key, strict=True))):
            below[above].append(i)
    return _Atoms(order, [found[k] for k in order], below)


def _interval(matrix: Any, right: Any, mine: list[int], scale: float, signed: bool) -> Interval:
    ends = []
    for sign in (1.0, -1.0):
        cost = np.zeros(matrix.shape[1])
        cost[mine] = sign
        bounds = (None, None) if signed else (0, None)
        answer = linprog(cost, A_eq=matrix, b_eq=right, bounds=bounds, method="highs")
        if answer.status not in (0, 3):
            raise ArithmeticError(f"the linear program of the audit ended with status {answer.status}")
        ends.append(-sign * np.inf if answer.status == 3 else sign * answer.fun * scale)
    return Interval(float(ends[0]), float(ends[1]))
