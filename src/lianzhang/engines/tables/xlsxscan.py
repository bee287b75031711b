"""One pass over the XML of a workbook for what the fast reader does not tell.

The reader gives an empty cell for a formula error and for a formula without a stored result, and the bare 0.125
for 12.5 %. It also lays out the whole rectangle up to the last cell, so far-off cells must be refused first.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from html import unescape

from defusedxml import DefusedXmlException, ElementTree

from .marks import SheetMarks, check_reach
from .model import Limits
from .panics import broken
from .zipguard import ZIP_ERRORS

_BLOCK = 1 << 20
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_REF = re.compile(rb"""\br\s*=\s*["']\$?([A-Z]{1,3})\$?([0-9]{1,7})["']""")
_STYLE = re.compile(rb"""\bs\s*=\s*["']([0-9]+)["']""")
_TYPE = re.compile(rb"""\bt\s*=\s*["']e["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)</|<(?:\w+:)?is\b")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</)")
# A filled cell: its element is neither closed at once nor followed by its end.
_FILLED = rb"""[^>]*?(?<!/)>\s*(?!</(?:\w+:)?c>)"""
_FAR = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']((?:[B-Z][A-Z]{2}|A[L-Z][A-Z])[0-9]+|[A-Z]{1,3}[0-9]{6,})["']"""
    + _FILLED
)
#: Filled cells beyond column CV, the hundredth.
_WIDE = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']((?:C[W-Z]|[D-Z][A-Z]|[A-Z]{3})[0-9]+)["']""" + _FILLED
)
_ANY = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']([A-Z]{1,3}[0-9]{1,7})["']""" + _FILLED)
_PERCENT_FORMATS = {9, 10}


def sheet_parts(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Sheet name → the part of the archive that holds its XML."""
    try:
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {r.get("Id"): r.get("Target", "") for r in links}
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    except (*ZIP_ERRORS, ElementTree.ParseError, DefusedXmlException) as error:
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
    except (*ZIP_ERRORS, ElementTree.ParseError, DefusedXmlException):
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
    columns = 0
    for piece in _pieces(archive, part, name):
        for far in _FAR.finditer(piece):
            row, column = _place(far[1])
            check_reach(row + 1, 1, name, limits)
            check_reach(1, column + 1, name, limits)
        columns = max(columns, *(_place(wide[1])[1] + 1 for wide in _WIDE.finditer(piece)), 0)
        if b'"e"' in piece or b"'e'" in piece or b"<f" in piece or b":f" in piece or styles:
            for cell in _CELL.finditer(piece):
                _mark(marks, cell[1], cell[2] or b"", styles)
    if columns:
        # Only a wide sheet can span too large a rectangle within the limit of rows: its rows are worth a second look.
        refs = (_place(c[1])[0] + 1 for piece in _pieces(archive, part, name) for c in _ANY.finditer(piece))
        check_reach(max(refs, default=0), columns, name, limits)
    return marks


def _place(ref: bytes) -> tuple[int, int]:
    """Row and column from 0 of a reference such as CW12."""
    letters = ref.rstrip(b"0123456789")
    return int(ref[len(letters) :]) - 1, _column(letters)


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
    except ZIP_ERRORS as error:
        raise broken(name, error) from error
    yield rest


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
