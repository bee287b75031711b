"""The one clock of the program.

Order of precedence: `LIANZHANG_NOW` (a frozen instant), the catalogue's clock (demonstration cities live in a past
month; `running` moves on from there, `frozen` stands still), wall time. Sessions, tokens and jobs use wall time.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateparse import parse_datetime


def zone() -> ZoneInfo:
    """The city's time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def now() -> datetime:
    """The program's present instant, aware."""
    if override := os.environ.get("LIANZHANG_NOW"):
        return _aware(override)
    clock = _clock_file(settings.CLOCK_FILE, _mtime(settings.CLOCK_FILE))
    if not clock:
        return datetime.now(UTC)
    start = _aware(clock["start"])
    if clock["mode"] == "frozen":
        return start
    return start + (datetime.now(UTC) - _aware(clock["set_at"]))


def today() -> date:
    """The program's present date in the city's time zone."""
    return now().astimezone(zone()).date()


def is_demo_clock() -> bool:
    """Whether the program lives at another time than the wall's."""
    return bool(os.environ.get("LIANZHANG_NOW")) or _mtime(settings.CLOCK_FILE) is not None


def set_clock(start: str | None, mode: str = "running") -> None:
    """Install the catalogue's clock, or remove it with `start=None`. A clock already running from the same start goes on."""
    path: Path = settings.CLOCK_FILE
    if start is None:
        path.unlink(missing_ok=True)
        return
    if path.exists():
        old = json.loads(path.read_text())
        if (old["start"], old["mode"]) == (start, mode):
            return
    _aware(start)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({"start": start, "mode": mode, "set_at": datetime.now(UTC).isoformat()}))
    draft.replace(path)


def wall_ago(seconds: float) -> datetime:
    """The wall-time instant `seconds` ago (for locks and sessions)."""
    return datetime.now(UTC) - timedelta(seconds=seconds)


def _aware(text: str) -> datetime:
    value = parse_datetime(text)
    if value is None:
        raise ValueError(f"'{text}' is not an ISO 8601 instant, expected e.g. 2023-04-10T09:00:00+08:00")
    return value if value.tzinfo else value.replace(tzinfo=zone())


def _mtime(path: Path) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return None


@lru_cache(maxsize=4)
def _clock_file(path: Path, mtime: int | None) -> dict[str, str] | None:
    return None if mtime is None else json.loads(path.read_text())
