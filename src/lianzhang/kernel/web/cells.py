"""Table cells by kind of column: one place decides how money, dates, lights and tags stand in a list."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from lianzhang.kernel.web import dates, figures, lights


def _light(value: Any) -> SafeString:
    return lights.light(*value) if isinstance(value, tuple | list) else lights.light(value)


def _tags(value: Any) -> SafeString:
    return format_html_join(" ", '<span class="lz-chip">{}</span>', ((tag,) for tag in value))


def _number(kind: str) -> Callable[[Any], SafeString]:
    def render(value: Any) -> SafeString:
        shown = figures.show(value, kind)
        return shown.html() if shown else figures.unknown()

    return render


KINDS: dict[str, Callable[[Any], Any]] = {
    "money": _number("money_column"),
    "money_overview": _number("money"),
    "number": _number("count"),
    "percent": _number("percent"),
    "growth": _number("growth"),
    "date": dates.day,
    "due": dates.due_day,
    "datetime": dates.moment,
    "light": _light,
    "tags": _tags,
}


def escaped(value: Any) -> SafeString:
    """A value as markup. Most are plain texts: for these Django's own way, which allows for lazy ones, takes several times
    as long."""
    return SafeString(escape(value)) if type(value) is str else conditional_escape(value)


def plain(cell: Any) -> SafeString:
    """A cell's content. cell: a value, or an object with `value` and `kind`; marked-up values stay as they are."""
    value, kind = (cell.value, cell.kind) if hasattr(cell, "kind") else (cell, "text")
    if isinstance(value, Promise):
        value = str(value)
    if value is None or value == "" or value == []:
        return _light(None) if kind == "light" else figures.unknown()
    if isinstance(value, SafeString) or kind not in KINDS:
        return escaped(value)
    return escaped(KINDS[kind](value))
