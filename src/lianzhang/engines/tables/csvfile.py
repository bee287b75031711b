"""Comma separated files: encoding, delimiter, and a stream of rows in constant memory."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .encoding import find_encoding
from .marks import too_many_columns
from .model import Limits, TableError
from .safe import unguard_text
from .source import RawSheet, Rows, Source

CHUNK = 4_096
_SAMPLE = 1 << 16
_FIELD_LIMIT = 1 << 20
_TAIL_BYTES = 64
_DELIMITERS = ",\t;|"


@dataclass(frozen=True, slots=True)
class TextFormat:
    """How a text file is written: `quotes` says whether an apostrophe occurs at all, `closed` whether a quoted text ends it."""

    encoding: str
    delimiter: str
    quotes: bool
    closed: bool


def read_csv(source: Source, limits: Limits) -> RawSheet:
    """The one sheet of a text file.

    Raises TableError `encoding` (with the line), `too_many_columns`, `broken_quotes`; the last two while streaming.
    """
    form = text_format(source)
    return RawSheet(source.stem, _chunks(source, form, limits), flat=True)


def text_format(source: Source) -> TextFormat:
    """Encoding by decoding all of it, delimiter by the steadiest count over the first lines."""
    encoding, quotes = find_encoding(source)
    with source.open() as handle:
        sample = codecs.getincrementaldecoder(encoding)().decode(handle.read(_SAMPLE))
        handle.seek(0, io.SEEK_END)
        handle.seek(-min(handle.tell(), _TAIL_BYTES), io.SEEK_CUR)
        tail = handle.read().replace(b"\0", b"").rstrip()
    return TextFormat(encoding, _delimiter(sample), quotes, tail.endswith(b'"'))


def _delimiter(sample: str) -> str:
    lines = [line for line in sample.splitlines()[:200] if line.strip()]
    if lines and (match := re.fullmatch(r"\W?sep=(.)", lines[0].strip("\ufeff"))):
        return match[1]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        rows = csv.reader(lines[:-1] or lines, delimiter=delimiter)
        try:
            widths = Counter(len(row) for row in rows)
        except csv.Error:
            continue
        widths.pop(1, None)
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        score = times * min(width, 20)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _chunks(source: Source, form: TextFormat, limits: Limits) -> Iterator[Rows]:
    with source.open() as handle:
        text = io.TextIOWrapper(handle, encoding=form.encoding, newline="")
        try:
            yield from _batches(source, text, form, limits)
        finally:
            text.detach()


def _batches(source: Source, text: io.TextIOWrapper, form: TextFormat, limits: Limits) -> Iterator[Rows]:
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(text, delimiter=form.delimiter)
    end: Rows = []
    # The first batch is small, so that a header can be shown without reading far.
    size = 512
    while True:
        started = reader.line_num + 1
        try:
            batch = [row for _, row in zip(range(size), reader, strict=False)]
        except csv.Error as error:
            raise _broken_quotes(source.name, started, f"{error} in or after line {started}") from error
        if not batch:
            if not form.closed and (lines := _swallowed(end)):
                line = reader.line_num - lines + 1
                raise _broken_quotes(source.name, line, f"the text that begins in line {line} never ends")
            return
        end = [*end, *batch][-2:]
        if max(map(len, batch)) > limits.columns:
            raise too_many_columns(source.name, max(map(len, batch)), limits)
        yield [list(map(unguard_text, row)) for row in batch] if form.quotes else batch
        size = CHUNK


def _swallowed(end: Rows) -> int:
    """How many lines the last cell of the file holds, where its row is as wide as the one before.

    The end of the file ends a quoted text that was never closed, and rows vanish inside a cell. Where the row has
    another width it is refused for that, and only it.
    """
    if not end or not end[-1] or len(end[-1]) != len(end[0]) or set(end[-1][-1]).isdisjoint("\r\n"):
        return 0
    return len(end[-1][-1].splitlines())


def _broken_quotes(name: str, line: int, what: str) -> TableError:
    return TableError(
        "broken_quotes",
        f"{name}: {what}; a quotation mark was probably not closed.",
        "Close the quotation mark, or double quotation marks inside a text.",
        line=line,
    )
