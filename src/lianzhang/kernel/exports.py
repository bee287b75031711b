"""Write tables out: csv, xlsx, parquet; free of formula injection; marked when synthetic."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lianzhang.engines.tables import guard_text
from lianzhang.kernel import time

XLSX_ROWS = 300_000
# Characters outside XML 1.0 (section 2.2): a workbook that holds one cannot be opened.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def safe(value: Any) -> Any:
    """A cell that no spreadsheet will run, and that our own reader of tables takes back as it was; numbers stay numbers."""
    return guard_text(value) if isinstance(value, str) else value


def plain(value: Any) -> Any:
    """A value as a csv cell: unknown empty, dates ISO, whole floats without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(time.zone()).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return safe(str(value)) if not isinstance(value, int) else value


class _Echo:
    def write(self, text: str) -> str:
        return text


def printable(text: str) -> str:
    """The text with a mark (U+FFFD) for every character that no workbook may hold: one such name in the registers
    must not stop the whole list from being exported."""
    return FORBIDDEN.sub("\ufffd", text)


def csv_lines(header: list[str], rows: Iterable[list[Any]], bom: bool) -> Iterator[str]:
    """Lines of a csv file."""
    writer = csv.writer(_Echo(), lineterminator="\r\n" if bom else "\n")  # type: ignore[arg-type]
    if bom:
        yield "\ufeff"
    yield writer.writerow([safe(h) for h in header])
    for row in rows:
        yield writer.writerow([plain(v) for v in row])


def write_xlsx(target: Any, header: list[str], rows: Iterable[list[Any]], notes: list[str]) -> None:
    """One sheet with a frozen head; notes (source, day, synthetic mark) on a second."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Data"))
    sheet.freeze_panes = "A2"

    def cell(value: Any) -> Any:
        value = str(value) if isinstance(value, Promise) else value  # a word still to be translated
        if isinstance(value, str):
            text = WriteOnlyCell(sheet, value=printable(value))
            text.data_type = "s"  # never a formula
            return text
        return value.astimezone(time.zone()).replace(tzinfo=None) if isinstance(value, datetime) else value

    sheet.append([cell(h) for h in header])
    for row in rows:
        sheet.append([cell(v) for v in row])
    about = book.create_sheet(_("Notes"))
    for note in notes:
        about.append([printable(note)])
    book.save(target)


def write_parquet(
    target: Path, header: list[str], rows: Iterable[list[Any]], types: Mapping[str, str]
) -> None:
    """A parquet file typed by the fields, also where nothing is known; cells that do not fit become text."""
    import polars as pl

    known = {
        "money": pl.Float64,
        "number": pl.Float64,
        "percent": pl.Float64,
        "int": pl.Int64,
        "date": pl.Date,
    }
    columns: list[Any] = list(zip(*rows, strict=True)) or [[] for _ in header]
    data = {}
    for name, values in zip(header, columns, strict=True):
        try:
            data[name] = pl.Series(name, list(values), known.get(types.get(name, ""), pl.String), strict=True)
        except (TypeError, pl.exceptions.PolarsError):
            data[name] = pl.Series(name, [None if v is None else str(v) for v in values])
    pl.DataFrame(data).write_parquet(target)


def answer(
    request: HttpRequest, name: str, header: list[str], rows: Iterable[list[Any]], synthetic: bool,
    notes: Iterable[str] = (),
) -> HttpResponse:  # fmt: skip
    """A download of a list: `?format=csv|xlsx`. The synthetic mark stands in the file's name and in its notes;
    `notes` stand before it."""
    kind = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    stem = f"{name}_{time.today():%Y%m%d}" + ("_" + _("synthetic data") if synthetic else "")
    notes = [
        *notes,
        _("Exported %(when)s by %(who)s")
        % {"when": f"{time.now().astimezone(time.zone()):%Y-%m-%d %H:%M}", "who": request.actor.name},  # type: ignore[attr-defined]
        _("Filters: %(filters)s") % {"filters": request.GET.urlencode() or "—"},
    ]
    if synthetic:
        notes.append(_("Synthetic data for demonstration: no figure describes a real enterprise."))
    if kind == "csv":
        footer = [["# " + n] for n in notes] if synthetic else []
        lines = csv_lines(header, _chain(rows, footer), bom=True)
        response: HttpResponse = StreamingHttpResponse(
            (line.encode() for line in lines), content_type="text/csv; charset=utf-8"
        )  # type: ignore[assignment]
    else:
        buffer = io.BytesIO()
        write_xlsx(buffer, header, rows, notes)
        response = HttpResponse(
            buffer.getvalue(),
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stem)}.{kind}"
    return response


def _chain(rows: Iterable[list[Any]], footer: list[list[Any]]) -> Iterator[list[Any]]:
    yield from rows
    yield from footer


def write_file(
    target: Path, kind: str, header: list[str], rows: Iterable[list[Any]], types: Mapping[str, str]
) -> None:
    """A file of a command: csv without BOM, xlsx, or parquet. `types`: field type of the columns that are no text."""
    if kind == "parquet":
        write_parquet(target, header, rows, types)
    elif kind == "xlsx":
        with target.open("wb") as handle:
            write_xlsx(handle, header, rows, [])
    else:
        with target.open("w", encoding="utf-8", newline="") as handle:
            handle.writelines(csv_lines(header, rows, bom=False))
