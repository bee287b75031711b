"""What became of one row: what a watcher of a reading is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lianzhang.engines.tables import Problem, Row, TableResult
from lianzhang.kernel.imports.dataset import Change


@dataclass(frozen=True)
class Fate:
    """created, updated, unchanged or rejected; of an updated row what it changes; doubts that do not refuse it."""

    status: str
    changes: Sequence[Change] = ()
    doubts: Sequence[Problem] = ()


Watch = Callable[[TableResult, Row, Fate], None]
"""Shown every row of a file in its order."""
