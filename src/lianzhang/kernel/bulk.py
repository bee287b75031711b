"""Write many plain rows with one prepared statement: a city's deliveries come by the hundred thousand.

The ORM's bulk insert spends most of its time on values that need no conversion (measured: 10 of 16 CPU seconds for
128,000 rows of seven columns), so numbers, texts and booleans go to the driver as they are; other fields are converted.
PostgreSQL takes rows by COPY: statements one by one cost it more than half the time of a delivery.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, router

from lianzhang.kernel import readonly

T = TypeVar("T")
_encoded = json.JSONEncoder().encode
PLAIN = (
    models.FloatField,
    models.IntegerField,
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.ForeignKey,
)

BREATH = 0.03
"""Seconds."""


def insert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    constants: Mapping[str, Any],
) -> None:
    """Insert rows in the order of `columns` (attribute names); `constants` stand in every row. Every column without a
    database default must be named: the model's own defaults do not apply here."""
    connection = connections[router.db_for_write(model)]
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    fixed = [fields[name].get_db_prep_save(value, connection) for name, value in constants.items()]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(fields[name].column)) for name in (*columns, *constants))
    whole = ((*row, *fixed) for row in _prepared(fields, columns, rows, connection))
    if connection.vendor == "postgresql":
        _copy(connection, f"{quote(model._meta.db_table)} ({names})", whole)
        return
    places = ", ".join(["%s"] * (len(columns) + len(constants)))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608 (names of our own models)
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(whole))


def _copy(connection: Any, target: str, rows: Iterable[Sequence[Any]]) -> None:
    statement = f"COPY {target} FROM STDIN"
    readonly.ask(statement)
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def reserve(model: type[models.Model], count: int) -> list[int]:
    """Keys for `count` rows about to be inserted in this transaction, so that rows can refer to one another before they
    are written."""
    connection = connections[router.db_for_write(model)]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = f"pg_get_serial_sequence('{table}', '{model._meta.pk.column}')"
            cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [count])  # noqa: S608
            return [pk for (pk,) in cursor.fetchall()]
        # SQLite has one writer, and that is this transaction: nobody else takes these keys.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    first = (found[0] if found else 0) + 1
    return list(range(first, first + count))


def among(ids: Collection[int], field: str = "pk") -> models.Q:
    """Rows whose key is one of these. Keys without a gap, as those of a fresh delivery are, are asked for by the least and
    the greatest: a list of thousands takes longer to be read than its rows to be found."""
    if ids and max(ids) - min(ids) == len(set(ids)) - 1:
        return models.Q((f"{field}__gte", min(ids)), (f"{field}__lte", max(ids)))
    return models.Q((f"{field}__in", ids))


def by_key(rows: models.QuerySet[Any], size: int) -> Iterator[list[Any]]:
    """Keys of the rows, in order and `size` at a time, with a breath after each part in which others get to write. Asked
    anew for each: under a cursor that stays open SQLite lets nobody write, as its reader holds an older state."""
    keys = rows.order_by("pk").values_list("pk", flat=True)
    part = list(keys[:size])
    while part:
        yield part
        time.sleep(BREATH)
        part = list(keys.filter(pk__gt=part[-1])[:size])


def take_stock() -> None:
    """Let the database look at its tables anew after much was written, so that it reads them by the right index."""
    # Whole: with a limit SQLite counts a value that half of a table has as 2,000 rows, and sorts the half.
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("ANALYZE")


def blank(model: type[models.Model], without: Sequence[str]) -> dict[str, Any]:
    """The columns of a new row that are not in `without`, with what stands in them by default."""
    fields = (f for f in model._meta.local_concrete_fields if not f.primary_key and f.attname not in without)
    return {f.attname: f.get_default() for f in fields}


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Update the named columns of rows by key: each row holds the values of `columns`, then the key."""
    connection = connections[router.db_for_write(model)]
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    quote = connection.ops.quote_name
    key = model._meta.pk
    table = quote(model._meta.db_table)
    prepared = list(_prepared(fields, columns, rows, connection))
    if not prepared:
        return
    changed = [(quote(str(fields[name].column)), fields[name].db_type(connection)) for name in columns]
    where = quote(str(key.column))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One statement for all rows: a column of values each.
            sets = ", ".join(f"{name} = new.{name}" for name, _ in changed)
            typed = [*changed, (where, key.db_type(connection))]
            given = ", ".join(f"%s::{kind}[]" for _, kind in typed)
            names = ", ".join(name for name, _ in typed)
            statement = f"UPDATE {table} SET {sets} FROM unnest({given}) AS new({names}) WHERE {table}.{where} = new.{where}"  # noqa: S608
            cursor.execute(statement, [list(column) for column in zip(*prepared, strict=True)])
            return
        sets = ", ".join(f"{name} = %s" for name, _ in changed)
        cursor.executemany(f"UPDATE {table} SET {sets} WHERE {where} = %s", prepared)  # noqa: S608


def _prepared(
    fields: Mapping[str, Any], columns: Sequence[str], rows: Iterable[Sequence[Any]], connection: Any
) -> Iterator[Sequence[Any]]:
    """Rows with the values of unusual columns (JSON, dates) converted for the driver."""
    unusual: list[tuple[int, Callable[..., Any]]] = [
        (i, _conversion(fields[name], connection))
        for i, name in enumerate(columns)
        if not isinstance(fields[name], PLAIN)
    ]
    for row in rows:
        if unusual:
            row = list(row)
            for i, prepare in unusual:
                row[i] = prepare(row[i], connection)
        yield row


def _conversion(field: Any, connection: Any) -> Callable[..., Any]:
    """What turns a value of the field into one for the driver. Both databases take JSON as text, at a third of the cost of
    what the ORM would make: an enterprise alone has five such columns, most of them empty."""
    if isinstance(field, models.JSONField) and field.encoder is None:
        return _json
    return field.get_db_prep_save  # type: ignore[no-any-return]


def _json(value: Any, _connection: Any) -> str | None:
    if value is None:
        return None
    return (
        _encoded(value) if value or not isinstance(value, list | dict) else str(value)
    )  # [] and {} are the most


def parts(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """The things in lists of at most `size`, read as they are needed."""
    stream = iter(things)
    while part := list(islice(stream, size)):
        yield part
