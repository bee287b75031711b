"""Numbers of matters, as the process file writes them: `QY{yyyy}{seq:06}`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from lianzhang.casework.models import Series
from lianzhang.engines.casework import Process
from lianzhang.kernel import time

_PART = re.compile(r"\{(yyyy|yy|mm|seq)(?::0(\d{1,2}))?\}")


def next_number(process: Process, at: datetime) -> str:
    """The next number of the kind's series of the year; two writers never get the same one."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is given inside the transaction that uses it")
    local = at.astimezone(time.zone())
    Series.objects.get_or_create(kind=process.kind, year=local.year)
    series = Series.objects.select_for_update().get(kind=process.kind, year=local.year)
    series.last += 1
    series.save(update_fields=["last"])
    pattern = process.number or process.kind.upper().replace("_", "") + "{yyyy}{seq:06}"
    values = {"yyyy": f"{local.year:04}", "yy": f"{local.year % 100:02}", "mm": f"{local.month:02}"}

    def fill(match: re.Match[str]) -> str:
        width = int(match[2] or 0)
        return f"{series.last:0{width}d}" if match[1] == "seq" else values[match[1]]

    return _PART.sub(fill, pattern)


def keep_clear(process: Process, numbers: Iterable[str], at: datetime) -> None:
    """Numbers taken over from elsewhere: those of the kind's own pattern are never given again."""
    pattern = process.number or process.kind.upper().replace("_", "") + "{yyyy}{seq:06}"
    shape = re.compile(_shape(pattern))
    year = at.astimezone(time.zone()).year
    last: dict[int, int] = {}
    for number in numbers:
        if found := shape.fullmatch(number):
            parts = found.groupdict()
            of = int(parts["yyyy"]) if "yyyy" in parts else 2000 + int(parts["yy"]) if "yy" in parts else year
            last[of] = max(last.get(of, 0), int(parts.get("seq") or 0))
    for of, seq in last.items():
        series, _ = Series.objects.select_for_update().get_or_create(kind=process.kind, year=of)
        if series.last < seq:
            series.last = seq
            series.save(update_fields=["last"])


def _shape(pattern: str) -> str:
    """The pattern of numbers as a regular expression; each part once by its name, again without one."""
    out, end, named = "", 0, set()
    digits = {"yyyy": "[0-9]{4}", "yy": "[0-9]{2}", "mm": "[0-9]{2}", "seq": "[0-9]{1,9}"}
    for match in _PART.finditer(pattern):
        name = match[1]
        out += re.escape(pattern[end : match.start()])
        out += f"(?:{digits[name]})" if name in named else f"(?P<{name}>{digits[name]})"
        named.add(name)
        end = match.end()
    return out + re.escape(pattern[end:])
