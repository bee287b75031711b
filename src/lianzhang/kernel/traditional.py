"""Names of the catalogue in the Traditional script. Messages are converted when they are compiled; data when it is shown."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any


@cache
def _converter() -> Any:
    """Hong Kong standard, as the messages are converted; loading it takes about 0.1 s, so only readers of it pay."""
    import opencc

    return opencc.OpenCC("s2hk")


@cache
def _always() -> list[tuple[str, str]]:
    """Words that the converter cuts apart in longer names, each with what it always becomes."""
    lines = (Path(__file__).parent / "data" / "traditional.txt").read_text(encoding="utf-8").splitlines()
    return [(pair[0], pair[1]) for line in lines if len(pair := line.split("\t")) == 2]


@lru_cache(maxsize=20_000)
def traditional(text: str) -> str:
    """The text in Traditional characters."""
    for simplified, wanted in _always():
        text = text.replace(simplified, wanted)
    return str(_converter().convert(text)) if text else text


@cache
def _back() -> Any:
    """From any Traditional standard; names of persons and firms come in all of them."""
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=50_000)
def simplified(text: str) -> str:
    """The text in Simplified characters."""
    return str(_back().convert(text)) if text else text
