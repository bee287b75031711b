"""What both ledgers of purchases share: rows are checked, compared with the same source's last word, kept for ever."""

from __future__ import annotations

from typing import Any

from lianzhang.domains.chains.deliveries.ledger import mark, words_of
from lianzhang.domains.chains.models.ledger import Purchase
from lianzhang.engines.tables import FieldSpec
from lianzhang.kernel.bulk import insert_rows
from lianzhang.kernel.imports.changes import changes
from lianzhang.kernel.imports.dataset import (
    CREATED,
    REJECTED,
    UNCHANGED,
    UPDATED,
    Context,
    Dataset,
    Outcome,
    Trouble,
)
from lianzhang.kernel.keys import key_of
from lianzhang.kernel.models import Import
from lianzhang.kernel.touched import Touched
from lianzhang.registry.deliveries.columns import columns_of
from lianzhang.registry.deliveries.lookup import ids_of, seen_of, told_to

REMEMBERED = 200_000
"""Codes of enterprises kept in memory while a delivery is read."""


class Purchases(Dataset):
    """A ledger whose rows name one or two enterprises, a product, a period and an amount in yuan.

    `firms`: column of the file → field of the model. A product that is not given stays unknown (empty).
    """

    model: type[Purchase]
    firms: dict[str, str]

    def fields(self) -> tuple[FieldSpec, ...]:
        return columns_of(self.code)

    def classify(self, rows: list[dict[str, Any]], context: Context) -> list[Outcome]:
        ids = self._ids(rows, context)
        named = {ids[row[column]] for row in rows for column in self.firms if row[column] in ids}
        context.memory["seen"] = seen_of(named, context.actor)
        said = [self._said(row, ids, context) for row in rows]
        keys = [fields["key"] for fields, troubles in said if not troubles]
        before = words_of(self.model, keys)
        # What stands in a statistical return must not come back as "unchanged" or as the other word of a doubt.
        told = words_of(self.model, keys, told_to(context.actor))
        return [self._outcome(fields, troubles, before, told, context) for fields, troubles in said]

    def _ids(self, rows: list[dict[str, Any]], context: Context) -> dict[str, int]:
        known: dict[str, int] = context.memory.setdefault("ids", {})
        if len(known) > REMEMBERED:
            known.clear()
        wanted = {row[column] for row in rows for column in self.firms} - known.keys()
        found = ids_of(wanted)
        known.update({uscc: pk for uscc, (pk, registered) in found.items() if registered})
        return known

    def _said(
        self, row: dict[str, Any], ids: dict[str, int], context: Context
    ) -> tuple[dict[str, Any], list[Trouble]]:
        period = str(row.get("period") or context.period)
        troubles = [
            Trouble("unknown_enterprise", column, row[column])
            for column in self.firms
            if row[column] not in ids
        ]
        seen: set[int] | None = context.memory["seen"]
        if not troubles and seen is not None and seen.isdisjoint(ids[row[c]] for c in self.firms):
            troubles = [Trouble("unknown_enterprise", column, row[column]) for column in self.firms]
        if not period:
            troubles.append(Trouble("missing_required", "period"))
        if troubles:
            return {}, troubles
        who = {field: ids[row[column]] for column, field in self.firms.items()}
        product = row.get("product_code") or ""
        key = key_of(*who.values(), product, period)
        return {**who, "product_code": product, "period": period, "value": row["value"], "key": key}, []

    def _outcome(
        self,
        fields: dict[str, Any],
        troubles: list[Trouble],
        before: dict[int, dict[str, float]],
        told: dict[int, dict[str, float]],
        context: Context,
    ) -> Outcome:
        if troubles:
            return Outcome(REJECTED, troubles=troubles)
        words = told.get(fields["key"], {})
        earlier, value = words.get(context.source), fields["value"]
        status = CREATED if earlier is None else UNCHANGED if earlier == value else UPDATED
        doubts = [
            Trouble("conflict_with_other_source", "value", value, {"other": other})
            for source, other in words.items()
            if source != context.source and other != value
        ]
        changed = []
        if status == UPDATED:
            changed = changes({"value": value}, {"value": earlier}, context.source, period=fields["period"])
        return Outcome(status, write=(fields, fields["key"] in before), warnings=doubts, changes=changed)

    def write(self, outcomes: list[Outcome], context: Context) -> None:
        """Every word is kept, also an equal one: the first may be taken back."""
        touched = (o.write[0]["key"] for o in outcomes if o.write[1])
        context.memory.setdefault("touched", Touched()).update(touched)
        alone = context.use != "statistical"
        columns = (*self.firms.values(), "product_code", "period", "value", "key", "counted")
        rows = []
        for outcome in outcomes:
            fields, contested = outcome.write
            rows.append((*fields.values(), alone and not contested))
        constants = {
            "delivery_id": context.delivery.pk if context.delivery else None,
            "source": context.source,
            "use": context.use,
            "as_of": context.as_of,
            "provenance": context.provenance,
            "current": True,
        }
        insert_rows(self.model, columns, rows, constants)

    def project(self, context: Context) -> None:
        mark(self.model, context.memory.pop("touched", ()))

    def undo(self, delivery: Import, context: Context) -> int:
        rows = self.model._default_manager.filter(delivery=delivery)
        keys = Touched(rows.order_by().values_list("key", flat=True).iterator(chunk_size=2000))
        removed, _ = rows.delete()
        mark(self.model, keys)
        return removed
