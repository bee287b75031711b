"""The hidden cells as unknowns, the published ones as the right-hand side."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from .table import Key, Table


@dataclass(frozen=True)
class System:
    """`matrix` · hidden values = `right`, one row for each sum that has a hidden cell; `scale` divides all values."""

    hidden: tuple[Key, ...]
    matrix: Any
    right: Any
    scale: float


def system(table: Table, hidden: Collection[Key]) -> System:
    """What a reader who sees all but the hidden cells can write down."""
    order = tuple(sorted(hidden))
    place = {key: i for i, key in enumerate(order)}
    scale = max((abs(c.value) for c in table.cells.values()), default=1.0) or 1.0
    rows: list[int] = []
    columns: list[int] = []
    data: list[float] = []
    right: list[float] = []
    for total, parts in table.sums:
        if total not in place and not any(p in place for p in parts):
            continue
        known = 0.0
        for key, sign in [(total, -1.0), *((p, 1.0) for p in parts)]:
            if key in place:
                rows.append(len(right))
                columns.append(place[key])
                data.append(sign)
            else:
                known -= sign * table.cells[key].value / scale
        right.append(known)
    matrix = csr_matrix((data, (rows, columns)), shape=(len(right), len(order)))
    return System(order, matrix, np.asarray(right), scale)


def components(table: Table, hidden: Collection[Key]) -> list[set[Key]]:
    """Hidden cells that share a sum, directly or over others; apart, they tell nothing about each other."""
    parent = {key: key for key in hidden}

    def find(key: Key) -> Key:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for total, parts in table.sums:
        there = [k for k in (total, *parts) if k in parent]
        for other in there[1:]:
            parent[find(other)] = find(there[0])
    groups: dict[Key, set[Key]] = {}
    for key in sorted(parent):
        groups.setdefault(find(key), set()).add(key)
    return list(groups.values())
