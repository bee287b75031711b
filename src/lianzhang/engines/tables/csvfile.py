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
_DELIMITERS = ",\t;|"


@dataclass(frozen=True, slots=True)
class TextFormat:
    """How a text file is written; `quotes` says whether an apostrophe occurs at all."""

    encoding: str
    delimiter: str
    quotes: bool


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
    return TextFormat(encoding, _delimiter(sample), quotes)


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
    batch: Rows = []
    # The first batch is small, so that a header can be shown without reading far.
    size = 512
    while True:
        started = reader.line_num + 1
        try:
            batch = [row for _, row in zip(range(size), reader, strict=False)]
        except csv.Error as error:
            raise TableError(
                "broken_quotes",
                f"{source.name}: {error} in or after line {started}; a quotation mark was probably not closed.",
                "Close the quotation mark, or double quotation marks inside a text.",
                line=started,
            ) from error
        if not batch:
            return
        if max(map(len, batch)) > limits.columns:
            raise too_many_columns(source.name, max(map(len, batch)), limits)
        yield [list(map(unguard_text, row)) for row in batch] if form.quotes else batch
        size = CHUNK
