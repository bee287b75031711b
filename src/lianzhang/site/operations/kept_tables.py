"""Every table as its database keeps it: rows and one digest, the same after a restore into a database of the same kind.

The digest is the sha256 of the names of the columns and of all rows in the order of their key: on SQLite as JSON of what
is stored, on PostgreSQL as COPY writes it. That needs no model, so a database of an older shape has one too, and costs a
quarter of a walk through the models. What two kinds of database hold of the same is compared by `content`.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connections, transaction

Digests = dict[str, tuple[int, str]]
CHUNK = 1000
ENCODER = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=lambda value: {"bytes": value.hex()}
)
SPELLING = {"TimeZone": "UTC", "DateStyle": "ISO, YMD", "extra_float_digits": "3", "bytea_output": "hex"}
"""How PostgreSQL writes values, whatever the server's own settings say."""


def digests(alias: str = "default") -> Digests:
    """Table → (rows, digest); on PostgreSQL of the one instant that the transaction around it keeps."""
    if connections[alias].vendor == "sqlite":
        return dict(_sqlite(str(connections[alias].settings_dict["NAME"])))
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        for name, value in SPELLING.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        return dict(_postgresql(cursor, connections[alias]))


def _sqlite(name: str) -> Iterator[tuple[str, tuple[int, str]]]:
    """By a connection of its own: Django's makes other values of what is stored."""
    place = name if name.startswith("file:") else f"{Path(name).resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(place, uri=True)) as connection:
        connection.execute("BEGIN")
        listed = connection.execute("PRAGMA table_list").fetchall()
        if not listed:
            raise RuntimeError(f"SQLite {sqlite3.sqlite_version} lists no tables: 3.37 or newer is needed")
        plain = {table: without for _, table, kind, _, without, _ in listed if kind in ("table", "shadow")}
        for table in sorted(t for t in plain if not t.startswith("sqlite_")):
            yield table, _of_sqlite(connection, table, keyless=bool(plain[table]))


def _of_sqlite(connection: sqlite3.Connection, table: str, keyless: bool) -> tuple[int, str]:
    columns = connection.execute(f"PRAGMA table_info({_quoted(table)})").fetchall()
    keys = [_quoted(c[1]) for c in sorted(columns, key=lambda c: c[5]) if c[5]] if keyless else ["rowid"]
    state, count = hashlib.sha256(ENCODER.encode([c[1] for c in columns]).encode()), 0
    rows = connection.execute(f"SELECT * FROM {_quoted(table)} ORDER BY {', '.join(keys)}")  # noqa: S608
    while chunk := rows.fetchmany(CHUNK):
        count += len(chunk)
        state.update(b"," + ENCODER.encode(chunk)[1:-1].encode("utf-8", "surrogatepass"))
    return count, state.hexdigest()


def _postgresql(cursor: Any, connection: Any) -> Iterator[tuple[str, tuple[int, str]]]:
    for table in sorted(t.name for t in connection.introspection.get_table_list(cursor) if t.type == "t"):
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " ORDER BY attnum",
            [_quoted(table)],
        )
        state = hashlib.sha256(ENCODER.encode([name for (name,) in cursor.fetchall()]).encode())
        order = ", ".join(_order(cursor, table)) or 't::text COLLATE "C"'
        rows = f"SELECT * FROM {_quoted(table)} t ORDER BY {order}"  # noqa: S608
        with cursor.cursor.copy(f"COPY ({rows}) TO STDOUT") as copy:
            for block in copy:
                state.update(block)
        yield table, (cursor.cursor.rowcount, state.hexdigest())


def _order(cursor: Any, table: str) -> list[str]:
    """The key's columns; texts by their bytes, as no two servers need sort them alike."""
    cursor.execute(
        "SELECT a.attname, a.attcollation <> 0 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
        " AND a.attnum = ANY (i.indkey) WHERE i.indrelid = %s::regclass AND i.indisprimary ORDER BY a.attnum",
        [_quoted(table)],
    )
    return [_quoted(name) + (' COLLATE "C"' if text else "") for name, text in cursor.fetchall()]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
