"""Steps on large tables are of the kind that holds nobody up, and go on from where they broke off (F10)."""

from __future__ import annotations

import lzma
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.models import ForeignKey

from lianzhang.kernel import large_tables
from tally import case
from town import Town

pytestmark = pytest.mark.fault("F10")
FIRST = Path(__file__).with_name("0.1.0.sqlite3.xz")
LARGE = {("registry", "enterprise"), ("registry", "filing"), ("registry", "yearfacts"), ("kernel", "event")}
ASIDE = (
    large_tables.AddIndexAside,
    large_tables.RemoveIndexAside,
    large_tables.AddFields,
    large_tables.HoldReference,
)
NOT_VALID = """
SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid
UNION ALL SELECT conname FROM pg_constraint WHERE NOT convalidated
"""
SHAPE = """
SELECT indexdef FROM pg_indexes WHERE tablename = 'registry_enterprise'
UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'registry_enterprise'::regclass ORDER BY 1
"""


def holds_up(operation: Any) -> bool:
    """Whether the step holds its table as long as it reads the rows."""
    if isinstance(operation, large_tables.AddFields):
        return any(f.unique or (f.db_index and not isinstance(f, ForeignKey)) for _, f in operation.fields)
    if isinstance(operation, ASIDE):
        return False
    if isinstance(operation, migrations.AddField):
        field = operation.field
        return bool(isinstance(field, ForeignKey) or field.db_index or field.unique)
    return isinstance(operation, migrations.AddIndex | migrations.AddConstraint)


def flat(operations: Iterable[Any]) -> Iterator[Any]:
    """The operations that touch the database, also those that are told apart from the state."""
    for operation in operations:
        yield from (
            flat(operation.database_operations) if hasattr(operation, "database_operations") else [operation]
        )


def test_steps_since_the_first_release_hold_no_large_table() -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.deserialize(lzma.decompress(FIRST.read_bytes()))
        released = set(connection.execute("SELECT app, name FROM django_migrations"))
    found = []
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if (app, name) in released:
            continue
        on_large = [
            o for o in flat(migration.operations) if (app, getattr(o, "model_name", "").lower()) in LARGE
        ]
        case(n=len(on_large))
        found += [f"{app}.{name}: {o.describe()}" for o in on_large if holds_up(o)]
        aside = [o for o in on_large if isinstance(o, ASIDE) and not isinstance(o, large_tables.AddFields)]
        assert not (aside and migration.atomic), (
            f"{app}.{name} builds beside the work: it says atomic = False"
        )
    assert found == []


@pytest.fixture
def on_postgresql(tmp_path: Path) -> Iterator[tuple[Town, Any]]:
    import postgres
    import psycopg

    with postgres.server() as url:
        if url is None:
            pytest.skip("PostgreSQL is not installed")
        with psycopg.connect(url, autocommit=True) as connection:
            yield Town(tmp_path / "home", {"DATABASE_URL": url}), connection


@pytest.mark.long
def test_broken_builds_are_made_anew(on_postgresql: tuple[Town, Any]) -> None:
    town, connection = on_postgresql
    town.run("manage", "migrate", "--verbosity", "0")
    whole = connection.execute(SHAPE).fetchall()
    assert any("survivor_id" in line and "FOREIGN KEY" in line for (line,) in whole)

    town.run("manage", "migrate", "registry", "0002", "--verbosity", "0")
    old = connection.execute(SHAPE).fetchall()
    assert any("(status)" in line for (line,) in old), "the way back makes the indexes that were let go"
    row = "('{}', 'x', '[]', '', '', '', '[]', 'unknown', false, '{{}}', '{{}}', 'unknown')"
    for code in ("1", "2"):
        connection.execute(
            "INSERT INTO registry_enterprise (uscc, name, former_names, area_path, street, address, products, status,"
            f" registered, origin, conflicts, size) VALUES {row.format(code)}"
        )
    breaks_off(connection, "enterprise_of_status", "status")
    connection.execute(
        "CREATE INDEX enterprise_of_size ON registry_enterprise (size, revenue DESC NULLS LAST, id DESC)"
    )
    town.run("manage", "migrate", "registry", "0011", "--verbosity", "0")
    breaks_off(connection, "registry_enterprise_survivor_id_" + suffix(whole), "name")
    connection.execute(
        f"ALTER TABLE registry_enterprise ADD CONSTRAINT {key(whole)} FOREIGN KEY (survivor_id)"
        " REFERENCES registry_enterprise (id) DEFERRABLE INITIALLY DEFERRED NOT VALID"
    )
    case(n=4)
    assert len(connection.execute(NOT_VALID).fetchall()) == 2
    town.run("manage", "migrate", "--verbosity", "0")
    assert connection.execute(NOT_VALID).fetchall() == []
    assert connection.execute(SHAPE).fetchall() == whole


def breaks_off(connection: Any, name: str, column: str) -> None:
    """Leave an index behind as a build that broke off does: here it found two rows the same."""
    import psycopg

    with pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON registry_enterprise ({column})")


def suffix(shape: list[tuple[str]]) -> str:
    [line] = [line for (line,) in shape if "INDEX registry_enterprise_survivor_id_" in line]
    return line.split("registry_enterprise_survivor_id_")[1].split()[0]


def key(shape: list[tuple[str]]) -> str:
    [line] = [line for (line,) in shape if "FOREIGN KEY (survivor_id)" in line]
    return line.split()[0]


@pytest.mark.long
def test_on_sqlite_the_steps_go_on_too(tmp_path: Path) -> None:
    town = Town(tmp_path / "home")
    town.run("manage", "migrate", "--verbosity", "0")
    database = town.home / "db.sqlite3"
    shape = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'registry_enterprise' AND type = 'index' ORDER BY 1"
    with sqlite3.connect(database) as connection:
        whole = connection.execute(shape).fetchall()
    town.run("manage", "migrate", "registry", "0002", "--verbosity", "0")
    with sqlite3.connect(database) as connection:
        connection.execute(dict(whole)["enterprise_of_status"])
    town.run("manage", "migrate", "--verbosity", "0")
    case()
    with sqlite3.connect(database) as connection:
        assert connection.execute(shape).fetchall() == whole
