"""Bad files of every kind, made as they come."""

from __future__ import annotations

import io
import zipfile

from openpyxl import Workbook

from lianzhang.kernel.imports.tests.bench import CODES, HEAD


def workbook(rows: list[list[object]], **sheets: list[list[object]]) -> bytes:
    """An .xlsx with these rows in its first sheet, and further named sheets."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def good_rows(revenue: object = 1200) -> list[list[object]]:
    """A heading and one good row."""
    return [HEAD.strip().split(","), [CODES[0], "云溪一号有限公司", "东岸区", "3670", revenue, 500]]


def with_member(content: bytes, name: str, body: bytes) -> bytes:
    """A workbook with one more part."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return out.getvalue()


def zip_bomb() -> bytes:
    """A workbook whose sheet unpacks to 300 MB of zeros."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(good_rows()))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for info in source.infolist():
            if info.filename != "xl/worksheets/sheet1.xml":
                archive.writestr(info.filename, source.read(info))
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(300):
                member.write(bytes(1 << 20))
    return out.getvalue()


def archive(**members: bytes) -> bytes:
    """A zip of files; `name__csv` becomes `name.csv`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in members.items():
            target.writestr(name.replace("__", "."), content)
    return out.getvalue()
