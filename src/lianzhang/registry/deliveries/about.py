"""Rows about enterprises that are in the register: what plants they have, to which group they belong.

One row of the ledger for each row of a file; of several words of one thing (enterprise and key) the last one that says
something else is in force. What a row leaves open is not taken back by it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import Q

from lianzhang.engines.tables import FieldSpec
from lianzhang.kernel.bulk import parts
from lianzhang.kernel.imports.dataset import (
    CREATED,
    REJECTED,
    UNCHANGED,
    UPDATED,
    Context,
    Dataset,
    Outcome,
    Trouble,
    known,
)
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.touched import Touched
from lianzhang.registry.deliveries.columns import columns_of
from lianzhang.registry.deliveries.lookup import identify, ids_of, within_reach

KNOWN = Q(enterprise__registered=True) | Q(enterprise__survivor__isnull=False)


class About(Dataset):
    """A data set whose rows are about an enterprise each. A subclass names its model, its key beside the code, its values."""

    model: type[models.Model]
    own_key: str
    values: tuple[str, ...]

    def fields(self) -> tuple[FieldSpec, ...]:
        return columns_of(self.code)

    def identify(self, rows: list[dict[str, Any]], context: Context) -> list[Trouble | None]:
        return identify(rows, context.actor)

    @abstractmethod
    def row(self, values: dict[str, Any], memory: dict[str, Any]) -> dict[str, Any]:
        """The columns of a ledger row from what was said."""

    def classify(self, rows: list[dict[str, Any]], context: Context) -> list[Outcome]:
        ids = within_reach(ids_of(row["uscc"] for row in rows), context.actor)
        before: dict[tuple[int, str], dict[str, Any]] = {}
        for part in parts(sorted(set(ids.values())), 900):
            found = self._rows().filter(enterprise_id__in=part, source=context.source).order_by("pk")
            for pk, key, said in found.values_list("enterprise_id", self.own_key, "said"):
                before.setdefault((pk, key), {}).update(said)
        return [self._one(row, ids, before) for row in rows]

    def _one(self, row: dict[str, Any], ids: dict[str, int], before: dict[tuple[int, str], Any]) -> Outcome:
        pk = ids.get(row["uscc"])
        if pk is None:
            return Outcome(REJECTED, troubles=[Trouble("unknown_enterprise", "uscc", row["uscc"])])
        said = {n: _plain(v) for n, v in known(row, self.values).items()}
        earlier = before.get((pk, row[self.own_key]))
        same = earlier is not None and all(n in earlier and earlier[n] == v for n, v in said.items())
        status = UNCHANGED if same else UPDATED if earlier is not None else CREATED
        return Outcome(status, write=(pk, row[self.own_key], known(row, self.values), said))

    def write(self, outcomes: list[Outcome], context: Context) -> None:
        context.memory.setdefault("touched", Touched()).update(o.write[0] for o in outcomes)
        fixed = {"delivery": context.delivery, "source": context.source, "use": context.use, "as_of": context.as_of,
                 "provenance": context.provenance}  # fmt: skip
        objects = []
        for outcome in outcomes:
            pk, key, values, said = outcome.write
            columns = self.row({self.own_key: key, **values}, context.memory)
            objects.append(self.model(enterprise_id=pk, said=said, **fixed, **columns))
        self._rows().bulk_create(objects, batch_size=2000)

    def project(self, context: Context) -> None:
        self.mark(context.memory.pop("touched", ()))

    def undo(self, delivery: Import, context: Context) -> int:
        rows = self._rows().filter(delivery=delivery)
        keys = rows.order_by().values_list("enterprise_id", flat=True)
        touched = Touched(keys.iterator(chunk_size=2000))
        removed, _ = rows.delete()
        self.mark(touched)
        return removed

    def mark(self, enterprise_ids: Iterable[int]) -> None:
        """Of deliveries of one thing the last word counts; one that says nothing else leaves the first in force."""
        for part in parts(enterprise_ids, 900):
            last: dict[tuple[int, str], tuple[int, dict[str, Any]]] = {}
            rows = self._rows().filter(enterprise_id__in=part).order_by("pk")
            for number, pk, key, said in rows.values_list("pk", "enterprise_id", self.own_key, "said"):
                shown = last.get((pk, key))
                if shown is None or any(shown[1].get(n) != v for n, v in said.items()):
                    last[pk, key] = number, said
            current = [number for number, _ in last.values()]
            self._rows().filter(enterprise_id__in=part).update(current=False)
            for few in parts(current, 900):
                self._rows().filter(pk__in=few).update(current=True)

    def export(self, actor: Actor) -> tuple[list[str], Iterator[list[Any]]]:
        columns = ["uscc", "name", self.own_key, *self.values, "source", "as_of", "provenance"]
        rows = self._rows().filter(KNOWN, current=True).visible_to(actor).select_related("enterprise")
        return columns, (
            [r.enterprise.uscc, r.enterprise.name, getattr(r, self.own_key), *(r.said.get(n) for n in self.values), r.source, r.as_of,
             r.provenance or ("synthetic" if r.enterprise.synthetic else None)]
            for r in rows.order_by("enterprise__uscc", self.own_key, "pk").iterator(chunk_size=2000)
        )  # fmt: skip

    def _rows(self) -> Any:
        return self.model.objects  # type: ignore[attr-defined]


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if hasattr(value, "isoformat") else value
