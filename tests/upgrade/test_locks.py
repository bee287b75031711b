"""Each migration since the first release on tables of a million rows, with people who read and write them (F10).

The upgrade itself wants web and worker stopped; what is measured is how long a step would hold up somebody who did not.
"""

from __future__ import annotations

import json
import lzma
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tally import case, measured
from town import Town

pytestmark = [pytest.mark.long, pytest.mark.fault("F10"), pytest.mark.timeout(3600)]
FIRST = Path(__file__).with_name("0.1.0.sqlite3.xz")
ROWS, LONGEST = 1_000_000, 5.0
KEYS = {
    "registry_enterprise": {"uscc": "'91' || lpad({n}::text, 16, '0')", "name": "'第' || {n} || '有限公司'"},
    "registry_filing": {"enterprise_id": "{n}"},
    "kernel_event": {"subject": "'enterprise:' || {n}", "seq": "1"},
}
"""Large tables, and the columns that tell their rows apart."""
MIGRATE = """
import json, time
from django.core.management import call_command
for app, name in {steps!r}:
    began = time.monotonic()
    call_command("migrate", app, name, verbosity=0)
    print(json.dumps([app, name, began, time.monotonic()]), flush=True)
    time.sleep(0.1)
"""
"""Every step by itself, with its beginning and its end by the clock that all processes of the machine share."""


@dataclass
class Prober(threading.Thread):
    """Reads and writes a row of a table all the time; keeps how long each took."""

    url: str
    table: str
    write: bool
    stop: threading.Event = field(default_factory=threading.Event)
    took: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            statement = f"SELECT id FROM {self.table} WHERE id = 7"
            if self.write:
                statement = f"UPDATE {self.table} SET id = id WHERE id = 7"
            while not self.stop.is_set():
                began = time.monotonic()
                connection.execute(statement)
                self.took.append((began, time.monotonic() - began))
                time.sleep(0.02)


@pytest.fixture
def first_release(tmp_path: Path) -> Iterator[tuple[str, Town]]:
    """A PostgreSQL database in the shape of the first release, each large table with a million rows."""
    import postgres
    import psycopg

    old = tmp_path / "old.sqlite3"
    old.write_bytes(lzma.decompress(FIRST.read_bytes()))
    with postgres.server({"fsync": "on", "shared_buffers": "256MB", "max_wal_size": "4GB"}) as url:
        if url is None:
            pytest.skip("PostgreSQL is not installed")
        town = Town(tmp_path / "home", {"DATABASE_URL": url}, patience=3000)
        with sqlite3.connect(old) as connection:
            connection.row_factory = sqlite3.Row
            steps = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
            rows = {t: dict(connection.execute(f"SELECT * FROM {t} LIMIT 1").fetchone()) for t in KEYS}
        last = {row["app"]: row["name"] for row in steps}
        town.python(MIGRATE.format(steps=list(last.items())))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SET session_replication_role = replica"
            )  # rows of these tables alone are wanted
            for table, keys in KEYS.items():
                fill(connection, table, rows[table], keys)
            connection.execute("ANALYZE")
        yield url, town


def fill(connection: Any, table: str, row: dict[str, Any], keys: dict[str, str]) -> None:
    """A million copies of one row of the release's own database."""
    kinds = dict(
        connection.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s", [table]
        ).fetchall()
    )
    row = {
        name: None if name.endswith("_id") else bool(value) if kinds[name] == "boolean" else value
        for name, value in row.items()
        if name != "id"
    }  # what a row points at is not there
    expressions = [keys[name].format(n="n") if name in keys else f"%({name})s::{kinds[name]}" for name in row]
    names = ", ".join(f'"{name}"' for name in row)
    connection.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(expressions)} FROM generate_series(1, {ROWS}) n",
        row,
    )


def waiting_of(town: Town) -> list[tuple[str, str]]:
    plan = town.run("manage", "showmigrations", "--plan").stdout.splitlines()
    return [tuple(line.split()[2].split(".", 1)) for line in plan if line.startswith("[ ]")]  # type: ignore[misc]


def test_no_step_holds_up_a_table_of_a_million_rows(first_release: tuple[str, Town]) -> None:
    url, town = first_release
    probers = [Prober(url, table, write) for table in KEYS for write in (False, True)]
    steps = waiting_of(town)
    assert len(steps) > 10
    for each in probers:
        each.start()
    try:
        done = town.python(MIGRATE.format(steps=steps))
    finally:
        for each in probers:
            each.stop.set()
            each.join(30)
    found: dict[str, dict[str, float]] = {}
    for app, name, began, ended in map(json.loads, done.splitlines()):
        case()
        waits = [t for p in probers for at, t in p.took if at + t >= began and at <= ended]
        found[f"{app}.{name}"] = {"seconds": round(ended - began, 1), "longest": round(max(waits), 2)}
    assert len(found) == len(steps)
    for name, seen in found.items():
        if seen["longest"] > 0.5:
            measured(f"{name}: {seen['longest']} s held up, {seen['seconds']} s in all")
    measured(f"{len(found)} steps, {sum(s['seconds'] for s in found.values()):.0f} s")
    held = {name: seen["longest"] for name, seen in found.items() if seen["longest"] > LONGEST}
    assert held == {}, held
