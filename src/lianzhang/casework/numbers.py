"""Numbers of matters, as the process file writes them: `QY{yyyy}{seq:06}`."""

from __future__ import annotations

import re
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
