"""The whole content of a database into another, empty one: SQLite to PostgreSQL or back, row for row.

Rows go through the models, so that each database gets its own form of every value; what was moved is proved by the
digest of each table, the root of the events and the chain. The source is not changed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from lianzhang.kernel import event_check, readonly
from lianzhang.site.operations import aside, check, content, running, state

BATCH = 1000
MADE_ANEW = {"django_migrations", "django_content_type", "auth_permission", "django_session"}
"""Tables that the framework fills by itself, or that are not taken along: everybody signs in again."""


class Refused(Exception):
    """The target cannot take the content; the source is as it was, and the target is empty or to be thrown away."""


def move(url: str) -> dict[str, Any]:
    """Move everything to the database of the URL; returns what was moved. Web and worker must be stopped."""
    started = time.monotonic()
    with running.alone(), aside.opened(url) as alias:
        _refuse_same(alias)
        waiting = aside.known_migrations() - set(aside.migrations_of())
        if waiting:
            raise Refused(
                f"bring the source up to date first (lianzhang upgrade): {', '.join(sorted(waiting)[:3])}"
            )
        if tables := _filled(alias):
            raise Refused(f"the target is not empty: {', '.join(tables[:5])}")
        with readonly.lifted():
            call_command("migrate", database=alias, verbosity=0, interactive=False)
            with transaction.atomic(using=alias):
                _empty(alias)
                rows = sum(_copy(model, alias) for model in _models())
                _count_on(alias)
        faults = _compare(alias)
        root = event_check.root(using=alias)
    if faults:
        raise Refused("the moved content differs: " + "; ".join(faults[:10]))
    return state.keep(
        "move", rows=rows, tables=len(_models()), root=root, seconds=round(time.monotonic() - started, 2)
    )


def _refuse_same(alias: str) -> None:
    source, target = connections["default"].settings_dict, connections[alias].settings_dict
    if all(source[k] == target[k] for k in ("ENGINE", "NAME", "HOST", "PORT")):
        raise Refused("source and target are the same database")


def _filled(alias: str) -> list[str]:
    """Tables of the target that hold rows other than the framework's own and those that migrations write."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    if "django_migrations" not in there:
        return sorted(t for t, n in aside.rows_of(alias).items() if n)
    rows = aside.rows_of(alias)
    return sorted(
        t for t in ("kernel_event", "kernel_user", "city_catalogueversion", "kernel_job") if rows.get(t)
    )


def _models() -> list[type[Model]]:
    """All models whose rows are moved."""
    return [m for m in content.models_of() if m._meta.db_table not in MADE_ANEW]


def _empty(alias: str) -> None:
    """Take out what the target's own migrations wrote: it comes from the source."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        # Rows may point at rows that come later; both databases look at it when the transaction ends.
        postgresql = connection.vendor == "postgresql"
        cursor.execute("SET CONSTRAINTS ALL DEFERRED" if postgresql else "PRAGMA defer_foreign_keys = ON")
        for model in _models():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def _copy(model: type[Model], alias: str) -> int:
    count = 0
    for batch in _batches(model):
        model._base_manager.using(alias).bulk_create(batch, batch_size=BATCH)
        count += len(batch)
    return count


def _batches(model: type[Model]) -> Iterator[list[Model]]:
    batch: list[Model] = []
    fields = [f.attname for f in model._meta.concrete_fields if not getattr(f, "generated", False)]
    rows = model._base_manager.using("default").order_by("pk").values_list(*fields)
    for values in rows.iterator(chunk_size=BATCH):
        batch.append(model(**dict(zip(fields, values, strict=True))))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _count_on(alias: str) -> None:
    """New rows continue the numbers of the old ones, also where the last ones were removed."""
    connection, source = connections[alias], connections["default"]
    if connection.vendor != "postgresql":
        return  # SQLite keeps the numbers by itself
    used: dict[str, int] = {}
    with source.cursor() as cursor:
        if source.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            used = dict(cursor.fetchall())
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
        for model in _models():
            table, key = model._meta.db_table, model._meta.auto_field
            if used.get(table) and key is not None:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, key.column, used[table]]
                )


def _compare(alias: str) -> list[str]:
    before, after = content.digests("default"), content.digests(alias)
    faults = [
        _("%(table)s: %(before)s became %(after)s") % {"table": t, "before": d, "after": after.get(t)}
        for t, d in before.items()
        if t not in MADE_ANEW and after.get(t) != d
    ]
    faults += [check.told(f) for f in event_check.verify(alias)]
    if event_check.root(using=alias) != event_check.root():
        faults.append(_("the events' root differs"))
    return faults
