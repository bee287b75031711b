"""Read a working calendar from the lines of a CSV ``date,kind``."""

import csv
from collections.abc import Iterable
from datetime import date

from .findings import Finding
from .workdays import KINDS, WorkCalendar


def read_calendar(lines: Iterable[str]) -> tuple[WorkCalendar | None, list[Finding]]:
    """A calendar from CSV lines with the columns ``date`` and ``kind`` (further columns are notes).

    Rows list exceptions to Monday-Friday: ``workday`` or ``holiday``. Returns the calendar, or None and
    every mistake with its line.
    """
    found: list[Finding] = []
    rows: dict[date, str] = {}
    reader = csv.reader(lines)
    header = [cell.strip().lstrip("\ufeff").lower() for cell in next(reader, [])]
    if "date" not in header or "kind" not in header:
        return None, [Finding("no columns 'date' and 'kind'", "the header date,kind", line=1)]
    at = header.index("date"), header.index("kind")
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        cells = [cell.strip() for cell in cells] + [""] * len(header)
        _row(cells[at[0]], cells[at[1]], reader.line_num, rows, found)
    return (None, found) if found else (WorkCalendar(rows), [])


def _row(day_text: str, kind: str, line: int, rows: dict[date, str], found: list[Finding]) -> None:
    try:
        day = date.fromisoformat(day_text)
    except ValueError:
        found.append(Finding(f"date {day_text!r}", "an ISO date as 2023-01-28", line=line))
        return
    if kind not in KINDS:
        found.append(Finding(f"kind {kind!r}", " or ".join(KINDS), line=line))
    elif rows.setdefault(day, kind) != kind:
        found.append(Finding(f"{day} is {kind} here and {rows[day]} above", "one kind a date", line=line))
