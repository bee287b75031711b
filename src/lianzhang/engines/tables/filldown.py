"""Cells that speak for the rows below them: merged downward, or repeated by a word for "as above"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .lexicon import words
from .source import Rows

_DITTO = words("ditto")
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]


class FillDown:
    """Fills the cells of one sheet in place, chunk after chunk; the rows before `first` (from 0) are the heading's.

    A cell merged over several columns as well is a remark, not a value, and is left as it stands.
    """

    def __init__(self, merged: Merged, first: int) -> None:
        down = [(r0, r1, c0) for (r0, c0), (r1, c1) in merged if r1 > r0 >= first and c1 - c0 < 2]
        self._spans = sorted(down, reverse=True)
        self._open: list[tuple[int, int, Any]] = []
        self._above: list[Any] = []

    def fill(self, cells: Rows, first_number: int) -> None:
        """Fill rows whose first stands in row `first_number` of the sheet."""
        if self._spans or self._open:
            for i, row in enumerate(cells, first_number - 1):
                self._merge(row, i)
        if self._repeats(cells):
            self._repeat(cells)
        self._above = cells[-1] if cells else self._above

    def _repeats(self, cells: Rows) -> bool:
        """Whether a word for "as above" stands in any cell."""
        return not all(map(_DITTO.isdisjoint, cells))

    def _merge(self, row: list[Any], i: int) -> None:
        self._open = [span for span in self._open if span[0] >= i]
        for _, column, value in self._open:
            row.extend([""] * (column + 1 - len(row)))
            if row[column] in ("", None):
                row[column] = value
        while self._spans and self._spans[-1][0] <= i:
            r0, r1, column = self._spans.pop()
            if r0 == i and column < len(row):
                self._open.append((r1, column, row[column]))

    def _repeat(self, cells: Rows) -> None:
        above = self._above
        for row in cells:
            for j, cell in enumerate(row):
                if _is_text(cell) and cell.strip() in _DITTO and j < len(above):
                    row[j] = above[j]
            above = row


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str)
