"""The alternative to withholding: every cell rounded to a base so that rows still add up."""

from __future__ import annotations

import math
import random

from .table import Key, Table


def controlled(table: Table, base: float, *, seed: int = 0) -> dict[Key, float]:
    """Each leaf rounded up or down to a multiple of the base, up with the probability of what is over (unbiased); margins are
    the sums of the rounded leaves, so that the table adds up. The seed is fixed per publication: asking twice tells no more.

    Hundepool et al. (2012), 5.4: random rounding of the inside with derived margins. The error of a margin grows with the
    root of the number of its leaves.
    """
    if not base > 0:
        raise ValueError(f"the base is {base}, expected more than 0")
    inner = [k for k in table.cells if _leaf(table, k)]
    out = dict.fromkeys(table.cells, 0.0)
    for key in inner:
        draw = random.Random(f"{seed} {key}")  # noqa: S311 - a fixed pattern, no secret
        down = math.floor(table.cells[key].value / base)
        over = table.cells[key].value / base - down
        value = base * (down + (draw.random() < over))
        for above in _above(table, key):
            out[above] += value
    return out


def _leaf(table: Table, key: Key) -> bool:
    return all(
        code != "" and code not in set(d.parents.values())
        for code, d in zip(key, table.dimensions, strict=True)
    )


def _above(table: Table, key: Key) -> list[Key]:
    keys: list[Key] = [()]
    for code, dim in zip(key, table.dimensions, strict=True):
        keys = [(*k, c) for k in keys for c in dim.path(code)]
    return keys
