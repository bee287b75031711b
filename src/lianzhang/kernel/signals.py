"""Signals between domains, emitted after commit; listeners are registered in `site/wiring.py` only."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import Signal

import_applied = Signal()  # dataset, import_id
import_undone = Signal()  # dataset, import_id
entries_merged = Signal()  # enterprise_ids: entries that became one firm, or are no longer
figures_changed = Signal()  # enterprise_ids: what may be used of their figures is not what it was
matter_opened = Signal()  # matter_id
matter_moved = Signal()  # matter_id, move


def emit(signal: Signal, **data: Any) -> None:
    """Send after the surrounding transaction has committed; a failing listener does not undo the fact."""
    transaction.on_commit(lambda: signal.send_robust(sender=None, **data))
