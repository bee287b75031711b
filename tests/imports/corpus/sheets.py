"""Files of the corpus: how rows become an .xlsx, an .xls, a text, a Parquet file, a zip or a PDF."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

Rows = Sequence[Sequence[Any]]


def xlsx(sheets: Mapping[str, Rows], merged: Mapping[str, Sequence[str]] | None = None, hidden: Sequence[str] = (),
         hide_rows: Mapping[str, Sequence[int]] | None = None, hide_columns: Mapping[str, Sequence[str]] | None = None,
         formats: Mapping[str, Mapping[str, str]] | None = None) -> bytes:  # fmt: skip
    """A workbook of named sheets; `formats`: sheet → cell → number format."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if c == "" else c for c in row])
        for area in (merged or {}).get(name, ()):
            sheet.merge_cells(area)
        for number in (hide_rows or {}).get(name, ()):
            sheet.row_dimensions[number].hidden = True
        for letter in (hide_columns or {}).get(name, ()):
            sheet.column_dimensions[letter].hidden = True
        for cell, shape in (formats or {}).get(name, {}).items():
            sheet[cell].number_format = shape
        if name in hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(
    sheets: Mapping[str, Rows], merged: Mapping[str, Sequence[tuple[int, int, int, int]]] | None = None
) -> bytes:
    """A workbook of the old kind; merged ranges as (first row, last row, first column, last column) from 0."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if cell != "":
                    sheet.write(i, j, cell)
        for r0, r1, c0, c1 in (merged or {}).get(name, ()):
            sheet.merge(r0, r1, c0, c1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Separated values."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def parquet(columns: Mapping[str, Sequence[Any]]) -> bytes:
    """A Parquet file."""
    import polars

    out = io.BytesIO()
    polars.DataFrame(dict(columns), strict=False).write_parquet(out)
    return out.getvalue()


def archive(members: Mapping[str, bytes], encoding: str = "utf-8") -> bytes:
    """A zip; with `gbk` its names are written as Chinese systems do, without a mark."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2023, 4, 10, 9, 0, 0))
            target.writestr(info, content)
    if encoding == "utf-8":
        return out.getvalue()
    return _renamed(out.getvalue(), members, encoding)


def _renamed(content: bytes, names: Mapping[str, bytes], encoding: str) -> bytes:
    """The same archive with names in another encoding: the library writes them in UTF-8 only. Lengths are kept by padding."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in names:
            raw = name.encode(encoding)
            info = _RawName(raw.decode("latin-1"))
            info.raw = raw
            target.writestr(info, source.read(name))
    return out.getvalue()


class _RawName(zipfile.ZipInfo):
    """A member whose name is written byte by byte."""

    raw = b""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.raw, self.flag_bits
