"""The rows of a table and the choices of its filters as markup: what a list page has most of, so it is put together here
and not by a template, which takes several times as long for each cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from lianzhang.kernel.web.cells import escaped, plain


def body(table: Any) -> SafeString:
    """All `<tr>` of a table as `kernel/ui/table.html` shows it: the first cell names the row and leads to it, numbers
    stand right, sentences get room; with actions for several rows each begins with a box to choose it."""
    classes = [_class(column) for column in _of(table, "columns")]
    choosing = bool(_of(table, "bulk_actions"))
    return mark_safe("".join(_row(row, classes, choosing) for row in _of(table, "rows")))  # noqa: S308


def options(choices: Iterable[tuple[str, Any]], chosen: str) -> SafeString:
    """The `<option>` of each choice, the chosen one selected."""
    return mark_safe(  # noqa: S308
        "".join(
            f'<option value="{escaped(value)}"{" selected" if value == chosen else ""}>{escaped(word)}</option>'
            for value, word in choices
        )
    )


def _row(row: Any, classes: Sequence[str], choosing: bool) -> str:
    content, url, parts = _of(row, "cells"), _of(row, "url"), ["<tr>"]
    name = plain(content[0]) if content else ""
    if choosing:
        key = _of(row, "id") or _of(_of(row, "thing"), "pk")
        label = gettext("Select %(name)s") % {"name": strip_tags(str(name))}
        parts.append(
            f'<td class="sel"><input class="form-check-input" type="checkbox" name="selected" value="{escaped(key)}" '
            f'aria-label="{escaped(label)}"></td>'
        )
    if content:
        parts.append(
            f'<th scope="row"><a href="{escaped(url)}">{name}</a></th>'
            if url
            else f'<th scope="row">{name}</th>'
        )
    for index, cell in enumerate(content[1:], 1):
        css = classes[index] if index < len(classes) else ""
        css = css or (' class="long"' if getattr(cell, "kind", "") == "long" else "")
        parts.append(f"<td{css}>{plain(cell)}</td>")
    parts.append("</tr>")
    return "".join(parts)


def _class(column: Any) -> str:
    return ' class="num"' if _of(column, "numeric") else ""


def _of(thing: Any, name: str) -> Any:
    """A member of an object or a dictionary; None where it has none, as in a template."""
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)
