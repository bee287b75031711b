"""Random tables as statistics have them: skewed firms, one to three dimensions, a hierarchy now and then."""

from __future__ import annotations

import random

from lianzhang.engines.disclosure import Dimension, Table, tabulate

Row = tuple[str, tuple[str, ...], float]


def dimension(draw: random.Random, name: str, size: int) -> Dimension:
    """Flat, or with groups between the leaves and the total."""
    leaves = [f"{name}{i}" for i in range(size)]
    if draw.random() < 0.5 or size < 4:
        return Dimension.flat(name, leaves)
    groups = [f"{name}G{i}" for i in range(draw.randrange(2, max(3, size // 2)))]
    return Dimension(name, {**{leaf: draw.choice(groups) for leaf in leaves}, **dict.fromkeys(groups, "")})


def leaves(dim: Dimension) -> list[str]:
    """The codes at the bottom."""
    inner = set(dim.parents.values())
    return [code for code in dim.parents if code not in inner]


def rows(draw: random.Random, dims: list[Dimension], firms: int, prefix: str = "f") -> list[Row]:
    """Firms with a log-normal value, each in one leaf; a few report nothing."""
    out = []
    for n in range(firms):
        value = 0.0 if draw.random() < 0.03 else round(draw.lognormvariate(3, 1.6), 2)
        out.append((f"{prefix}{n}", tuple(draw.choice(leaves(d)) for d in dims), value))
    return out


def population(seed: int | str) -> tuple[list[Dimension], list[Row]]:
    """The dimensions and firms of one table; at most some 150 cells."""
    draw = random.Random(str(seed))
    sizes = draw.choice([(8,), (20,), (4, 6), (5, 9), (6, 12), (3, 3, 4), (3, 4, 4)])
    dims = [dimension(draw, name, size) for name, size in zip("abc", sizes, strict=False)]
    cells = 1
    for size in sizes:
        cells *= size
    return dims, rows(draw, dims, draw.randrange(cells, 8 * cells))


def table(seed: int | str) -> Table:
    """One random table."""
    dims, firms = population(seed)
    return tabulate(dims, firms)
