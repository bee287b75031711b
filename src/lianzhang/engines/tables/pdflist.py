"""Lists that a page sets in columns without rules: columns from the white between them, rows from their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

Line = Sequence[Any]
#: White between columns, in points; between words of one text it is narrower, and never at one place on all lines.
_GUTTER = 6.0
_FEWEST = 3
#: Lines at the upper and lower edge that may be something else.
_EDGE = 4


@dataclass(slots=True)
class ListReader:
    """Reads page after page; a page with a row or two takes the columns of the page before."""

    columns: list[tuple[float, float]] = field(default_factory=list)

    def read(self, lines: Sequence[Line]) -> list[list[list[str]] | str]:
        """Lines of words → tables (rows of cells) and plain lines, from top to bottom."""
        wide = [i for i, line in enumerate(lines) if len(line) > 1]
        body, columns = _stretch(lines, wide) if len(wide) >= _FEWEST else (wide, [])
        if len(columns) < 2 or (len(wide) < 2 * _FEWEST and len(columns) < len(self.columns)):
            known = [i for i in wide if all(_fits([w], self.columns, 0) for w in lines[i])]
            body, columns = (known, self.columns) if known else ([], [])
        if not body or len(columns) < 2:
            return [_text(line) for line in lines]
        self.columns = columns
        return _parts(lines, body, columns)


def _parts(
    lines: Sequence[Line], body: list[int], columns: Sequence[tuple[float, float]]
) -> list[list[list[str]] | str]:
    first, last = body[0], body[-1]
    while first and _follows(lines[first - 1], lines[first]) and _fits(lines[first - 1], columns, 0):
        first -= 1
    while last + 1 < len(lines) and _fits(lines[last + 1], columns, 1):
        last += 1
    before, after = map(_text, lines[:first]), map(_text, lines[last + 1 :])
    return [*before, _rows(lines[first : last + 1], columns), *after]


def _stretch(lines: Sequence[Line], body: list[int]) -> tuple[list[int], list[tuple[float, float]]]:
    """The lines that show most columns: a title with blanks in it above, a note below, hide them."""
    best: tuple[list[int], list[tuple[float, float]]] = ([], [])
    for top in range(min(_EDGE, len(body) - _FEWEST) + 1):
        for bottom in range(min(_EDGE, len(body) - top - _FEWEST) + 1):
            part = body[top : len(body) - bottom]
            columns = _columns([lines[i] for i in part])
            if len(columns) > len(best[1]):
                best = part, columns
    return best


def _text(words: Line) -> str:
    return " ".join(w["text"] for w in words)


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """The stretches of the page's width that words stand in, parted by white that no line crosses."""
    spans = sorted((w["x0"], w["x1"]) for line in lines for w in line)
    out: list[tuple[float, float]] = []
    for x0, x1 in spans:
        if out and x0 - out[-1][1] < _GUTTER:
            out[-1] = (out[-1][0], max(out[-1][1], x1))
        else:
            out.append((x0, x1))
    return out


def _place(word: Any, columns: Sequence[tuple[float, float]]) -> int:
    middle = (word["x0"] + word["x1"]) / 2
    return min(range(len(columns)), key=lambda i: abs(sum(columns[i]) / 2 - middle) if not (
        columns[i][0] <= middle <= columns[i][1]) else -1.0)  # fmt: skip


def _follows(upper: Line, lower: Line) -> bool:
    """Whether a line stands close above another one, in letters of the same size."""
    height, other = (line[0]["bottom"] - line[0]["top"] for line in (lower, upper))
    return abs(height - other) < 0.1 * height and lower[0]["top"] - upper[0]["bottom"] < height


def _fits(line: Line, columns: Sequence[tuple[float, float]], first: int) -> bool:
    """Whether a short line beside the table stands inside one of its columns, from the column `first` on."""
    x0, x1 = line[0]["x0"], line[-1]["x1"]
    return any(c[0] - 1 <= x0 and x1 <= c[1] + 1 for c in columns[first:])


