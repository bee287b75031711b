"""Short words of the catalogue that carry no English of their own: units and holders of data."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from lianzhang.city.labels import in_script


@cache
def _english() -> dict[str, str]:
    with (Path(__file__).parent / "data" / "words.csv").open(encoding="utf-8", newline="") as handle:
        return {row["text"]: row["en"] for row in csv.DictReader(handle)}


def in_words(text: str) -> str:
    """A unit or a holder as this reader writes it; kWh, tce and what nobody translated stand as they are."""
    return in_script(text, _english().get(text, ""))
