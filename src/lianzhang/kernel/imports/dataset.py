"""What an app must say to take deliveries of a data set: its columns, how rows resolve, what they write and project."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date
from typing import TYPE_CHECKING, Any

from lianzhang.kernel.masking import Kind
from lianzhang.kernel.scope import Actor

if TYPE_CHECKING:
    from lianzhang.engines.tables import FieldSpec
    from lianzhang.kernel.models import Import

CREATED, UPDATED, UNCHANGED, REJECTED = "created", "updated", "unchanged", "rejected"


@dataclass
class Context:
    """The circumstances of one delivery. `delivery` is None on a dry run."""

    actor: Actor
    source: str
    use: str
    period: str
    as_of: date
    provenance: str = ""
    delivery: Import | None = None
    memory: dict[str, Any] = default(default_factory=dict)  # what a data set remembers between batches


@dataclass(frozen=True)
class Trouble:
    """Why a row is refused or doubted: problem code, the field it lies in, the value, more for the sentence."""

    code: str
    field: str | None = None
    value: Any = None
    params: Mapping[str, Any] = default(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What an updated row changes: `before` is what `source` said last (None: nobody said anything), for a period or, with
    an empty one, standing."""

    field: str
    before: Any
    after: Any
    source: str = ""
    period: str = ""


@dataclass
class Outcome:
    """What becomes of one row: created, updated, unchanged or rejected; what to write; doubts as warnings; of an updated
    row what it changes."""

    status: str
    write: Any = None
    troubles: list[Trouble] = default(default_factory=list)
    warnings: list[Trouble] = default(default_factory=list)
    changes: list[Change] = default(default_factory=list)


class Dataset(ABC):
    """One kind of delivery. Classify reads only; write inserts ledger rows; project refreshes what is shown."""

    code: str
    key: tuple[str, ...]

    @abstractmethod
    def fields(self) -> tuple[FieldSpec, ...]:
        """The columns a file may have, from the catalogue."""

    def masks(self) -> Mapping[str, Kind]:
        """Its personal columns, and what of them is shown to anybody but who delivered the file."""
        return {}

    def identify(self, rows: list[dict[str, Any]], context: Context) -> list[Trouble | None]:
        """Settle in place what identifies each row, before repeats are looked for; why where it cannot be told."""
        return [None] * len(rows)

    @abstractmethod
    def classify(self, rows: list[dict[str, Any]], context: Context) -> list[Outcome]:
        """What becomes of each row of a batch, compared with what the same source said before."""

    def count(self, row: dict[str, Any], status: str, context: Context) -> None:
        """Take note of what became of a row, refused ones among them, for `reconcile`."""
        return None

    def reconcile(self, context: Context) -> list[dict[str, Any]]:
        """What came in against what was taken, by whatever the old ledger is checked by; empty: nothing to check.

        Lines of JSON values: {"by", "value", "rows", "accepted", "refused"}.
        """
        return []

    @abstractmethod
    def write(self, outcomes: list[Outcome], context: Context) -> None:
        """Insert what the accepted rows deliver."""

    @abstractmethod
    def project(self, context: Context) -> None:
        """Refresh the projections of everything that was written."""

    @abstractmethod
    def undo(self, delivery: Import, context: Context) -> int:
        """Remove what a delivery brought and project again; returns the ledger rows removed."""

    @abstractmethod
    def export(self, actor: Actor) -> tuple[list[str], Iterator[list[Any]]]:
        """Columns and rows of everything the actor may see, for `lianzhang export` and the API."""


_datasets: dict[str, Dataset] = {}


def register(dataset: Dataset) -> None:
    """Offer a data set to pages and commands."""
    _datasets[dataset.code] = dataset


def get(code: str) -> Dataset:
    """A data set by its code; KeyError when unknown."""
    return _datasets[code]


def codes() -> list[str]:
    """All data sets, in order of registration."""
    return list(_datasets)


def known(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The given fields of a row that are known."""
    return {n: values[n] for n in names if values.get(n) is not None}
