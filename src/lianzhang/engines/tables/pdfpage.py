"""One page of a PDF: its tables as grids of text, the lines of text beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .lexicon import pattern
from .pdflist import ListReader
from .text import fold

_PAGE_NUMBER = pattern("page_number")
_TOLERANCE = 3.0
Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Line:
    """A line of text outside all tables."""

    text: str


@dataclass(slots=True)
class Grid:
    """A table of a page. `wide` are rows (from 0) that are one cell over all columns; `down`: cells merged downward occur."""

    rows: list[list[str]]
    wide: set[int] = field(default_factory=set)
    down: bool = False


Item = Line | Grid


def read_page(page: Any, lists: ListReader) -> list[Item]:
    """Tables and lines of a page from top to bottom; page numbers are left out."""
    tables = [t for t in page.find_tables(_settings(page)) if _columns(t) > 1 and len(t.rows) > 0]
    words = page.extract_words(keep_blank_chars=False)
    beside = [w for w in words if not any(_inside(w, t.bbox) for t in tables)]
    lines = _lines(beside)
    if not tables:
        return _without_rules(lines, lists)
    placed: list[tuple[float, float, Item]] = [(t.bbox[1], t.bbox[0], _grid(t)) for t in tables]
    placed += [(line[0]["top"], line[0]["x0"], Line(_text(line))) for line in lines if not _is_number(line)]
    return [item for _, _, item in sorted(placed, key=lambda each: each[:2])]


def _settings(page: Any) -> dict[str, Any]:
    """A row that goes on over the page's end has no rule there: the ends of the upright rules close it."""
    upright = [e for e in page.edges if e["orientation"] == "v" and e["bottom"] - e["top"] > _TOLERANCE]
    ends = {min(e["top"] for e in upright), max(e["bottom"] for e in upright)} if upright else set()
    return {"explicit_horizontal_lines": sorted(ends)} if ends else {}


def _columns(table: Any) -> int:
    return len({cell[0] for cell in table.cells})


def _inside(word: Any, box: Box) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _lines(words: Sequence[Any]) -> list[list[Any]]:
    """Words by line, from top to bottom, from left to right."""
    out: list[list[Any]] = []
    for word in sorted(words, key=lambda w: (w["bottom"], w["x0"])):
        if out and abs(out[-1][0]["bottom"] - word["bottom"]) <= _TOLERANCE:
            out[-1].append(word)
        else:
            out.append([word])
    return [sorted(line, key=lambda w: w["x0"]) for line in out]


def _text(line: Sequence[Any]) -> str:
    return " ".join(w["text"] for w in line)


def _is_number(line: Sequence[Any]) -> bool:
    return _PAGE_NUMBER.fullmatch(fold(_text(line))) is not None


def _without_rules(lines: list[list[Any]], lists: ListReader) -> list[Item]:
    """A page without ruled tables: lists set in columns, else plain lines."""
    kept = [line for line in lines if not _is_number(line)]
    return [Grid(part) if isinstance(part, list) else Line(part) for part in lists.read(kept)]


def _grid(table: Any) -> Grid:
    starts = sorted({cell[0] for cell in table.cells})
    texts = [[_joined(c) for c in row] for row in table.extract()]
    grid = Grid(texts)
    for i, row in enumerate(table.rows):
        own = [cell for cell in row.cells if cell is not None]
        if (
            len(own) == 1
            and len(starts) > 2
            and own[0][2] - own[0][0] >= 0.95 * (table.bbox[2] - table.bbox[0])
        ):
            grid.wide.add(i)
        top = min(cell[1] for cell in own)
        for j, cell in enumerate(row.cells):
            if cell is None and i and _reaches_down(table.cells, starts[j], top):
                texts[i][j], grid.down = texts[i - 1][j], True
    return grid


def _reaches_down(cells: Sequence[Box], x: float, top: float) -> bool:
    """Whether the cell that begins in this column is merged downward into the row that begins at `top`."""
    return any(c[0] == x and c[1] < top - 0.5 and c[3] > top + 0.5 for c in cells)


def _joined(cell: str | None) -> str:
    """The lines of a cell as one text: a blank only where two Latin words or a word and a figure would run together."""
    parts = [part.strip() for part in (cell or "").split("\n")]
    out = ""
    for part in filter(None, parts):
        out += " " + part if out and _apart(out[-1], part[0]) else part
    return out


def _apart(before: str, after: str) -> bool:
    latin = before.isascii() and after.isascii() and before.isalpha() and after.isalpha()
    return latin and (before.islower() or after.islower())
