"""The attacker: what the published cells say about the hidden ones. This is the gate, not the heuristic that chose them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog

from .rules import Rules
from .system import components, system
from .table import Key, Table

SLACK = 1e-7
"""Numerical slack of the linear programs, as a share of the table's largest cell."""


@dataclass(frozen=True)
class Interval:
    """The least and the most that a hidden cell can be, by all published figures; `high` may be infinite."""

    low: float
    high: float


def intervals(
    table: Table, hidden: Collection[Key], asked: Iterable[Key] | None = None, *, signed: bool = False
) -> dict[Key, Interval]:
    """The interval of each asked hidden cell (None: of all), by two linear programs over every visible sum.

    The attacker knows that values are not negative, unless `signed`. Each connected group of hidden cells is its own
    program. Fischetti & Salazar, Management Science 47 (2001).
    """
    wanted = set(hidden if asked is None else asked)
    out: dict[Key, Interval] = {}
    for group in components(table, hidden):
        mine = sorted(group & wanted)
        if not mine:
            continue
        found = system(table, group)
        for key in mine:
            out[key] = _interval(found, found.hidden.index(key), signed)
    return out


def _interval(s: Any, place: int, signed: bool) -> Interval:
    bounds = (None, None) if signed else (0, None)
    ends = []
    for sign in (1.0, -1.0):
        cost = np.zeros(len(s.hidden))
        cost[place] = sign
        answer = linprog(cost, A_eq=s.matrix, b_eq=s.right, bounds=bounds, method="highs")
        if answer.status == 3:  # unbounded
            ends.append(-sign * np.inf)
        elif answer.status == 0:
            ends.append(sign * answer.fun * s.scale)
        else:
            raise ArithmeticError(f"the linear program of the audit ended with status {answer.status}")
    return Interval(float(ends[0]), float(ends[1]))


def exposed(
    table: Table, hidden: Collection[Key], sensitive: Iterable[Key], rules: Rules, *, signed: bool = False
) -> dict[Key, Interval]:
    """Sensitive hidden cells that the published figures give away: the interval is not p wide on both sides.

    A cell of value 0 has no relative width; it counts as exposed when it is known to be 0.
    """
    out = {}
    slack = SLACK * max((abs(c.value) for c in table.cells.values()), default=0.0)
    for key, seen in intervals(table, hidden, sensitive, signed=signed).items():
        value = table.cells[key].value
        wide = rules.p * abs(value)
        if (
            seen.high < value + wide - slack
            or seen.low > value - wide + slack
            or seen.high - seen.low <= slack
        ):
            out[key] = seen
    return out
