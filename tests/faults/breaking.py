"""Let the n-th statement of a piece of work fail, and look at what is left."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core import mail
from django.db import OperationalError, connection, transaction

Act = Callable[[], Any]


class Broken(OperationalError):
    """The database gave up in the middle."""


@dataclass
class Count:
    """How many statements were sent."""

    sent: int = 0


@contextmanager
def failing_at(number: int) -> Iterator[Count]:
    """Within, the statement of this number (from 1) fails once; 0 lets all pass. Savepoints count as statements."""
    count = Count()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        count.sent += 1
        if count.sent == number:
            raise Broken(f"statement {number} fails: {sql[:80]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield count


def state() -> dict[str, tuple[int, str]]:
    """Every table of ours, and second factors: how many rows, and a digest of them."""
    found = {}
    for model in apps.get_models():
        if model.__module__.startswith(("lianzhang.", "allauth.mfa.")):
            rows = [repr(row) for row in model._base_manager.order_by("pk").values_list()]
            found[model._meta.db_table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    found["mail"] = (len(getattr(mail, "outbox", [])), "")
    return found


def sizes(tables: dict[str, tuple[int, str]]) -> dict[str, int]:
    """Only the numbers of rows: what two runs of the same work agree on, whatever the wall clock says."""
    return {name: rows for name, (rows, _digest) in tables.items()}


@dataclass
class Trial:
    """What a run left."""

    statements: int
    raised: Exception | None
    left: dict[str, tuple[int, str]]


def attempt(act: Act, number: int, again: bool = False) -> Trial:
    """Run with the n-th statement failing, read what is left, and take all of it back. again: run once more before that,
    without a failure, as the worker does with a job that broke off."""
    raised: Exception | None = None
    with transaction.atomic():
        with failing_at(number) as count:
            try:
                act()
            except Exception as error:  # whatever it says, the rows are looked at
                raised = error
        # Without a transaction of its own the work would have left in the database what stands here now.
        connection.needs_rollback = False
        if again and raised is not None:
            act()
        left = state()
        transaction.set_rollback(True)
    return Trial(count.sent, raised, left)
