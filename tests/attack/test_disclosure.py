"""S18: three attackers read protected tables and look for a firm's figure to within p %.

The linear programs here are written anew: unknowns are the leaves (times the publications a firm stands in), every
published figure is a row. The program under test works with the hidden cells instead.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from lianzhang.engines.disclosure import Rules, Table, Unprotectable, protect, protect_beside, tabulate
from lianzhang.engines.disclosure.tests import draws
from tally import LONG, SEED, case

pytestmark = [pytest.mark.attack("S18"), pytest.mark.timeout(6 * 3600 if LONG else 300)]
TABLES = 1000 if LONG else 6
RULES = Rules()
Published = dict[tuple[str, ...], float]


def found_out(table: Table, published: Published, targets: Collection[tuple[str, ...]]) -> list[str]:
    """Targets whose value the published figures tell to within p %."""
    inner = [set(d.parents.values()) for d in table.dimensions]
    leaves = [k for k in table.cells if not any(c == "" or c in up for c, up in zip(k, inner, strict=True))]
    below: dict[tuple[str, ...], np.ndarray] = {k: np.zeros(len(leaves)) for k in table.cells}
    for i, leaf in enumerate(leaves):
        for above in product(*(d.path(c) for d, c in zip(table.dimensions, leaf, strict=True))):
            below[above][i] = 1.0
    scale = max(c.value for c in table.cells.values()) or 1.0
    matrix = np.array([below[k] for k in published]) if published else np.zeros((0, len(leaves)))
    right = np.array([v / scale for v in published.values()])
    out = []
    for key in targets:
        low, high = _ends(matrix, right, below[key])
        true = table.cells[key].value / scale
        if high < true * (1 + RULES.p) - 1e-7 or low > true * (1 - RULES.p) + 1e-7:
            out.append(f"{key}: {low * scale:.1f} .. {high * scale:.1f} holds {true * scale:.1f}")
    return out


def _ends(matrix: np.ndarray, right: np.ndarray, cost: np.ndarray) -> tuple[float, float]:
    low = linprog(cost, A_eq=matrix, b_eq=right, method="highs")
    high = linprog(-cost, A_eq=matrix, b_eq=right, method="highs")
    assert low.status == 0
    assert high.status in (0, 3)
    return low.fun, -high.fun if high.status == 0 else np.inf


def sensitive(table: Table) -> list[tuple[str, ...]]:
    return [k for k, c in table.cells.items() if c.value and RULES.broken(c.contributors.values())]


def test_linear_programs_over_all_margins_find_nobody() -> None:
    refused = 0
    for n in range(TABLES):
        table = draws.table(f"{SEED} margins {n}")
        try:
            done = protect(table, RULES, seed=n)
        except Unprotectable:
            refused += 1
            continue
        targets = sensitive(table)
        case(n=1)
        assert not found_out(table, dict(done.published), targets), (n, SEED)
    assert refused < max(2, TABLES / 3), "protecting is not refusing"


def test_without_the_companions_the_same_attacker_finds_somebody() -> None:
    """The attacker is no straw man: primary cells alone give themselves away."""
    caught = 0
    for n in range(5):
        table = draws.table(f"plain {n}")
        targets = sensitive(table)
        caught += bool(
            found_out(table, {k: c.value for k, c in table.cells.items() if k not in targets}, targets)
        )
    assert caught >= 4


def test_two_filters_one_after_the_other_find_nobody() -> None:
    """The second filter leaves out some firms or mends some values; what is granted is read together."""
    for n in range(TABLES):
        draw = random.Random(f"{SEED} filters {n}")
        dims, rows = draws.population(f"{SEED} filters {n}")
        first = tabulate(dims, rows)
        out = {
            r[0]
            for r in draw.sample(rows, min(len(rows) - 1, draw.choice([0, 1, 2, 3, 5, 20, len(rows) // 2])))
        }
        mended = (
            [(w, k, v * draw.choice([1, 1, 1, 1.3])) for w, k, v in rows] if draw.random() < 0.2 else rows
        )
        second_rows = [r for r in mended if r[0] not in out]
        second = tabulate(dims, second_rows)
        case()
        try:
            one = protect(first, RULES, seed=n)
            two = protect_beside(second, [(first, one.hidden)], RULES, seed=n)
        except Unprotectable:
            continue
        assert not read_together(first, rows, one.published, second_rows, two.published), (n, SEED)


def test_two_bases_of_nearly_the_same_figures_find_nobody() -> None:
    """Another source counts almost the same firms with almost the same values: the difference is not those left out."""
    granted = 0
    for n in range(TABLES):
        draw = random.Random(f"{SEED} bases {n}")
        dims, rows = draws.population(f"{SEED} bases {n}")
        out = {r[0] for r in draw.sample(rows, min(len(rows) - 1, draw.choice([0, 0, 1, 2, 3, 8, 30])))}
        far = draw.choice([0.0, 0.0001, 0.01, 0.05])
        if n == 0:  # nothing differs: the one that must be granted
            out, far = set(), 0.0
        others = [(w, k, v * (1 + far * draw.uniform(-1, 1))) for w, k, v in rows if w not in out]
        first, second = tabulate(dims, rows), tabulate(dims, others)
        case()
        try:
            one = protect(first, RULES, seed=n)
            two = protect_beside(second, [(first, one.hidden)], RULES, seed=n)
        except Unprotectable:
            continue
        granted += 1
        assert not told_by_difference(first, second, out, one.published, two.published), (n, SEED)
    assert granted


def told_by_difference(one: Table, two: Table, out: set[str], a: Published, b: Published) -> list[str]:  # type: ignore[type-arg]
    """Cells shown twice whose difference is, but for less than p of it, the figure of few left out."""
    found = []
    for key in a.keys() & b.keys():
        was, now = one.cells[key].contributors, two.cells[key].contributors
        lone = {w: v for w, v in was.items() if w in out}
        blur = sum(abs(v - now[w]) for w, v in was.items() if w in now)
        if lone and RULES.broken(lone.values()) and blur < RULES.p * abs(sum(lone.values())):
            found.append(f"{key}: {len(lone)}")
    return found


def read_together(table: Table, rows: list, one: Published, others: list, two: Published) -> list[str]:  # type: ignore[type-arg]
    """The firms of the first, of the second, of only one of them: whose figure do both publications tell?"""
    keep = {(w, k, v) for w, k, v in rows} & {(w, k, v) for w, k, v in others}
    split = [
        *((w, (*k, "both"), v) for w, k, v in keep),
        *((w, (*k, "first"), v) for w, k, v in set(rows) - keep),
        *((f"{w}'", (*k, "second"), v) for w, k, v in set(others) - keep),
    ]
    atoms: dict[tuple[tuple[str, ...], str], dict[str, float]] = {}
    for who, key, value in split:
        for above in product(*(d.path(c) for d, c in zip(table.dimensions, key[:-1], strict=True))):
            atoms.setdefault((above, key[-1]), {})[who] = value
    leaves = sorted({(k[:-1], k[-1]) for _, k, _ in split})
    place = {leaf: i for i, leaf in enumerate(leaves)}
    paths = {
        leaf: set(product(*(d.path(c) for d, c in zip(table.dimensions, leaf[0], strict=True))))
        for leaf in leaves
    }

    def row(key: tuple[str, ...], parts: tuple[str, ...]) -> np.ndarray:
        out = np.zeros(len(leaves))
        for leaf in leaves:
            if leaf[1] in parts and key in paths[leaf]:
                out[place[leaf]] = 1.0
        return out

    scale = max((abs(v) for v in [*one.values(), *two.values()]), default=1.0) or 1.0
    lines = [(row(k, ("both", "first")), v / scale) for k, v in one.items()]
    lines += [(row(k, ("both", "second")), v / scale) for k, v in two.items()]
    if not lines:
        return []
    matrix, right = np.array([line for line, _ in lines]), np.array([v for _, v in lines])
    found = []
    for key in {k for k, _ in atoms}:
        for parts in (("both", "first"), ("both", "second"), ("both",), ("first",), ("second",)):
            together = {w: v for p in parts for w, v in atoms.get((key, p), {}).items()}
            true = sum(together.values()) / scale
            if not true or not RULES.broken(together.values()):
                continue
            low, high = _ends(matrix, right, row(key, parts))
            if high < true * (1 + RULES.p) - 1e-7 or low > true * (1 - RULES.p) + 1e-7:
                found.append(f"{key} {parts}")
    return found


def test_drilling_down_by_panels_shows_what_the_whole_table_shows() -> None:
    """Panels (one district, one industry, totals alone) are views of one publication. Were each protected by itself,
    together they would give somebody away: tried as well."""
    apart_leaks = 0
    for n in range(TABLES):
        dims, rows = draws.population(f"{SEED} panels {n}")
        if len(dims) < 2:
            continue
        case()
        table = tabulate(dims, rows)
        targets = sensitive(table)
        try:
            done = protect(table, RULES, seed=n)
            panels: Published = {}
            for axis in range(len(dims)):
                for code in ["", *dims[axis].parents]:
                    panels |= done.view({axis: code})
            apart = _each_by_itself(dims, rows, n)
        except Unprotectable:
            continue
        assert panels == dict(done.published)
        assert not found_out(table, panels, targets)
        apart_leaks += bool(found_out(table, apart, targets))
    assert apart_leaks or TABLES < 20


def _each_by_itself(dims: list, rows: list, seed: int) -> Published:  # type: ignore[type-arg]
    """What panels would show if each protected its own margins."""
    shown: Published = {}
    for axis, dim in enumerate(dims):
        one = protect(tabulate([dim], [(w, (k[axis],), v) for w, k, v in rows]), RULES, seed=seed)
        shown |= {
            tuple(k[0] if i == axis else "" for i in range(len(dims))): v for k, v in one.published.items()
        }
    inner = tabulate(dims, rows)
    return shown | {
        k: c.value
        for k, c in inner.cells.items()
        if "" not in k and not RULES.broken(c.contributors.values())
    }
