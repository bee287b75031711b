"""Words of office tables, kept as data: lists, small maps and patterns."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml


@lru_cache(maxsize=1)
def _load() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        resources.files(__package__).joinpath("data/words.yaml").read_text(encoding="utf-8")
    )
    return content


def words(name: str) -> frozenset[str]:
    """A list of words."""
    return frozenset(_load()[name])


def table(name: str) -> dict[str, Any]:
    """A small map."""
    return dict(_load()[name])


def word(name: str) -> str:
    """A single text."""
    return str(_load()[name])


def pattern(*names: str) -> re.Pattern[str]:
    """The named patterns as alternatives of one."""
    return re.compile("|".join(_load()["patterns"][name] for name in names))