def _rows(lines: Sequence[Line], columns: Sequence[tuple[float, float]]) -> list[list[str]]:
    """Rows by their running numbers; without those a line is a row, or goes on with the one above."""
    words = [w for line in lines for w in line]
    anchors = [w for w in words if _place(w, columns) == 0 and w["text"].isdigit()]
    counted = [int(a["text"]) for a in anchors if len(a["text"]) < 9]
    if len(counted) * 8 < len(lines) or counted != [*range(counted[0], counted[0] + len(anchors))]:
        return _by_lines(lines, columns)
    bounds = [_top(anchors, words, columns)]
    bounds += [_between(a, b, words, columns) for a, b in pairwise(anchors)]
    groups: list[list[Any]] = [[] for _ in range(len(anchors) + 1)]
    for word in words:
        groups[sum(word["top"] >= bound for bound in bounds)].append(word)
    above = [_cells(part, columns) for part in _parted(_by_line(groups[0]))]
    return above + [_cells(_by_line(group), columns) for group in groups[1:]]


def _parted(lines: list[list[Any]]) -> list[list[list[Any]]]:
    """Lines above the first number by the white between them: issuer, heading, the rest of a row of the page before."""
    out: list[list[list[Any]]] = []
    low = 0.0
    for line in lines:
        height = line[0]["bottom"] - line[0]["top"]
        if not out or line[0]["top"] - low > 0.55 * height:
            out.append([])
        out[-1].append(line)
        low = max(low, *(w["bottom"] for w in line))
    return out


def _by_lines(lines: Sequence[Line], columns: Sequence[tuple[float, float]]) -> list[list[str]]:
    out: list[list[str]] = []
    for line in lines:
        row = _cells([line], columns)
        if out and not row[0] and sum(map(bool, row)) == 1:
            out[-1] = [a + b for a, b in zip(out[-1], row, strict=True)]
        else:
            out.append(row)
    return out


def _tops(words: Sequence[Any], columns: Sequence[tuple[float, float]]) -> dict[int, list[float]]:
    """Where the lines of each column begin, from top to bottom."""
    out: dict[int, set[float]] = {}
    for w in words:
        out.setdefault(_place(w, columns), set()).add(round(w["top"], 1))
    return {i: sorted(tops) for i, tops in out.items()}


def _top(anchors: Sequence[Any], words: Sequence[Any], columns: Sequence[tuple[float, float]]) -> float:
    """Where the row of the first number begins: lines above it that follow closely belong to it, a heading does not."""
    anchor = anchors[0]
    height = anchor["bottom"] - anchor["top"]
    # Lines of one row stand closer than rows do.
    apart = min((b["top"] - a["top"] for a, b in pairwise(anchors)), default=2 * height)
    bound = float(anchor["top"])
    for tops in _tops(words, columns).values():
        steps = [b - a for a, b in pairwise(tops) if b - a > 0.5 * height]
        low = [i for i, t in enumerate(tops) if t >= anchor["top"] - 1]
        i = low[0] if low and steps else 0
        while (
            i > 0
            and tops[i] - tops[i - 1] <= min(1.12 * min(steps), 0.9 * apart)
            and tops[i] - anchor["top"] < height
        ):
            i -= 1
            bound = min(bound, tops[i])
    return bound - 1


def _between(a: Any, b: Any, words: Sequence[Any], columns: Sequence[tuple[float, float]]) -> float:
    """Where one row ends and the next begins: at the widest step of the column with most lines between two numbers."""
    slack = 0.25 * (a["bottom"] - a["top"])
    near = _tops([w for w in words if a["top"] - 1 <= w["top"] <= b["top"] + 1], columns)
    if not any(t[0] > a["top"] + slack and t[0] < b["top"] - slack for t in near.values()):
        # All columns have a line beside the first number: rows begin at the height of their numbers.
        return float(b["top"]) - 1
    tops = max(near.values(), key=len)
    middle = (a["top"] + b["top"]) / 2
    steps = [s for s in pairwise(tops) if s[1] - s[0] > slack]
    widest = max(
        steps, key=lambda s: (round(s[1] - s[0]), -abs(sum(s) / 2 - middle)), default=(middle, middle)
    )
    return sum(widest) / 2 + 0.1


def _by_line(words: Sequence[Any]) -> list[list[Any]]:
    tops = sorted({round(w["top"]) for w in words})
    return [sorted((w for w in words if round(w["top"]) == t), key=lambda w: w["x0"]) for t in tops]


def _cells(lines: Sequence[Line], columns: Sequence[tuple[float, float]]) -> list[str]:
    """The cells of one row; lines of a cell are joined without a blank, words of a line with one."""
    out = [""] * len(columns)
    for line in lines:
        found: dict[int, list[str]] = {}
        for word in line:
            found.setdefault(_place(word, columns), []).append(word["text"])
        for i, texts in found.items():
            out[i] += " ".join(texts)
    return out
