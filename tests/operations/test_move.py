"""A city moved to PostgreSQL and back is the same city; an upgrade wants a backup and shows its steps."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from town import Town

pytestmark = pytest.mark.long
MORE = """
from django.db import transaction
from lianzhang.kernel import events
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import SYSTEM
before = Event.objects.order_by("-pk").first().pk
with transaction.atomic():
    events.record(SYSTEM, "test:after", "went on", {})
assert Event.objects.order_by("-pk").first().pk == before + 1
"""


def test_to_postgresql_and_back(town: Town, tmp_path: Path, pg_database: Callable[[str], str]) -> None:
    url, before = pg_database("moved"), town.json("verify")
    worker = subprocess.Popen([sys.executable, "-m", "lianzhang.cli", "worker"], env=town.environment())
    try:
        while not (town.home / "jobs" / "worker.beat").exists():
            assert worker.poll() is None
        assert "stop them first" in town.run("move-database", url, status=1).stderr
    finally:
        worker.terminate()
        worker.wait()
    before = town.json("verify")
    moved = town.json("move-database", url)
    assert moved["root"] == before["root"]
    assert moved["rows"] > 5000
    there = Town(town.home, {"DATABASE_URL": url})
    assert there.json("verify") == before
    there.python(MORE)
    assert "not empty" in town.run("move-database", url, status=1).stderr
    again = there.json("verify")
    back = f"sqlite:///{tmp_path / 'back.sqlite3'}"
    there.run("move-database", back)
    home = Town(town.home, {"DATABASE_URL": back})
    assert home.json("verify") == again
    home.python(MORE)
    found = home.python(
        "from lianzhang.site.operations import pages; import json; print(json.dumps(pages.opened(8)))"
    )
    assert found.count("200") == 8
    assert "same database" in home.run("move-database", back, status=1).stderr


def test_an_upgrade_wants_a_backup_and_shows_its_steps(town: Town) -> None:
    town.run("manage", "migrate", "kernel", "0004", "--verbosity", "0")
    plan = town.json("upgrade", "--plan")
    assert any("CREATE TABLE" in line or "ALTER TABLE" in line for step in plan for line in step["sql"])
    assert all(step["seconds"] > 0 for step in plan)
    assert "lianzhang backup" in town.run("upgrade", status=1).stderr
    town.run("backup")
    assert town.json("upgrade")["steps"] == len(plan)
    assert town.json("upgrade")["steps"] == 0
    town.python(
        "from django.db import connection\n"
        "connection.cursor().execute(\"INSERT INTO django_migrations (app, name, applied) VALUES ('kernel', '9999_x', '2030-01-01')\")"
    )
    assert "newer version" in town.run("upgrade", status=1).stderr
