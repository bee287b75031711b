"""What a daily report says. Every form prints these texts, so that no two of them can differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A figure: its raw value (yuan or a count; None: unknown), its text, and which rows of the report stand behind it.

    `source` is the number of an entry of the report's sources. `low`, `high` are texts of an estimate's ends.
    """

    code: str
    label: str
    value: float | None
    text: str
    source: int
    rows: str = ""
    low: str = ""
    high: str = ""
    note: str = ""

    @property
    def full(self) -> str:
        """The text with the interval behind it."""
        return f"≈ {self.text} ({self.low}–{self.high})" if self.low and self.high else self.text


@dataclass(frozen=True)
class Table:
    """A table: heads with whether their column holds numbers, rows of texts, an address for each row (or none).

    `behind` holds for each row what its cells count, as queries of the report's own page ("": no other rows behind it).
    """

    code: str
    title: str
    heads: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[str]]
    links: Sequence[str] = ()
    empty: str = ""
    behind: Sequence[Sequence[str]] = ()

    @property
    def lines(self) -> list[tuple[str, list[tuple[str, bool, str]]]]:
        """(address, cells: text, whether it is a number, query of the rows behind it) of each row."""
        links = list(self.links) or [""] * len(self.rows)
        numeric = [n for _, n in self.heads]
        behind = list(self.behind) or [[""] * len(numeric)] * len(self.rows)
        return [
            (url, list(zip(row, numeric, query, strict=True)))
            for url, row, query in zip(links, self.rows, behind, strict=True)
        ]


@dataclass(frozen=True)
class Report:
    """The report of one day: what stood at `cut` (24:00 of the day, or now while the day lasts)."""

    title: str
    number: str
    day: date
    cut: datetime
    closed_day: bool
    state: str
    figures: Sequence[Figure]
    tables: Sequence[Table]
    rows: Table
    sources: Sequence[str]
    synthetic: bool
    totals: dict[str, Any] = field(default_factory=dict)
