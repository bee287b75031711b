"""Finding the header: titles above it, two or three merged rows, unit rows and numbering rows below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .cells import text_of
from .headers import is_unit_line, read_header, unit_word, units_above
from .lexicon import pattern
from .text import fold, is_blank
from .vocabulary import Vocabulary

Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]

HEAD_ROWS = 60
_TALLEST = 3
_NUMBERING = pattern("numbering")
_PLAIN_YEAR = pattern("plain_year")


@dataclass(frozen=True, slots=True)
class Header:
    """Rows `top`..`bottom` (from 0) of the sheet, the path of header texts per column, `data` the first row after."""

    top: int
    bottom: int
    data: int
    paths: tuple[tuple[str, ...], ...]
    score: int


class HeadFinder:
    """Looks for the header among the first rows of a sheet."""

    def __init__(self, rows: Sequence[Sequence[Any]], merged: Merged, words: Vocabulary) -> None:
        self.rows = [[_head_text(c) for c in row] for row in rows[:HEAD_ROWS]]
        self.width = max(map(len, self.rows), default=0)
        self.merged = [m for m in merged if m[0][0] < HEAD_ROWS]
        self.words = words

    def find(self, wanted: int | None = None) -> Header | None:
        """The block of rows that names most fields; `wanted` (row from 1) must be part of it."""
        best: Header | None = None
        for top in range(len(self.rows)):
            for bottom in range(top, min(top + _TALLEST, len(self.rows))):
                if (wanted and not top <= wanted - 1 <= bottom) or not self._may_be_header(top, bottom):
                    continue
                block = self._block(top, bottom)
                # Of equal blocks the lower one wins: a title above must not become part of the header.
                if best is None or (block.score, top - bottom) > (best.score, best.top - best.bottom):
                    best = block
        if best is None or (best.score == 0 and not wanted):
            return None
        best = self._with_groups(best)
        return self._with_rows_below(best)

    def guess(self) -> Header | None:
        """The first row of several different texts, for a person to judge when nothing was recognised."""
        for i, row in enumerate(self.rows):
            texts = [c for c in row if c]
            if len(texts) >= 2 and len(set(texts)) == len(texts) and not any(_is_figure(t) for t in texts):
                return self._block(i, i)
        return None

    def _may_be_header(self, top: int, bottom: int) -> bool:
        """A block begins and ends with text, and no title line (one cell, or notes with a colon) lies in it."""
        if not any(self.rows[top]) or not any(self.rows[bottom]):
            return False
        return top == bottom or not any(self._is_remark(self.rows[i]) for i in range(top, bottom + 1))

    def _is_remark(self, row: Sequence[str]) -> bool:
        texts = [t for t in row if t]
        return any(":" in t and not unit_word(t) for t in texts) and len(texts) <= 4

    def _block(self, top: int, bottom: int) -> Header:
        grid = [self._filled(i, top, bottom) for i in range(top, bottom + 1)]
        paths = []
        for column in range(self.width):
            parts: list[str] = []
            for row in grid:
                if row[column] and row[column] not in parts[-1:]:
                    parts.append(row[column])
            paths.append(tuple(parts))
        while paths and not paths[-1]:
            paths.pop()
        found = {self.words.match(p) or p for p in paths if p and self.words.known(p)}
        return Header(top, bottom, bottom + 1, tuple(paths), len(found))

    def _filled(self, i: int, top: int, bottom: int) -> list[str]:
        """Row i of a block, merged cells filled; without merging a group cell reaches over the blanks beside it."""
        row = self.rows[i] + [""] * (self.width - len(self.rows[i]))
        spans = [m for m in self.merged if m[0][0] <= bottom and m[1][0] >= top]
        for (r0, c0), (r1, c1) in spans:
            if r0 <= i <= r1 and c0 < len(self.rows[r0]):
                row[c0 : c1 + 1] = [self.rows[r0][c0]] * (min(c1, self.width - 1) - c0 + 1)
        if not spans and i < bottom:
            below = self.rows[i + 1]
            for j in range(1, self.width):
                if not row[j] and j < len(below) and below[j] and row[j - 1]:
                    row[j] = row[j - 1]
        return row

    def _with_groups(self, block: Header) -> Header:
        """Take in rows of group cells above, which may carry the units of the columns below them."""
        while block.top > 0 and block.bottom - block.top < _TALLEST and self._is_group_row(block.top - 1):
            taller = self._block(block.top - 1, block.bottom)
            if taller.score < block.score:
                break
            block = taller
        return block

    def _is_group_row(self, i: int) -> bool:
        texts = [(j, t) for j, t in enumerate(self.rows[i]) if t]
        if not texts or any(":" in t or _is_figure(t) for _, t in texts):
            return False
        spans = [m for m in self.merged if m[0][0] == i and m[1][1] > m[0][1]]
        if spans:
            return any(m[1][1] - m[0][1] + 1 < self.width - 1 or len(texts) > 1 for m in spans)
        return len(texts) > 1 or texts[0][0] > 0

    def _with_rows_below(self, block: Header) -> Header:
        """Rows of years, of units and of column numbers (letters, then 1 2 3 …) right below belong to the header."""
        while block.data < len(self.rows):
            if (end := self._merged_into(block)) > block.bottom:
                block = self._block(block.top, end)
                continue
            texts = [t for t in self.rows[block.data] if t]
            nameless = [not read_header(t).keys or t == "-" for t in texts]
            if texts and all(nameless) and any(read_header(t).unit for t in texts):
                self.rows[block.data] = ["" if t == "-" else t for t in self.rows[block.data]]
                taller = self._block(block.top, block.data)
                block = Header(block.top, block.bottom, block.data + 1, taller.paths, block.score)
            elif len(texts) > 1 and all(nameless) and block.bottom + 1 == block.data:
                block = self._block(block.top, block.data)
            elif _is_numbering(texts):
                block = Header(block.top, block.bottom, block.data + 1, block.paths, block.score)
            else:
                break
        return block

    def _merged_into(self, block: Header) -> int:
        """The lowest row into which cells of the header are merged; rows of facts never share a cell with it."""
        ends = [m[1][0] for m in self.merged if block.top <= m[0][0] <= block.bottom < m[1][0]]
        end = max(ends, default=block.bottom)
        return end if end - block.top <= _TALLEST and end < len(self.rows) else block.bottom


def _head_text(cell: Any) -> str:
    return "" if is_blank(cell) else fold(text_of(cell))


def _is_figure(text: str) -> bool:
    digits = sum(c.isdigit() for c in text)
    return digits > 0 and digits * 2 > len(text) and not _PLAIN_YEAR.fullmatch(text)


def _is_numbering(texts: Sequence[str]) -> bool:
    """Marks of columns: at least three short marks, the numbers among them counting up by one."""
    if len(texts) < 3 or not all(_NUMBERING.fullmatch(t) for t in texts):
        return False
    numbers = [int(t.strip("()")) for t in texts if t.strip("()").isdigit()]
    return (
        len(numbers) >= 2
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        and numbers[0] <= 1
    )


def unit_lines(rows: Sequence[Sequence[Any]], top: int) -> tuple[list[str], dict[int, str]]:
    """Units stated above the header, nearest line first, and why each row above it is left out."""
    units: list[str] = []
    reasons: dict[int, str] = {}
    for i in range(top - 1, -1, -1):
        texts = [_head_text(c) for c in rows[i] if not is_blank(c)]
        units += [u for t in texts for u in units_above(t)]
        only_units = bool(texts) and any(is_unit_line(t) for t in texts)
        reasons[i] = "unit_line" if only_units else "title" if texts else "blank"
    return units, reasons
