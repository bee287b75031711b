"""One pass over the XML of a workbook for what the fast reader does not tell.

The reader gives an empty cell for a formula error and for a formula without a stored result, and the bare 0.125
for 12.5 %. It also lays out the whole rectangle up to the last cell, so far-off cells must be refused first.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from defusedxml import ElementTree

from .model import Limits, TableError
from .zipguard import broken

_BLOCK = 1 << 20
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_REF = re.compile(rb"""\br\s*=\s*["']\$?([A-Z]{1,3})\$?([0-9]{1,7})["']""")
_STYLE = re.compile(rb"""\bs\s*=\s*["']([0-9]+)["']""")
_TYPE = re.compile(rb"""\bt\s*=\s*["']e["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)</|<(?:\w+:)?is\b")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</)")
_FAR = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']((?:[B-Z][A-Z]{2}|A[L-Z][A-Z])[0-9]+|[A-Z]{1,3}[0-9]{6,})["'][^>]*?(?<!/)>\s*(?!</(?:\w+:)?c>)"""
)
_PERCENT_FORMATS = {9, 10}


@dataclass(slots=True)
class SheetMarks:
    """Special cells of a sheet by (row, column) from 0: what is wrong with them, and which show a percentage."""

    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    formulas: dict[int, dict[int, str]] = field(default_factory=dict)
    percents: dict[int, set[int]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.errors or self.formulas or self.percents)


def sheet_parts(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Sheet name → the part of the archive that holds its XML."""
    try:
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {r.get("Id"): r.get("Target", "") for r in links}
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise broken(name, error) from error
    out = {}
    for sheet in book.iterfind(".//{*}sheet"):
        # The relationship's namespace differs between transitional and strict workbooks.
        link = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
        target = targets.get(link, "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        out[sheet.get("name", "")] = part
    return out


def percent_styles(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """Numbers of the cell styles whose format shows a percentage."""
    try:
        root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    except (KeyError, ElementTree.ParseError):
        return frozenset()
    formats = set(_PERCENT_FORMATS)
    for custom in root.iterfind(".//{*}numFmt"):
        if "%" in custom.get("formatCode", ""):
            formats.add(int(custom.get("numFmtId", "0")))
    cells = root.find("{*}cellXfs")
    styles = [] if cells is None else list(cells)
    return frozenset(
        str(i).encode() for i, xf in enumerate(styles) if int(xf.get("numFmtId", "0")) in formats
    )


def scan_sheet(
    archive: zipfile.ZipFile, part: str, styles: frozenset[bytes], name: str, limits: Limits
) -> SheetMarks:
    """Marks of one sheet.

    Raises TableError `too_many_rows`, `too_many_columns` for cells beyond the limits, `broken_file` for damage.
    """
    marks = SheetMarks()
    for piece in _pieces(archive, part, name):
        for far in _FAR.finditer(piece):
            _check_reach(far[1], name, limits)
        wanted = b'"e"' in piece or b"'e'" in piece or b"<f" in piece or b":f" in piece or bool(styles)
        if wanted:
            for cell in _CELL.finditer(piece):
                _mark(marks, cell[1], cell[2] or b"", styles)
    return marks


def _pieces(archive: zipfile.ZipFile, part: str, name: str) -> Iterator[bytes]:
    """The XML in pieces that end where a row or the sheet ends."""
    rest = b""
    try:
        with archive.open(part) as stream:
            while block := stream.read(_BLOCK):
                rest += block
                if cut := rest.rfind(b"row>") + 4 if b"row>" in rest else 0:
                    yield rest[:cut]
                    rest = rest[cut:]
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise broken(name, error) from error
    yield rest


def _check_reach(ref: bytes, name: str, limits: Limits) -> None:
    match = re.fullmatch(r"([A-Z]+)([0-9]+)", ref.decode())
    if match is None:
        return
    if int(match[2]) > limits.sheet_rows:
        raise too_many_rows(name, int(match[2]), limits)
    if (found := _column(match[1].encode()) + 1) > limits.columns:
        from .csvfile import too_many_columns

        raise too_many_columns(name, found, limits)


def too_many_rows(name: str, found: int, limits: Limits) -> TableError:
    """The refusal of a sheet that should have been a csv file."""
    return TableError(
        "too_many_rows",
        f"{name} reaches down to row {found:,}; at most {limits.sheet_rows:,} rows a sheet are read.",
        "Send the table as csv, which may be of any length.",
    )


def _column(letters: bytes) -> int:
    number = 0
    for char in letters:
        number = number * 26 + char - 64
    return number - 1


def _mark(marks: SheetMarks, attributes: bytes, body: bytes, styles: frozenset[bytes]) -> None:
    formula = _FORMULA.search(body)
    is_error = _TYPE.search(attributes) is not None
    style = _STYLE.search(attributes) if styles else None
    percent = style is not None and style[1] in styles
    if not (formula or is_error or percent) or (ref := _REF.search(attributes)) is None:
        return
    row, column = int(ref[2]) - 1, _column(ref[1])
    value = _VALUE.search(body)
    if is_error:
        shown = (value[1] if value and value[1] else b"#ERROR").decode("utf-8", "replace")
        marks.errors.setdefault(row, {})[column] = unescape(shown)
    elif formula and value is None and not attributes.count(b'"str"'):
        text = (formula[1] or b"").decode("utf-8", "replace")
        marks.formulas.setdefault(row, {})[column] = "=" + unescape(text)
    elif percent and value is not None:
        marks.percents.setdefault(row, set()).add(column)
