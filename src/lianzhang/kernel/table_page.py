"""What the table template shows: a page of a list, ready to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lianzhang.kernel.views_saved import Offer


@dataclass
class Chip:
    label: str
    remove_url: str


@dataclass
class Page:
    number: int
    pages: int
    size: int
    first: int
    last: int
    prev_url: str | None
    next_url: str | None
    sizes: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Head:
    code: str
    label: Any
    unit: Any
    kind: str
    numeric: bool
    sortable: bool
    sorted: str | None
    sort_url: str


@dataclass
class Cell:
    """One cell: the value, how to show it, and the column it stands in."""

    value: Any
    kind: str
    code: str


@dataclass
class Row:
    """One row of the page: where it leads, its cells, the object itself."""

    url: str | None
    cells: list[Cell]
    thing: Any


@dataclass
class Control:
    """A filter as the form shows it."""

    code: str
    label: Any
    value: str
    choices: Sequence[tuple[str, Any]]


@dataclass
class Built:
    """What the table template shows."""

    code: str
    columns: list[Head]
    rows: list[Row]
    count: int
    more: bool
    chips: list[Chip]
    page: Page
    export_urls: dict[str, str]
    controls: list[Control]
    query: str
    sort: str
    empty: dict[str, Any]
    similar: Sequence[tuple[str, str]] = ()
    prefix: str = ""
    anchor: str = ""
    kept: list[tuple[str, str]] = field(default_factory=list)
    saved: Offer | None = None
