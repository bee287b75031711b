"""Which rows are no data: blank, subtotal, note, repeated header, repeated title or unit line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .cells import text_of
from .headers import is_unit_line, years_in
from .lexicon import pattern
from .model import Column
from .text import fold, is_blank, key

_SUBTOTAL = pattern("subtotal")
_NOTE = pattern("note", "signature", "remark")
#: A row without one of these anywhere cannot be a subtotal or a note.
HINT = pattern("hint")


class RowJudge:
    """Tells rows of facts from the others in one sheet."""

    def __init__(self, columns: Sequence[Column], titles: Sequence[str], wide_rows: frozenset[int]) -> None:
        self._headers = {c.index: frozenset(map(key, (*c.path, c.label))) for c in columns if c.path}
        self._ignored = {c.index for c in columns if c.status == "ignored"}
        self._titles = frozenset(map(key, titles))
        self._wide_rows = wide_rows

    def reason(self, row: Sequence[Any], number: int) -> str | None:
        """Why a row is left out, or None for a row of facts. `number` counts from 1."""
        filled = [(i, fold(text_of(c))) for i, c in enumerate(row) if not is_blank(c)]
        if all(i in self._ignored and t.isdigit() for i, t in filled):
            return "blank"
        if self._repeats_header(filled):
            return "header"
        if any(is_unit_line(t) for _, t in filled) and len(filled) <= 3:
            return "unit_line"
        if key(filled[0][1]) in self._titles:
            return "title"
        if any(_SUBTOTAL.fullmatch(key(t)) for _, t in filled[:4]):
            return "subtotal"
        if _NOTE.fullmatch(key(filled[0][1])):
            return "note"
        if len(filled) == 1 and (number in self._wide_rows or filled[0][0] in self._ignored):
            return "note"
        return None

    def _repeats_header(self, filled: Sequence[tuple[int, str]]) -> bool:
        same = sum(key(t) in self._headers.get(i, ()) for i, t in filled)
        return same >= 2 and same * 10 >= len(filled) * 6


def title_texts(rows: Sequence[Sequence[Any]], top: int) -> list[str]:
    """Texts standing above the header."""
    return [text_of(c) for row in rows[:top] for c in row if not is_blank(c)]


def title_year(titles: Sequence[str]) -> str | None:
    """The one year the title lines speak of, else None."""
    years = {year for text in titles for year in years_in(text)}
    return str(years.pop()) if len(years) == 1 else None
