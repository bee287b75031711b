"""The rehearsal: back up, restore into a home of its own, compare, open pages there, and say how long it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from lianzhang.site.operations import aside, backup, check, content, dump, state

PAGES = 20


def drill(secret: bytes | None = None) -> dict[str, Any]:
    """Rehearse a loss; returns what was found. `faults` is empty when the restored city is the one backed up."""
    folder = backup.default_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".drill-", dir=folder) as place:
        home = Path(place) / "home"
        home.mkdir(mode=0o700)
        made = backup.write(Path(place) / "drill.tar.gz", datetime.now(UTC), secret)
        started = time.monotonic()
        facts, faults = _rebuild(Path(made["file"]), home, secret)
        seconds = {"backup": made["seconds"], "restore": round(time.monotonic() - started, 2)}
    facts |= {"rows": made["rows"], "events": made["events"], "root": made["root"]}
    return state.keep("drill", **facts, faults=faults[: check.MOST_TOLD], seconds=seconds)


def _rebuild(path: Path, home: Path, secret: bytes | None) -> tuple[dict[str, Any], list[str]]:
    """A city stood up from nothing but the backup, in another process as after a loss."""
    if connections["default"].vendor == "sqlite":
        return _in_home(path, home, secret, "")
    with check.scratch_database() as name:
        return _in_home(path, home, secret, _url(name))


def _in_home(path: Path, home: Path, secret: bytes | None, url: str) -> tuple[dict[str, Any], list[str]]:
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "LIANZHANG_NOW")}
    env |= {"LIANZHANG_HOME": str(home), "LIANZHANG_CITY": settings.CITY, "LIANZHANG_LOG": "ERROR"}
    env["DJANGO_SETTINGS_MODULE"] = "lianzhang.site.settings"
    if url:
        env["DATABASE_URL"] = url
    command = [sys.executable, "-m", "lianzhang.cli", "restore", str(path), "--json"]
    given = None
    if secret:
        command, given = [*command, "--key", "/dev/stdin"], secret
    done = subprocess.run(command, env=env, input=given, capture_output=True, check=False)
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip()[-2000:]
        return {"pages": {}}, [_("the backup was not restored: %(why)s") % {"why": why}]
    alias = aside.opened(url or aside.sqlite_url(home / "db.sqlite3"))
    with alias as name:
        again = dump.look(name)
    manifest = json.loads(done.stdout)
    faults = [] if again.root == manifest["root"] else [_("the events' root differs")]
    faults += [] if sum(again.tables.values()) == manifest["rows"] else [_("the number of rows differs")]
    opened = subprocess.run(
        [sys.executable, "-m", "lianzhang.site.operations.pages", str(PAGES)], env=env, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if opened.returncode:
        why = opened.stderr.strip()[-2000:]
        return {"pages": {}}, [*faults, _("the pages could not be opened: %(why)s") % {"why": why}]
    pages: dict[str, int] = json.loads(opened.stdout.splitlines()[-1])
    faults += [
        _("%(page)s: answered %(status)s") % {"page": page, "status": status}
        for page, status in pages.items()
        if status != 200
    ]
    return {"pages": pages, "tables": len(content.models_of())}, faults


def _url(database: str) -> str:
    """DATABASE_URL of another database on the server in use."""
    config: dict[str, Any] = connections["default"].settings_dict
    user = quote(config["USER"], safe="")
    if config["PASSWORD"]:
        user += ":" + quote(config["PASSWORD"], safe="")
    host = config["HOST"] or ""
    port = f":{config['PORT']}" if config["PORT"] and not host.startswith("/") else ""
    query = {k: v for k, v in config.get("OPTIONS", {}).items() if isinstance(v, str)}
    if host.startswith("/"):
        query |= {"host": host} | ({"port": config["PORT"]} if config["PORT"] else {})
        host = ""
    return f"postgresql://{user}@{host}{port}/{database}" + (f"?{urlencode(query)}" if query else "")
