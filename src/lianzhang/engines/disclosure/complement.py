"""Complementary suppression: which further cells are hidden so that the sensitive ones cannot be computed back."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import hstack

from .rules import Rules
from .system import system
from .table import Key, Table

TINY = 1e-9


def costs(table: Table, hidden: Collection[Key], known: Collection[Key], seed: int) -> dict[Key, float]:
    """What hiding a cell costs: nothing where it is hidden already, its size otherwise; margins ten times more for each
    total in the key, so that the insides go first. The seed breaks ties, always the same way."""
    top = max((abs(c.value) for c in table.cells.values()), default=1.0) or 1.0
    out = {}
    for key, cell in table.cells.items():
        if key in known:
            continue
        if key in hidden:
            out[key] = 0.0
            continue
        tie = int.from_bytes(hashlib.sha256(f"{seed} {key}".encode()).digest()[:4]) / 2**32
        out[key] = (abs(cell.value) / top + 1e-3 + 1e-4 * tie) * 10.0 ** sum(code == "" for code in key)
    return out


def companions(
    table: Table,
    key: Key,
    hidden: Collection[Key],
    known: Collection[Key],
    rules: Rules,
    seed: int,
    signed: bool,
) -> set[Key] | None:
    """Cells to hide with `key` so that its interval is p wide to both sides; None: there are none.

    For each side a linear program looks for the cheapest other table with the same published sums in which the cell is
    p larger (smaller): the cells that differ are the companions. Kelly, Golden & Assad, Networks 22 (1992).
    """
    cost = costs(table, hidden, known, seed)
    free = sorted(cost)
    whole = system(table, free)
    place, n = free.index(key), len(free)
    weights = np.array([cost[k] for k in free])
    values = np.array([abs(table.cells[k].value) / whole.scale for k in free])
    need = max(rules.p * values[place], 10 * TINY) * 1.01
    matrix = hstack([whole.matrix, -whole.matrix]).tocsr()
    out: set[Key] = set()
    for up in (True, False):
        low: list[tuple[float, float | None]] = [(0.0, None)] * n
        down: list[tuple[float, float | None]] = [(0.0, None if signed else float(v)) for v in values]
        if not up and not signed and values[place] < need:
            continue  # a value of next to nothing cannot be smaller
        low[place], down[place] = ((need, need), (0.0, 0.0)) if up else ((0.0, 0.0), (need, need))
        answer = linprog(
            np.concatenate([weights, weights]) + TINY, A_eq=matrix, b_eq=np.zeros(matrix.shape[0]),
            bounds=[*low, *down], method="highs-ds",
        )  # fmt: skip
        if answer.status != 0:
            return None
        moved = np.abs(answer.x[:n]) + np.abs(answer.x[n:]) > TINY
        out |= {free[i] for i in np.flatnonzero(moved)}
    return out
