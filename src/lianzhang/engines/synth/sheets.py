"""A small writer of workbooks whose bytes depend on the cells alone.

General writers stamp the time of writing into the file; here every zip entry has a fixed date and no
document properties are written. Text goes inline (ECMA-376 part 1, 18.3.1.53). About 0.5 s per million cells.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | float | int | None
_DATE = (1980, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True)
class Sheet:
    """A sheet: name, rows of cells, merged ranges such as `A1:H1`."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merges: Sequence[str] = ()


def column_letters(index: int) -> str:
    """Return the letters of column `index` (0: A, 26: AA)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write the sheets to `path`; None is an empty cell, text stays text, numbers stay numbers."""
    parts = {"[Content_Types].xml": _content_types(len(sheets)), "_rels/.rels": _root_relations()}
    parts["xl/workbook.xml"] = _workbook(sheets)
    parts["xl/_rels/workbook.xml.rels"] = _workbook_relations(len(sheets))
    for number, sheet in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(sheet)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())


def _sheet(sheet: Sheet) -> str:
    width = max((len(row) for row in sheet.rows), default=0)
    letters = [column_letters(index) for index in range(width)]
    rows = []
    for number, row in enumerate(sheet.rows, 1):
        cells = [_cell(f"{letters[i]}{number}", value) for i, value in enumerate(row) if value is not None]
        rows.append(f'<row r="{number}">{"".join(cells)}</row>')
    merged = "".join(f'<mergeCell ref="{area}"/>' for area in sheet.merges)
    merges = f'<mergeCells count="{len(sheet.merges)}">{merged}</mergeCells>' if sheet.merges else ""
    return f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{"".join(rows)}</sheetData>{merges}</worksheet>'


def _cell(place: str, value: str | float) -> str:
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def _workbook(sheets: Sequence[Sheet]) -> str:
    entries = "".join(
        f'<sheet name="{escape(sheet.name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, 1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets>{entries}</sheets></workbook>'


def _workbook_relations(count: int) -> str:
    entries = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, count + 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _root_relations() -> str:
    entry = f'<Relationship Id="rId1" Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/>'
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{entry}</Relationships>'


def _content_types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in range(1, count + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{sheets}</Types>'
    )
