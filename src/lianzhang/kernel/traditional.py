"""Names of the catalogue in the Traditional script. Messages are converted when they are compiled; data when it is shown."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any


@cache
def _converter() -> Any:
    """Hong Kong standard, as the messages are converted; loading it takes about 0.1 s, so only readers of it pay."""
    import opencc

    return opencc.OpenCC("s2hk")


@lru_cache(maxsize=20_000)
def traditional(text: str) -> str:
    """The text in Traditional characters."""
    return str(_converter().convert(text)) if text else text
