"""PostgreSQL's own programs: where they lie, and how they are told which database (never on the command line)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.db import connections


class Missing(Exception):
    """A program of PostgreSQL is not installed, or older than the server."""


def program(name: str, server: int) -> Path:
    """The program (`pg_dump`, `pg_restore`, `psql`) at least as new as the server's major version; `Missing` if none."""
    places = [Path(p) for p in sorted(_folders(), reverse=True)]
    found = [(version_of(p / name), p / name) for p in places if (p / name).is_file()]
    fitting = sorted(f for f in found if f[0] >= server)
    if fitting:
        return fitting[0][1]
    have = ", ".join(str(v) for v, _ in found) or "none"
    raise Missing(
        f"{name}: version {server} or newer is needed for this server, found {have}; install postgresql-client"
    )


def _folders() -> set[str]:
    out = {str(p.parent) for p in Path("/usr/lib/postgresql").glob("*/bin/psql")}
    which = shutil.which("psql")
    return out | ({str(Path(which).parent)} if which else set())


def version_of(path: Path) -> int:
    """The major version a program says it has; 0 if it says none."""
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)(\.\d+)*", said)
    return int(found[1]) if found else 0


def server_version(alias: str = "default") -> int:
    """The server's major version."""
    connection = connections[alias]
    connection.ensure_connection()
    return int(connection.pg_version) // 10000  # type: ignore[attr-defined]


def environment(alias: str = "default", database: str | None = None) -> dict[str, str]:
    """The environment in which PostgreSQL's programs reach the database: a password on a command line is seen by all."""
    import psycopg

    names = {
        o.keyword.decode(): o.envvar.decode()
        for o in psycopg.pq.Conninfo.get_defaults()
        if o.envvar is not None
    }
    config = connections[alias].settings_dict
    wanted: dict[str, Any] = {
        **config.get("OPTIONS", {}), "host": config["HOST"], "port": config["PORT"], "user": config["USER"],
        "password": config["PASSWORD"], "dbname": database or config["NAME"],
    }  # fmt: skip
    env = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    return env | {names[k]: str(v) for k, v in wanted.items() if v and k in names}


def run(arguments: list[Any], alias: str = "default", database: str | None = None, **more: Any) -> None:
    """Run a program on the database; what it complains of is raised as RuntimeError."""
    done = subprocess.run(
        [str(a) for a in arguments],
        env=environment(alias, database),
        stderr=subprocess.PIPE,
        check=False,
        **more,
    )
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip()
        raise RuntimeError(f"{Path(arguments[0]).name}: {words[-2000:]}")
