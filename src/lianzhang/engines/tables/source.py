"""Where bytes come from: a path, bytes in memory or an open binary file; and the sheets they turn into."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

Rows = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, opened as often as needed; `name` gives the sheet of a flat file its name."""

    content: Path | bytes | IO[bytes]
    name: str

    @classmethod
    def of(cls, content: Path | str | bytes | IO[bytes], name: str | None = None) -> Source:
        """Wrap what the caller has; a path in text form is allowed."""
        if isinstance(content, str):
            content = Path(content)
        own = content.name if isinstance(content, Path) else str(getattr(content, "name", "") or "")
        return cls(content, name or own or "Sheet1")

    @property
    def stem(self) -> str:
        """The name without folder and ending."""
        return Path(self.name).stem or self.name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The bytes from the beginning; a file the caller opened stays open."""
        if isinstance(self.content, Path):
            with self.content.open("rb") as handle:
                yield handle
        elif isinstance(self.content, bytes):
            yield io.BytesIO(self.content)
        else:
            self.content.seek(0)
            yield self.content


@dataclass(slots=True)
class RawSheet:
    """A sheet before anything is understood: `chunks` yields its rows in order, the first being row 1.

    `merged` holds ranges ((row, column), (row, column)) from 0, both ends included; in a `flat` sheet (csv) rows
    of another length than the header are a sign of broken quoting.
    """

    name: str
    chunks: Iterator[Rows]
    hidden: bool = False
    flat: bool = False
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
