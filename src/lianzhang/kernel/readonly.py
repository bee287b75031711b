"""Read-only mode: everything can be looked up, nothing can be changed, by nobody and no process.

The mode is a file, so that it holds for web, worker and commands at once and can be entered while the database or the
disk does not take anything. The guard stands at the database itself: a forgotten way of writing fails there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created

RETRY_AFTER = 60
"""Seconds after which a refused writer may ask again."""
WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|TRUNCATE|COPY|MERGE|(?:WITH\b.*\b(?:INSERT|UPDATE|DELETE)\b))",
    re.IGNORECASE | re.DOTALL,
)
_lifted: ContextVar[bool] = ContextVar("lifted", default=False)


class ReadOnly(Exception):
    """Something was to be written while the installation is read-only."""


@dataclass(frozen=True)
class Mode:
    """Why and since when nothing is written; `by`: `hand`, or `disk` when it was nearly full."""

    reason: str
    since: str
    by: str

    @property
    def began(self) -> datetime:
        return datetime.fromisoformat(self.since)


def _path() -> Path:
    return Path(settings.HOME) / "read-only.json"


def mode() -> Mode | None:
    """The mode, None in ordinary work. Costs one look at the file's date."""
    try:
        return _read(_path(), _path().stat().st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=4)
def _read(path: Path, _mtime: int) -> Mode:
    try:
        return Mode(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):  # the disk was full while it was written; that it is there says enough
        return Mode("", datetime.now(UTC).isoformat(timespec="seconds"), "disk")


def enter(reason: str, by: str = "hand") -> Mode:
    """Begin; asked by hand while the disk had begun it, it stays until it is ended by hand."""
    found = Mode(reason, datetime.now(UTC).isoformat(timespec="seconds"), by)
    draft = _path().with_suffix(".new")
    try:
        draft.write_text(json.dumps(asdict(found), ensure_ascii=False), encoding="utf-8")
        draft.replace(_path())
    except OSError:
        if by != "disk":
            raise
        draft.unlink(missing_ok=True)
        _path().touch()  # takes no room
    return found


def leave() -> None:
    """End it."""
    _path().unlink(missing_ok=True)


@contextmanager
def lifted() -> Iterator[None]:
    """What maintenance itself writes (migrations, a moved database)."""
    token = _lifted.set(True)
    try:
        yield
    finally:
        _lifted.reset(token)


def ask(sql: str) -> None:
    """Raises ReadOnly where this statement would write and nothing is to be written: for those that go to the driver itself,
    which no wrapper sees."""
    if WRITES.match(sql) and mode() is not None and not _lifted.get():
        raise ReadOnly("the installation is read-only now (`lianzhang maintenance off` ends it)")


def guard(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Around every statement: refuses those that write."""
    if isinstance(sql, str):
        ask(sql)
    return execute(sql, params, many, context)


def _guarded(connection: Any, **_: Any) -> None:
    if guard not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, guard)


def connect() -> None:
    """Guard every database that is opened from now on."""
    connection_created.connect(_guarded, dispatch_uid="kernel.readonly")
