"""From a table to what may be published of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from .attack import exposed
from .complement import companions, costs
from .rules import Rules
from .table import Key, Table

ROUNDS = 50


class Unprotectable(ValueError):
    """No pattern protects the table; the text says which cell stays exposed."""


@dataclass(frozen=True)
class Protected:
    """What is published, and of what is not the reason: `threshold`, `dominance`, `p`, or `complement`."""

    published: Mapping[Key, float]
    hidden: Mapping[Key, str]

    @property
    def primary(self) -> set[Key]:
        """Cells that tell too much by themselves."""
        return {key for key, why in self.hidden.items() if why != "complement"}

    def view(self, where: Mapping[int, str]) -> dict[Key, float]:
        """The published cells with these codes (dimension → code): a panel shows a part, never a pattern of its own."""
        return {k: v for k, v in self.published.items() if all(k[i] == c for i, c in where.items())}


def protect(
    table: Table, rules: Rules, *, seed: int = 0, signed: bool = False,
    hidden: Collection[Key] = (), known: Collection[Key] = (),
) -> Protected:  # fmt: skip
    """Hide what the rules forbid and what would give it away, then audit. The same input gives the same pattern.

    `hidden`: cells that an earlier publication hid and that stay hidden; `known`: cells that it published and that
    cannot be hidden any more. `Unprotectable` when no pattern passes the audit.
    """
    reasons = {k: why for k, c in table.cells.items() if (why := rules.broken(c.contributors.values()))}
    if bad := sorted(k for k in reasons if k in known):
        raise Unprotectable(f"{bad[0]} was published before and breaks the rule '{reasons[bad[0]]}'")
    sensitive = sorted(reasons, key=lambda k: (-abs(table.cells[k].value), k))
    pattern = set(reasons) | {k for k in hidden if k in table.cells}
    for key in sensitive:
        if exposed(table, pattern, [key], rules, signed=signed):
            pattern |= _with(table, key, pattern, known, rules, seed, signed)
    for _ in range(ROUNDS):
        more = _open_sums(table, pattern, known, rules, seed)
        pattern |= more
        for key in exposed(table, pattern, sensitive, rules, signed=signed):
            before = len(pattern)
            pattern |= _with(table, key, pattern, known, rules, seed, signed)
            if len(pattern) == before:
                raise Unprotectable(f"{key} stays within reach of what is published")
            more.add(key)
        if not more:
            break
    else:
        raise Unprotectable("no pattern was found; publish fewer dimensions")
    published = {k: c.value for k, c in table.cells.items() if k not in pattern}
    return Protected(published, {k: reasons.get(k, "complement") for k in sorted(pattern)})


def _with(
    table: Table, key: Key, pattern: set[Key], known: Collection[Key], rules: Rules, seed: int, signed: bool
) -> set[Key]:
    found = companions(table, key, pattern, known, rules, seed, signed)
    if found is None:
        raise Unprotectable(f"{key} cannot be protected: too little else is in its sums")
    return found


def _open_sums(table: Table, pattern: set[Key], known: Collection[Key], rules: Rules, seed: int) -> set[Key]:
    """Cells to add where the sum of the hidden parts of a published total is itself sensitive: the reader sees that sum as a
    cell, and two hidden neighbours may both belong to one dominant firm."""
    out: set[Key] = set()
    for total, parts in sensitive_sums(table, pattern, rules):
        price = costs(table, pattern | out, known, seed)
        choice = sorted((price[k], k) for k in (total, *parts) if k in price and k not in pattern | out)
        if not choice:
            raise Unprotectable(
                f"the hidden parts of {total} tell of one contributor, and nothing else can be hidden"
            )
        out.add(choice[0][1])
    return out


def sensitive_sums(
    table: Table, pattern: Collection[Key], rules: Rules
) -> Iterator[tuple[Key, tuple[Key, ...]]]:
    """Sums whose hidden part is known exactly (all else in them is published) and breaks a rule; or whose published parts
    leave a hidden total with too little unknown."""
    for total, parts in table.sums:
        secret = [p for p in parts if p in pattern]
        if total in pattern or not secret:
            continue
        together: dict[str, float] = {}
        for part in secret:
            for who, value in table.cells[part].contributors.items():
                together[who] = together.get(who, 0.0) + value
        if rules.broken(together.values()):
            yield total, parts
