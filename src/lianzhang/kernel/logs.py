"""What the program says of itself: one JSON object a line, with the number of the request it belongs to.

Who asked is an id, never a name; bodies and query strings are never said. Signs that end a line cannot: in JSON they
are escaped, in plain lines they are replaced (OWASP ASVS 5.0 V16.4.1).
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

GIVEN = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A number that a proxy draws: 32 hexadecimal digits, or a UUID. Anything looser would let a visitor write a telephone
number or a card number into the log."""
DETAIL = re.compile(r"\n(DETAIL|CONTEXT): [^\n]*")
"""PostgreSQL adds the row's values to an error."""
_bound: ContextVar[dict[str, Any] | None] = ContextVar("bound", default=None)


@contextmanager
def bound(**facts: Any) -> Iterator[None]:
    """Say these facts with every line within the block (`request_id`, `job`, …)."""
    token = _bound.set({**(_bound.get() or {}), **facts})
    try:
        yield
    finally:
        _bound.reset(token)


def now_bound(name: str) -> Any:
    """A fact that is bound now, or None."""
    return (_bound.get() or {}).get(name)


def request_id(given: str | None) -> str:
    """The caller's number of the request if it is one (32 hexadecimal digits or a UUID), else a drawn one."""
    return given if given and GIVEN.fullmatch(given) else secrets.token_hex(16)


class Json(logging.Formatter):
    """A record as one line of JSON; `extra={"facts": {…}}` adds members."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage(),
            **(_bound.get() or {}), **getattr(record, "facts", {}),
        }  # fmt: skip
        if record.exc_info:
            line["error"] = DETAIL.sub("", self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str).translate(SEPARATORS)


SEPARATORS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029", 0x7F: "\\u007f"}
"""Ends of lines that JSON leaves as they are and some readers of logs split at."""
CONTROL = {i: f"\\x{i:02x}" for i in (*range(32), 0x7F, 0x85)} | {0x2028: "\\u2028", 0x2029: "\\u2029"}


class Plain(logging.Formatter):
    """A record as a line for people at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback follows on lines of its own."""
        message, number = record.getMessage().translate(CONTROL), now_bound("request_id")
        head = f"{self.formatTime(record)} {record.levelname} {record.name} {message}"
        head += f" [{number}]" if number else ""
        return head + (f"\n{self.formatException(record.exc_info)}" if record.exc_info else "")


class Daily(logging.Handler):
    """Lines into a file a day, `lianzhang-20261128.jsonl`: several processes append, nobody renames, old days are
    removed by the retention."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = Path(folder)

    def emit(self, record: logging.LogRecord) -> None:
        """Append the line in one write; a full disk must not stop the work that was to be told of."""
        try:
            path = self.folder / f"lianzhang-{datetime.fromtimestamp(record.created, UTC):%Y%m%d}.jsonl"
            with path.open("a", encoding="utf-8") as out:
                out.write(self.format(record) + "\n")
        except OSError:
            self.handleError(record)


def configuration(style: str, level: str, folder: str | None) -> dict[str, Any]:
    """Django's LOGGING: style `json` or `line`; with a folder also a file a day."""
    if style not in ("json", "line"):
        raise SystemExit(f"LIANZHANG_LOG_FORMAT: '{style}' is unknown, expected json or line")
    handlers: dict[str, Any] = {"console": {"class": "logging.StreamHandler", "formatter": style}}
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
        handlers["daily"] = {"class": "lianzhang.kernel.logs.Daily", "folder": folder, "formatter": "json"}
    told = "INFO" if style == "json" or folder else level
    return {
        "version": 1, "disable_existing_loggers": False,
        "formatters": {"json": {"()": "lianzhang.kernel.logs.Json"}, "line": {"()": "lianzhang.kernel.logs.Plain"}},
        "handlers": handlers, "root": {"handlers": list(handlers), "level": level},
        # Each request and job is a line of its own, so that Django need not tell of missing pages again.
        "loggers": {"lianzhang.request": {"level": told}, "lianzhang.job": {"level": told},
                    "django.request": {"level": "CRITICAL"}},
    }  # fmt: skip
