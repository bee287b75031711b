"""Short words of the catalogue that carry no English of their own: units and holders of data."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from lianzhang.city.labels import in_script


@cache
def _words() -> dict[str, tuple[str, str]]:
    """What the catalogue writes → (Chinese, English); Chinese is what it writes where the table has no other."""
    with (Path(__file__).parent / "data" / "words.csv").open(encoding="utf-8", newline="") as handle:
        return {row["text"]: (row["zh"] or row["text"], row["en"]) for row in csv.DictReader(handle)}


def in_words(text: str) -> str:
    """A unit or a holder as this reader writes it; what nobody translated stands as it is."""
    return in_script(*_words().get(text, (text, "")))
