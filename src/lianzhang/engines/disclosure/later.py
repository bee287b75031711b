"""A publication beside earlier ones of the same measure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .differencing import differences
from .joint import leaks
from .release import Protected, Unprotectable, protect
from .rules import Rules
from .table import Key, Table


def protect_beside(
    table: Table,
    earlier: Sequence[tuple[Table, Collection[Key]]],
    rules: Rules,
    *,
    seed: int = 0,
    signed: bool = False,
) -> Protected:
    """The pattern of a further publication; `Unprotectable` when it differs from an earlier one (table, hidden cells) by
    contributors who could be told apart, or when all of them together give one away.

    Cells that are the same as before keep their fate: hidden stays hidden, published stays published.
    """
    hidden: set[Key] = set()
    known: set[Key] = set()
    for before, away in earlier:
        if found := differences(table, before, rules):
            worst = found[0]
            where = " / ".join(code or "total" for code in worst.key)
            raise Unprotectable(
                f"{where} differs from an earlier publication by {worst.n} contributors (rule {worst.why})"
            )
        for key, cell in before.cells.items():
            if key in table.cells and table.cells[key].contributors == cell.contributors:
                (hidden if key in away else known).add(key)
    done = protect(table, rules, seed=seed, signed=signed, hidden=hidden, known=known - hidden)
    if earlier:
        for leak in leaks([*earlier, (table, done.hidden)], rules, signed=signed):
            where = " / ".join(code or "total" for code in leak.key)
            raise Unprotectable(
                f"{where}: with the earlier publications {leak.n} contributors could be computed"
            )
    return done
