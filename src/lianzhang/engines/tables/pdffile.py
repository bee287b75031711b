"""PDF documents with text: published rosters, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import PurePath
from typing import Any

from .lexicon import word
from .model import Limits, TableError
from .panics import broken
from .pdfguard import check_pdf
from .pdflist import ListReader
from .pdfpage import Item, read_page
from .pdfruns import Joiner
from .source import RawSheet, Source

_INSTEAD = "Ask the issuer for the Excel file, or for a PDF whose text can be marked and copied."
_TABLE_NAMES = {".xlsx", ".xls", ".csv", ".txt", ".tsv", ".parquet", ".zip"}


def read_pdf(source: Source, limits: Limits) -> Iterator[RawSheet]:
    """A sheet per table; a table that goes on over pages is one sheet, named after the page it begins on.

    Rows are numbered as they would stand under one another; lines of text beside a table are rows of one cell.
    Raises TableError `not_a_table` (a PDF under a workbook's name), `no_text` (scanned pages), `too_many_pages`,
    `page_too_full`, `encrypted`, `macros`, `zip_bomb`, `broken_file`.
    """
    if PurePath(source.name).suffix.lower() in _TABLE_NAMES:
        raise TableError(
            "not_a_table",
            f"{source.name} is a PDF document, whatever its name says.",
            "Send the workbook itself, or save the document under its own ending (.pdf).",
        )
    with source.open() as handle:
        check_pdf(handle.read(), source.name, limits)
    with source.open() as handle, _opened(handle, source, limits) as pages:
        pieces = Joiner().pages(_items(pages, source, limits))
        for table, group in groupby(pieces, key=lambda p: (p.table, p.page)):
            name = source.stem if table[0] <= 1 else word("pdf_table").format(page=table[1])
            yield RawSheet(name, (p.rows for p in group if p.rows))


@contextmanager
def _opened(handle: Any, source: Source, limits: Limits) -> Iterator[list[Any]]:
    """The pages of the document, none of them read yet."""
    import pdfplumber

    with _refusing(source.name):
        document = pdfplumber.open(handle)
    with document:
        with _refusing(source.name):
            pages = document.pages
        if len(pages) > limits.pdf_pages:
            raise TableError(
                "too_many_pages",
                f"{source.name} has {len(pages):,} pages; at most {limits.pdf_pages:,} are read.",
                "Split the document, or send the Excel or csv file it was printed from.",
            )
        yield pages


def _items(pages: list[Any], source: Source, limits: Limits) -> Iterator[list[Item]]:
    characters, lists = 0, ListReader()
    for number, page in enumerate(pages, 1):
        with _refusing(f"{source.name}, page {number}"):
            found = len(page.chars)
            characters += found
            lines = len(page.edges)
            if max(found, lines) > limits.pdf_page_objects:
                raise TableError(
                    "page_too_full",
                    f"{source.name}, page {number} holds {max(found, lines):,} signs and lines; "
                    f"at most {limits.pdf_page_objects:,} are read.",
                    "Such a page is a drawing, not a table; send the Excel or csv file.",
                )
            items = read_page(page, lists)
        page.close()
        yield items
    if not characters:
        raise TableError(
            "no_text",
            f"{source.name} is scanned: its {len(pages):,} pages are pictures without text.",
            _INSTEAD,
        )


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """The reader of PDF raises whatever comes up over damage: all of it is one refusal, lack of memory is not."""
    try:
        yield
    except (TableError, MemoryError):
        raise
    except Exception as error:
        raise broken(name, type(error).__name__) from error
