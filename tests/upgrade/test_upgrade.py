"""A database of every past release is brought up to date: nothing is lost, nothing altered, the pages open."""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tally import case

pytestmark = pytest.mark.fault("F10")
HERE = Path(__file__).parent
RELEASES = sorted(HERE.glob("*.sqlite3.xz"))
OWN = {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}
"""Tables of the framework, to which a migration adds rows."""

MOVED = {
    ("city_source", "cycle_days"): "the catalogue says for each data set when a source delivers; loading it fills the new table",
    ("city_area", "shape"): "city_outline.geometry: the border of an area apart from the area",
}  # fmt: skip
"""Columns that are gone, and where what they held stands now."""

PAGES = """
import django; django.setup()
from django.test import Client
from lianzhang.kernel.models import User
for role in ("director", "chain_office", "enterprise", "auditor"):
    user = User.objects.filter(memberships__role=role).order_by("pk").first()
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in ("/", "/enterprises/", "/matters/", "/chains/"):
        print(role, path, client.get(path).status_code)
"""


def columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The columns of every table."""
    tables = [
        r[0] for r in connection.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")
    ]
    return {t: [c[1] for c in connection.execute(f'PRAGMA table_info("{t}")')] for t in tables}


def contents(path: Path, shape: dict[str, list[str]]) -> dict[str, tuple[int, str]]:
    """Rows and sha256 of each table over the named columns."""
    out = {}
    with sqlite3.connect(path) as connection:
        for table, names in shape.items():
            state, count = hashlib.sha256(), 0
            chosen = ", ".join(f'"{n}"' for n in names)
            for row in connection.execute(f'SELECT {chosen} FROM "{table}" ORDER BY {chosen}'):
                state.update(repr(row).encode())
                count += 1
            out[table] = (count, state.hexdigest())
    return out


def outlines(connection: sqlite3.Connection, query: str) -> dict[int, Any]:
    """Key of the area → its border."""
    return {key: json.loads(text) for key, text in connection.execute(query)}


def lianzhang(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LIANZHANG_", "DATABASE_URL", "DJANGO_"))}
    env |= {"LIANZHANG_HOME": str(home), "LIANZHANG_CITY": "example", "PYTHONUTF8": "1"}
    env["DJANGO_SETTINGS_MODULE"] = "lianzhang.site.settings"
    return subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True, check=False)


def test_a_database_of_every_release_is_kept() -> None:
    assert [p.name.removesuffix(".sqlite3.xz") for p in RELEASES][:1] == ["0.1.0"]


def by_migrate(home: Path) -> None:
    """As Django does it."""
    moved = lianzhang(home, "-m", "lianzhang.cli", "manage", "migrate", "--verbosity", "0")
    assert moved.returncode == 0, moved.stderr


def by_upgrade(home: Path) -> None:
    """As docs/how-to says: read the plan, back up, one command. Without a backup nothing changes."""

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return lianzhang(home, "-m", "lianzhang.cli", *command)

    planned = run("upgrade", "--plan", "--json")
    assert planned.returncode == 0, planned.stderr
    steps = json.loads(planned.stdout)
    assert {step["migration"].partition(".")[0] for step in steps} >= {
        "kernel",
        "city",
        "registry",
        "casework",
    }
    state = hashlib.sha256((home / "db.sqlite3").read_bytes()).hexdigest()
    refused = run("upgrade")
    assert refused.returncode == 1
    assert "lianzhang backup" in refused.stderr
    assert hashlib.sha256((home / "db.sqlite3").read_bytes()).hexdigest() == state
    backed = run("backup")
    assert backed.returncode == 0, backed.stderr
    done = run("upgrade", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["steps"] == len(steps)
    assert json.loads(run("upgrade", "--json").stdout)["steps"] == 0


@pytest.mark.parametrize("bring", [by_migrate, by_upgrade], ids=["migrate", "upgrade"])
@pytest.mark.parametrize("packed", RELEASES, ids=lambda p: p.name.removesuffix(".sqlite3.xz"))
def test_upgrade(packed: Path, bring: Callable[[Path], None], tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    database = home / "db.sqlite3"
    database.write_bytes(lzma.decompress(packed.read_bytes()))
    with sqlite3.connect(database) as connection:
        shapes = outlines(
            connection, "SELECT id, shape FROM city_area WHERE shape IS NOT NULL AND shape <> 'null'"
        )
        old = {
            t: [n for n in names if (t, n) not in MOVED]
            for t, names in columns(connection).items()
            if t not in OWN
        }
    before = contents(database, old)
    assert before["kernel_event"][0] > 50, "the release's database is empty"

    bring(home)
    with sqlite3.connect(database) as connection:
        new = columns(connection)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not connection.execute("PRAGMA foreign_key_check").fetchall()
        assert shapes, "the release's database has no outlines"
        assert outlines(connection, "SELECT area_id, geometry FROM city_outline") == shapes
    missing = {t: set(names) - set(new.get(t, [])) for t, names in old.items()}
    assert not any(missing.values()), "columns of old are gone: write how their content moved"
    after = contents(database, old)
    case(n=len(old))
    assert [t for t in old if after[t] != before[t]] == []

    ready = lianzhang(home, "-m", "lianzhang.cli", "init", "--city", "example")
    assert ready.returncode == 0, ready.stderr
    verified = lianzhang(home, "-m", "lianzhang.cli", "verify", "--json")
    assert verified.returncode == 0
    assert json.loads(verified.stdout)["faults"] == []
    opened = lianzhang(home, "-c", PAGES)
    assert opened.returncode == 0, opened.stderr
    answers = [line.split() for line in opened.stdout.splitlines()]
    assert len(answers) == 16
    assert all(status == "200" for _, path, status in answers if path == "/"), answers
    assert {who: status for who, path, status in answers if path == "/enterprises/"} == {
        "director": "200", "chain_office": "200", "enterprise": "302", "auditor": "404",
    }  # fmt: skip
