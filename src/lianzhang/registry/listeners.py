"""What follows a delivery of a roster: doubles are looked for around what it touched. Connected by the site's wiring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models.functions import Coalesce

from lianzhang.registry import doubles, jobs, tags
from lianzhang.registry.models import Filing, Title

AT_ONCE = 2000
"""Enterprises of a delivery that are compared at once; for more the whole register is compared by the worker."""

TAGGED: dict[str, Any] = {"enterprises": Filing, "filings": Filing, "titles": Title}
FIRM = Coalesce("enterprise__survivor_id", "enterprise_id")


def on_import_applied(sender: Any, dataset: str, import_id: int, **_: Any) -> None:
    """Compare what the roster named; compute the tags of all that figures or titles came for."""
    if dataset in TAGGED:
        ids = list(
            TAGGED[dataset]
            .objects.filter(delivery_id=import_id)
            .order_by()
            .values_list(FIRM, flat=True)
            .distinct()[: AT_ONCE + 1]
        )
        if len(ids) > AT_ONCE:
            jobs.start_tags(None)
        else:
            tags.refresh(ids)
    if dataset == "enterprises":
        rows = Filing.objects.filter(delivery_id=import_id, period="").order_by()
        around(rows.values_list("enterprise_id", flat=True).distinct()[: AT_ONCE + 1])


def on_import_undone(sender: Any, dataset: str, import_id: int, **_: Any) -> None:
    """The rows are gone: the worker compares all anew."""
    if dataset == "enterprises":
        jobs.start(None)
    if dataset in TAGGED:
        jobs.start_tags(None)


def on_entries_merged(sender: Any, enterprise_ids: list[int], **_: Any) -> None:
    """A firm has other names now, or entries stand by themselves again."""
    around(enterprise_ids)
    tags.refresh(enterprise_ids)


def around(enterprise_ids: Iterable[int]) -> None:
    """Compare a few at once, many by the worker."""
    ids = list(enterprise_ids)
    if len(ids) > AT_ONCE or not doubles.compared_before(ids):
        jobs.start(None)
    else:
        doubles.search_around(ids)
