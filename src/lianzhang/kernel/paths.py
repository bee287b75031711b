"""The address of a page that takes no arguments, found once: lists ask for it once a row, the frame once an entry."""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, reverse


def path_of(url_name: str) -> str:
    """What `reverse` says. Raises NoReverseMatch for a name that is unknown or takes arguments."""
    return _below(url_name, get_script_prefix())


@lru_cache(maxsize=256)
def _below(url_name: str, prefix: str) -> str:
    return reverse(url_name)
