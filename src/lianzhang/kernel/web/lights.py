"""Lights are colour, shape and word together, so that nobody has to tell red from green."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext_lazy

SHAPES = {
    "green": mark_safe('<circle cx="6" cy="6" r="5"/>'),
    "amber": mark_safe('<path d="M6 .8 11.5 11H.5z"/>'),
    "red": mark_safe('<path d="M1 1h10v10H1z"/>'),
    "grey": mark_safe('<circle cx="6" cy="6" r="4.5"/>'),
}
WORDS: dict[str, Any] = {
    "green": pgettext_lazy("light", "Normal"),
    "amber": pgettext_lazy("light", "Attention"),
    "red": pgettext_lazy("light", "Alarm"),
    "grey": pgettext_lazy("light", "Not known"),
}


def light(state: str | None, word: str = "") -> SafeString:
    """A light. state: green, amber, red, or anything else for not known. word: instead of the usual one."""
    code = state if state in SHAPES else "grey"
    return format_html(
        '<span class="lz-light lz-light-{}"><svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>{}</span>',
        code,
        SHAPES[code],
        word or WORDS[code],
    )
