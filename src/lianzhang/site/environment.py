"""What the environment tells: data directory, database, secret."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlparse

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-8192;PRAGMA temp_store=MEMORY;",
}
"""A cache of 8 MB for a connection of long work; see also FOR_MANY."""
FOR_MANY = "PRAGMA cache_size=-2048;"
"""For the web processes, whose every thread keeps a connection: the system keeps the file's pages for all of them."""
ONE_EACH = "-c max_parallel_workers_per_gather=0"
"""PostgreSQL for the web processes: a page is one of many at a time, none takes the processors of the others."""


def data_home(city: str) -> Path:
    """The data directory `LIANZHANG_HOME` (default `var/<city>`), created with owner-only rights."""
    home = Path(os.environ.get("LIANZHANG_HOME") or Path("var") / city).resolve()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home


def secret_key(home: Path) -> str:
    """The signing key: from `LIANZHANG_SECRET`, else drawn once per installation and kept in the data directory."""
    if key := os.environ.get("LIANZHANG_SECRET"):
        return key
    path = home / "secret.key"
    if not path.exists():
        draft = home / f"secret.key.{os.getpid()}"
        draft.write_text(secrets.token_urlsafe(48))
        draft.chmod(0o600)
        try:
            os.link(draft, path)  # atomic: two processes starting together agree on one key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def database_config(url: str | None, home: Path) -> dict[str, Any]:
    """Django's database settings from `DATABASE_URL` (`sqlite:///path`, `postgresql://user:pw@host/db`)."""
    if not url:
        return _sqlite(str(home / "db.sqlite3"))
    parts = urlparse(url)
    if parts.scheme == "sqlite":
        return _sqlite(
            parts.path.removeprefix("/") if parts.path.startswith("//") is False else parts.path[1:]
        )
    if parts.scheme not in ("postgres", "postgresql"):
        raise SystemExit(
            f"DATABASE_URL: scheme '{parts.scheme}' is not supported, expected sqlite or postgresql"
        )
    query = {
        "connect_timeout": "4",
        **dict(parse_qsl(parts.query)),
    }  # who asks how we are is answered within 5 s
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def _sqlite(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "CONN_MAX_AGE": 60,
        "OPTIONS": dict(SQLITE_OPTIONS),
    }


def behind_tls() -> dict[str, Any]:
    """Settings of an installation that is reached over TLS only: cookies that stay with this host, and HSTS."""
    return {
        "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, "LANGUAGE_COOKIE_SECURE": True,
        "SESSION_COOKIE_NAME": "__Host-session", "CSRF_COOKIE_NAME": "__Host-csrf",
        "SECURE_HSTS_SECONDS": 31_536_000, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    }  # fmt: skip


def proxies(told: str) -> frozenset[str]:
    """Addresses of the proxies in front, as `LIANZHANG_PROXY` tells: `1` is this machine's own; `unix` a socket."""
    from ipaddress import ip_address

    if told in ("", "0"):
        return frozenset()
    found = set()
    for entry in told.split(","):
        if entry.strip() == "1":
            found |= {"127.0.0.1", "::1", "unix"}
        elif entry.strip() == "unix":
            found.add("unix")
        else:
            try:
                found.add(str(ip_address(entry.strip())))
            except ValueError:
                raise SystemExit(
                    f"LIANZHANG_PROXY: '{entry.strip()[:60]}' is no address, expected 1 or addresses joined by commas"
                ) from None
    return frozenset(found)
