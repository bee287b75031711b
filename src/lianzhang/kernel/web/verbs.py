"""Events in words: apps name the verbs they record, so that a timeline shows no code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

_words: dict[str, Any] = {}


def register(words: Mapping[str, Any]) -> None:
    """Name verbs; called when an app starts."""
    _words.update(words)


def word(verb: str) -> str:
    """The verb in words; one that nobody named reads as plain text."""
    return str(_words.get(verb, verb.replace("_", " ")))


def who(name: str) -> str:
    """Who did it; the program itself by its name in the reader's language."""
    return gettext("the system") if name in ("system", "") else name
