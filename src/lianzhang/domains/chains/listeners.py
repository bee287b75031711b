"""What follows a delivery: enterprises it touched are placed anew. Connected by the site's wiring."""

from __future__ import annotations

from typing import Any

from lianzhang.domains.chains import placement
from lianzhang.domains.chains.models import SupplyLink
from lianzhang.kernel.touched import Touched
from lianzhang.registry.models import Filing, Title

TOUCHED: dict[str, Any] = {
    # Where an enterprise stands follows from its standing facts, not from figures of a year.
    "enterprises": lambda pk: Filing.objects.filter(delivery_id=pk, period="").values_list(
        "enterprise_id", flat=True
    ),
    "titles": lambda pk: Title.objects.filter(delivery_id=pk).values_list("enterprise_id", flat=True),
    "supply_links": lambda pk: SupplyLink.objects.filter(delivery_id=pk).values_list(
        "supplier_id", flat=True
    ),
}
AT_ONCE = 2000
"""Rows of the delivery that are read at once."""


def on_import_applied(sender: Any, dataset: str, import_id: int, **_: Any) -> None:
    """Place what the delivery named."""
    if dataset in TOUCHED:
        placement.refresh(Touched(TOUCHED[dataset](import_id).order_by().iterator(chunk_size=AT_ONCE)))


def on_entries_merged(sender: Any, enterprise_ids: list[int], **_: Any) -> None:
    """Entries became one firm, or are no longer: their places follow."""
    placement.refresh(enterprise_ids)


def on_import_undone(sender: Any, dataset: str, import_id: int, **_: Any) -> None:
    """The rows are gone: place all anew."""
    if dataset in TOUCHED:
        placement.refresh()
