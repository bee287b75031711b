"""The four tables of a network in file mode: firms, links, outside purchases, essential classes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .build import build_network
from .files import Mistake, Table, number, read_table
from .model import Floats, Ints, Network

UNKNOWN_SECTOR = "9999"
"""Label of the sector that firms without one share; it is rated 1 with every other."""


@dataclass(frozen=True)
class NetworkFiles:
    """A network read from files, with the names that its numbers stand for.

    ``ids`` (n,) and ``sectors`` (products but the unknown one) as text; ``warnings`` are things that were
    settled by a rule and that the owner of the file should look at.
    """

    net: Network
    ids: list[str]
    sectors: list[str]
    warnings: list[Mistake]


@dataclass
class _Reader:
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)
    firm: dict[str, int] = field(default_factory=dict)
    sector: dict[str, int] = field(default_factory=dict)
    firms_file: str = ""

    def fault(self, file: str, line: int, message: str) -> None:
        self.mistakes.append(Mistake(file, line, message))

    def amounts(self, table: Table, column: int, *, unknown: bool = False) -> Floats:
        """Numbers of a column; what is wrong becomes a mistake, an empty cell NaN where that is allowed."""
        values = np.full(len(table.lines), np.nan)
        for row, text in enumerate(table.columns[column]):
            value = number(text) if text else "the cell is empty"
            if isinstance(value, float):
                values[row] = value
            elif text or not unknown:
                self.fault(table.file, table.lines[row], f"{value}, expected a number >= 0")
        return values

    def known(self, table: Table, column: int, role: str) -> Ints:
        """Firm numbers of a column of ids, -1 with a mistake for an id that is not among the firms."""
        numbers = np.fromiter((self.firm.get(text, -1) for text in table.columns[column]), np.int64)
        for row in np.flatnonzero(numbers < 0):
            what = f"{role} {table.columns[column][row]!r} is unknown, expected an id of {self.firms_file}"
            self.fault(table.file, table.lines[row], what)
        return numbers

    def product(self, text: str) -> int:
        """Number of a sector, given out in the order of appearance; -1 for the unknown one."""
        if text in ("", UNKNOWN_SECTOR):
            return -1
        return self.sector.setdefault(text, len(self.sector))

    def products(self, texts: list[str]) -> Ints:
        return np.fromiter((self.product(text) for text in texts), np.int64, len(texts))


def read_network(
    firms: tuple[str, bytes],
    links: tuple[str, bytes],
    outside: tuple[str, bytes] | None = None,
    essential: tuple[str, bytes] | None = None,
) -> NetworkFiles | list[Mistake]:
    """Read the files (name to show, content) into a network, or list every mistake in them.

    An empty revenue is unknown (the sales in the links are used, with a warning), an empty sector is the
    unknown sector; an empty amount elsewhere is a mistake, since it would count as nothing.
    """
    read = _Reader(firms_file=firms[0])
    table = read_table(*firms, ("id", "sector", "revenue"), read.mistakes)
    _firm_ids(read, table)
    product = read.products(table.columns[1])
    revenue = read.amounts(table, 2, unknown=True)
    pair = read_table(*links, ("supplier", "buyer", "value"), read.mistakes)
    sold = (read.known(pair, 0, "supplier"), read.known(pair, 1, "buyer"), read.amounts(pair, 2))
    bought = _outside(read, outside) if outside else None
    rated = _essential(read, essential) if essential else None
    if read.mistakes:
        return read.mistakes
    net = build_network(product, revenue, *sold, n_products=len(read.sector), outside=bought, ratings=rated)
    _revenue_warnings(read, table, net, revenue)
    return NetworkFiles(net, list(read.firm), list(read.sector), read.warnings)


def _firm_ids(read: _Reader, table: Table) -> None:
    first: dict[str, int] = {}
    for row, firm in enumerate(table.columns[0]):
        line = table.lines[row]
        if not firm:
            read.fault(table.file, line, "the id is empty, expected the id of a firm")
        elif firm in first:
            read.fault(
                table.file, line, f"id {firm!r} stands already on line {first[firm]}, expected each id once"
            )
        else:
            first[firm] = line
            read.firm[firm] = row
    if not read.firm and not read.mistakes:
        read.fault(table.file, 2, "there are no firms, expected at least one row")


def _outside(read: _Reader, file: tuple[str, bytes]) -> tuple[Ints, Ints, Floats]:
    table = read_table(*file, ("id", "product", "purchases"), read.mistakes)
    return read.known(table, 0, "id"), read.products(table.columns[1]), read.amounts(table, 2)


def _essential(read: _Reader, file: tuple[str, bytes]) -> tuple[Ints, Ints, Ints]:
    """Ratings of the sectors in use; a pair may repeat only with the same class, an empty class is unrated."""
    table = read_table(*file, ("supplier_sector", "buyer_sector", "class"), read.mistakes)
    seen: dict[tuple[str, str], str] = {}
    for line, supplier, buyer, text in zip(table.lines, *table.columns, strict=True):
        pair = (supplier, buyer)
        if text not in ("", "0", "1", "2"):
            read.fault(table.file, line, f"class {text!r} is wrong, expected 0, 1 or 2")
        elif seen.setdefault(pair, text) != text:
            read.fault(
                table.file, line, f"pair {supplier},{buyer} has class {seen[pair]} above, expected one class"
            )
        elif text in ("0", "2") and ("" in pair or UNKNOWN_SECTOR in pair):
            note = f"pair {supplier},{buyer} is taken as class 1, as every pair of the unknown sector"
            read.warnings.append(Mistake(table.file, line, note))
    rows = [
        (read.sector[supplier], read.sector[buyer], int(text))
        for (supplier, buyer), text in seen.items()
        if text in ("0", "2") and supplier in read.sector and buyer in read.sector
    ]
    columns = np.array(rows, np.int64).reshape(-1, 3)
    return columns[:, 0], columns[:, 1], columns[:, 2]


def _revenue_warnings(read: _Reader, table: Table, net: Network, revenue: Floats) -> None:
    for firm in net.audit.revenue_raised:
        what = f"revenue {revenue[firm]:g} of {table.columns[0][firm]} is below its sales in the links"
        read.warnings.append(Mistake(table.file, table.lines[firm], f"{what}, {net.sales[firm]:g} is used"))
    for firm in net.audit.revenue_unknown:
        what = f"revenue of {table.columns[0][firm]} is unknown, its sales in the links are used"
        read.warnings.append(Mistake(table.file, table.lines[firm], f"{what}: {net.sales[firm]:g}"))
