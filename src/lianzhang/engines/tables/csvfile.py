"""Comma separated files: encoding, delimiter, and a stream of rows in constant memory."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .model import Limits, TableError
from .safe import unguard_text
from .source import RawSheet, Rows, Source

CHUNK = 4_096
_BLOCK = 1 << 20
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
    encoding, quotes = _encoding(source)
    with source.open() as handle:
        sample = codecs.getincrementaldecoder(encoding)().decode(handle.read(_SAMPLE))
    return TextFormat(encoding, _delimiter(sample), quotes)


def _encoding(source: Source) -> tuple[str, bool]:
    with source.open() as handle:
        head = handle.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", True
    if b"\x00" in head:
        nulls = (head[0::2].count(0), head[1::2].count(0))
        if max(nulls) * 4 < len(head) // 2:
            raise TableError(
                "not_a_table", f"{source.name} is a binary file, not a table.", "Save it as .xlsx or .csv."
            )
        return ("utf-16-be" if nulls[0] > nulls[1] else "utf-16-le"), True
    utf8 = _try_decode(source, "utf-8-sig")
    if utf8.bad_line is None:
        return "utf-8-sig", utf8.quotes
    gbk = _try_decode(source, "gb18030")
    if gbk.bad_line is None and utf8.wide_before < 20:
        return "gb18030", gbk.quotes
    name, line = ("UTF-8", utf8.bad_line) if utf8.wide_before >= 20 else ("UTF-8 nor GB18030", gbk.bad_line)
    raise TableError(
        "encoding",
        f"{source.name}: line {line} has bytes that are not {name} text.",
        "Save the file as UTF-8 (CSV UTF-8) and check that line.",
        line=line,
    )


@dataclass(slots=True)
class _Trial:
    bad_line: int | None
    wide_before: int
    quotes: bool


def _try_decode(source: Source, encoding: str) -> _Trial:
    """Decode everything block by block; `wide_before` counts bytes of non-ASCII text understood before a failure."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, wide, quotes = 1, 0, False
    with source.open() as handle:
        while True:
            block = handle.read(_BLOCK)
            pending = decoder.getstate()[0]
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good = (pending + block)[: error.start]
                wide += len(good) - len(good.decode("ascii", "ignore"))
                return _Trial(lines + good.count(b"\n"), wide, quotes)
            if not block:
                return _Trial(None, wide, quotes)
            lines += block.count(b"\n")
            quotes = quotes or b"'" in block
            if wide < 20:
                wide += len(block) - len(block.decode("ascii", "ignore"))


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


def too_many_columns(name: str, found: int, limits: Limits) -> TableError:
    """The refusal of a sheet that is wider than any table people fill in."""
    return TableError(
        "too_many_columns",
        f"{name} has {found:,} columns; at most {limits.columns:,} are read.",
        "Delete the unused columns, or check the delimiter.",
    )
