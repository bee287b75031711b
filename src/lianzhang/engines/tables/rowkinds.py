"""Which rows are no data: blank, subtotal, note, repeated header, repeated title or unit line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .cells import text_of
from .headers import is_unit_line, years_in
from .model import Column
from .text import fold, is_blank, key

_SUBTOTAL = re.compile(
    r".{0,8}?(?:合计|小计|总计|共计|本页计|subtotal|grandtotal|total)(?:\(?[0-9]*[家户个项条行人]?\)?)?[::]?"
)
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|注释|填报?说明|数据来源|资料来源|来源)[0-9一二三四五]?(?:[::.、].*|)|"
    r"(?:填表人|填报人|制表人?|审核人?|复核人?|经办人|联系人|联系电话|负责人|单位负责人|统计负责人|填报单位|填表单位|"
    r"填表日期|填报日期|填报时间|报出日期|制表日期|打印日期|打印时间)[::].*|[※*]\S{4,}.*|第[0-9]+页.*"
)
#: A row without one of these anywhere cannot be a subtotal or a note.
HINT = re.compile(r"计|注|说明|来源|[人长话位期表核间][::]|[※*]|页|[Tt][Oo][Tt][Aa][Ll]")


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
        texts = [(i, t) for i, t in filled if i not in self._ignored]
        if not texts:
            # A running number alone is a prepared but empty line, unless it says 合计 or 注:….
            return next((r for _, t in filled if (r := _by_words(t))), "blank")
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
        return "note" if len(filled) == 1 and number in self._wide_rows else None

    def _repeats_header(self, filled: Sequence[tuple[int, str]]) -> bool:
        same = sum(key(t) in self._headers.get(i, ()) for i, t in filled)
        return same >= 2 and same * 10 >= len(filled) * 6


def _by_words(text: str) -> str | None:
    word = key(text)
    if _SUBTOTAL.fullmatch(word):
        return "subtotal"
    return "note" if _NOTE.fullmatch(word) else None


def title_texts(rows: Sequence[Sequence[Any]], top: int) -> list[str]:
    """Texts standing above the header."""
    return [text_of(c) for row in rows[:top] for c in row if not is_blank(c)]


def title_year(titles: Sequence[str]) -> str | None:
    """The one year the title lines speak of, else None."""
    years = {year for text in titles for year in years_in(text)}
    return str(years.pop()) if len(years) == 1 else None
