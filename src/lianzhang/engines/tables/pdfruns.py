"""Tables that go on from page to page become one sheet: rows broken at a page's end are joined, halves laid under one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .cells import BesideCell
from .pdfpage import Grid, Item, Line
from .source import Rows
from .text import key

_HEADER_ROWS = 3


@dataclass(slots=True)
class Piece:
    """Rows of one page that belong to the table numbered `table`, which began on page `page`."""

    table: int
    page: int
    rows: Rows


@dataclass(slots=True)
class Joiner:
    """Takes pages in order, gives rows by table. The last row is held back until the next page shows whether it goes on."""

    table: int = 0
    began: int = 1
    width: int = 0
    folds: int = 1
    header: list[tuple[str, ...]] = field(default_factory=list)
    numbered: bool = False
    down: bool = False
    held: list[str] | None = None
    titles: list[str] = field(default_factory=list)

    def pages(self, pages: Iterable[list[Item]]) -> Iterator[Piece]:
        """Rows of all pages; text that stands beside the tables is marked as such."""
        for number, items in enumerate(pages, 1):
            for item in items:
                if isinstance(item, Line):
                    self.titles.append(item.text)
                else:
                    yield from self._grid(item, number)
        yield Piece(self.table, self.began, [*self._let_go(), *self._beside()])

    def _grid(self, grid: Grid, page: int) -> Iterator[Piece]:
        rows = [
            [BesideCell(r[0]), *[""] * (len(r) - 1)] if i in grid.wide else r for i, r in enumerate(grid.rows)
        ]
        if self._begins(rows):
            if self.table:
                yield Piece(self.table, self.began, self._let_go())
            self._start(rows, page)
            yield Piece(self.table, self.began, [*self._beside(), *self._taken(rows, grid)])
        else:
            yield Piece(self.table, self.began, self._joined(rows, grid))

    def _begins(self, rows: Rows) -> bool:
        """Whether a grid is another table than the one before: other columns, or other headings under a title."""
        if not self.table or len(rows[0]) != self.width:
            return True
        return bool(self.titles) and _is_heading(rows[0]) and _keys(rows[0]) not in self.header

    def _start(self, rows: Rows, page: int) -> None:
        self.table, self.began, self.width = self.table + 1, page, len(rows[0])
        self.folds = next((n for row in rows[:_HEADER_ROWS] if (n := _folds(row)) > 1), 1)
        self.header = [_keys(row) for row in rows[:_HEADER_ROWS] if _is_heading(row)]
        self.numbered = self.down = False
        self.held = None

    def _joined(self, rows: Rows, grid: Grid) -> Rows:
        """Rows of a further page: its repeated heading first, then the rest of a row that was broken, then rows."""
        heads = 0
        while heads < len(rows) and heads < len(self.header) and _keys(rows[heads]) in self.header:
            heads += 1
        head, body = rows[:heads], rows[heads:]
        out: Rows = []
        if self.held is not None and body and self._goes_on(body[0]):
            self.held = [a + b for a, b in zip(self.held, body[0], strict=True)]
            body = body[1:]
        elif self.held is not None and self.down:
            body = _filled(body, self.held)
        out += self._let_go()
        return [*out, *self._beside(), *self._taken([*head, *body], grid)]

    def _goes_on(self, row: list[str]) -> bool:
        """Whether a page's first row is the rest of the last one: it lacks the running number that all others have."""
        if not self.numbered or self.folds > 1 or isinstance(row[0], BesideCell) or row[0]:
            return False
        return any(row) and (bool(row[1]) or not self.down)

    def _taken(self, rows: Rows, grid: Grid) -> Rows:
        self.down = self.down or grid.down
        if self.folds > 1:
            return _unfolded(rows, self.folds)
        facts = [r for r in rows if not isinstance(r[0], BesideCell) and not _is_heading(r)]
        self.numbered = bool(facts) and sum(r[0].isdigit() for r in facts) * 10 >= len(facts) * 8
        self.held = rows[-1] if rows and not isinstance(rows[-1][0], BesideCell) else None
        return rows[:-1] if self.held is not None else rows

    def _let_go(self) -> Rows:
        held, self.held = self.held, None
        return [held] if held is not None else []

    def _beside(self) -> Rows:
        lines, self.titles = self.titles, []
        return [[BesideCell(text), *[""] * (max(self.width, 1) - 1)] for text in lines]


def _filled(rows: Rows, above: list[str]) -> Rows:
    """First rows of a page whose leading cells were merged with those of the page before."""
    out: Rows = []
    for i, row in enumerate(rows):
        if row[0]:
            return [*out, *rows[i:]]
        first = next((j for j, cell in enumerate(row) if cell), len(row))
        out.append([*above[:first], *row[first:]])
    return out


def _keys(row: list[str]) -> tuple[str, ...]:
    return tuple(map(key, row))


def _is_heading(row: list[str]) -> bool:
    """Several short texts without any figure: it may be a heading."""
    filled = [c for c in row if c]
    return (
        len(filled) > 1 and not any(ch.isdigit() for c in filled for ch in c) and max(map(len, filled)) < 25
    )


def _folds(row: list[str]) -> int:
    """How often a heading repeats itself from left to right; 1: not at all."""
    keys = _keys(row)
    for times in (4, 3, 2):
        size, rest = divmod(len(keys), times)
        parts = {keys[i * size : (i + 1) * size] for i in range(times)}
        if not rest and size and len(parts) == 1 and all(keys[:size]) and len(set(keys[:size])) == size:
            return times
    return 1


def _unfolded(rows: Rows, times: int) -> Rows:
    """Blocks beside one another, the left one first; a heading only once, blank rests left out."""
    size = len(rows[0]) // times
    out = [row[:size] for row in rows]
    for i in range(1, times):
        block = [row[i * size : (i + 1) * size] for row in rows]
        out += [part for row, part in zip(rows, block, strict=True) if any(part) and part != row[:size]]
    return out
