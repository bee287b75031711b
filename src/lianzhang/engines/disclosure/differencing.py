"""Two publications of one measure: what their difference tells about few contributors."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from .rules import Rules
from .table import Key, Table


@dataclass(frozen=True)
class Difference:
    """A cell that differs between two publications by contributors who could be told apart: how many, which rule."""

    key: Key
    n: int
    why: str


def differences(new: Table, old: Table, rules: Rules) -> list[Difference]:
    """Cells whose change from one publication to the other tells too much, whether they were hidden or not.

    Contributors that came, went, or whose value changed make the difference of a cell. It is refused when they are fewer than the
    threshold, or when their changes break another rule. No change at all is no difference.
    """
    changed = _changes(new, old)
    cells: dict[Key, dict[str, float]] = {}
    for who, key, value in changed:
        for above in product(*(d.path(c) for d, c in zip(new.dimensions, key, strict=True))):
            into = cells.setdefault(above, {})
            into[who] = into.get(who, 0.0) + value
    found = ((key, len(parts), rules.broken(parts.values())) for key, parts in sorted(cells.items()))
    return [Difference(*row) for row in found if row[2]]


def _changes(new: Table, old: Table) -> list[tuple[str, Key, float]]:
    """(contributor, leaf, change of its value there)."""
    out = []
    for key in sorted(new.cells.keys() | old.cells.keys()):
        if not _leaf(new, key):
            continue
        now = new.cells[key].contributors if key in new.cells else {}
        was = old.cells[key].contributors if key in old.cells else {}
        for who in sorted(now.keys() | was.keys()):
            change = now.get(who, 0.0) - was.get(who, 0.0)
            if change or (who in now) != (who in was):
                out.append((who, key, change))
    return out


def _leaf(table: Table, key: Key) -> bool:
    return all(
        code != "" and code not in set(d.parents.values())
        for code, d in zip(key, table.dimensions, strict=True)
    )
