"""What follows a delivery of a roster: doubles are looked for around what it touched. Connected by the site's wiring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lianzhang.registry import doubles, jobs
from lianzhang.registry.models import Filing

AT_ONCE = 2000
"""Enterprises of a delivery that are compared at once; for more the whole register is compared by the worker."""


def on_import_applied(sender: Any, dataset: str, import_id: int, **_: Any) -> None:
    """Compare what the roster named."""
    if dataset == "enterprises":
        rows = Filing.objects.filter(delivery_id=import_id, period="").order_by()
        around(rows.values_list("enterprise_id", flat=True).distinct()[: AT_ONCE + 1])


def on_import_undone(sender: Any, dataset: str, import_id: int, **_: Any) -> None:
    """The rows are gone: the worker compares all anew."""
    if dataset == "enterprises":
        jobs.start(None)


def on_entries_merged(sender: Any, enterprise_ids: list[int], **_: Any) -> None:
    """A firm has other names now, or entries stand by themselves again."""
    around(enterprise_ids)


def around(enterprise_ids: Iterable[int]) -> None:
    """Compare a few at once, many by the worker."""
    ids = list(enterprise_ids)
    if len(ids) > AT_ONCE or not doubles.compared_before(ids):
        jobs.start(None)
    else:
        doubles.search_around(ids)
