"""The content of a database as one digest a table, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections
from django.db.models import Model

NOT_CONTENT = {"django_content_type", "auth_permission"}
"""Rows that the framework numbers by itself in each database; nothing of ours points at them."""
CHUNK = 2000


def models_of(alias: str = "default") -> list[type[Model]]:
    """All models with a table of their own in the database, the tables between two models included, by table name."""
    with connections[alias].cursor() as cursor:
        there = set(connections[alias].introspection.table_names(cursor))
    found = {
        m._meta.db_table: m
        for m in apps.get_models(include_auto_created=True)
        if m._meta.managed and not m._meta.proxy
    }
    return [found[t] for t in sorted(found) if t in there and t not in NOT_CONTENT]


def digests(alias: str = "default") -> dict[str, str]:
    """Table → `<rows>:<digest>`. The digest is the sum of the sha256 of each row, so that no order is needed (two
    databases sort text differently): a row lost, altered or doubled changes it.

    In a database that waits for an upgrade a table may lack columns of this version: it has no digest then.
    """
    return {m._meta.db_table: digest(m, alias) for m in models_of(alias) if _whole(m, alias)}


def _whole(model: type[Model], alias: str) -> bool:
    """Whether the table has all columns that this version knows."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        there = {c.name for c in connection.introspection.get_table_description(cursor, model._meta.db_table)}
    return {f.column for f in model._meta.concrete_fields} <= there


def digest(model: type[Model], alias: str = "default") -> str:
    """Rows and digest of one table over all its columns."""
    total, count = 0, 0
    for row in rows(model, alias):
        total += int.from_bytes(hashlib.sha256(canonical(row)).digest(), "big")
        count += 1
    return f"{count}:{total % (1 << 256):064x}"


def rows(model: type[Model], alias: str = "default") -> Iterator[tuple[Any, ...]]:
    """The rows as Python values in the order of the columns, with constant memory."""
    names = [f.attname for f in model._meta.concrete_fields]
    found = model._base_manager.using(alias).order_by("pk").values_list(*names)
    return iter(found.iterator(chunk_size=CHUNK))


def canonical(row: tuple[Any, ...]) -> bytes:
    """One spelling of a row's values, whatever database they come from."""
    return json.dumps(row, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds") if value.tzinfo else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"d{value.normalize():f}"
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__}: no spelling of it is known")
