"""Yearly facts of enterprises that are already in the registry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from lianzhang.engines.tables import FieldSpec
from lianzhang.kernel import events
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
    known,
)
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import Actor
from lianzhang.registry.deliveries.columns import columns_of, fact_codes
from lianzhang.registry.deliveries.filing_rows import close_enough, conflicts, insert, take_back
from lianzhang.registry.deliveries.lookup import identify, ids_of, said_before, said_by_others, within_reach
from lianzhang.registry.models import Consent, Filing

KNOWN = Q(enterprise__registered=True) | Q(enterprise__survivor__isnull=False)


class Filings(Dataset):
    code = "filings"
    key = ("uscc", "period")

    def fields(self) -> tuple[FieldSpec, ...]:
        return columns_of("filings", with_facts=True)

    def identify(self, rows: list[dict[str, Any]], context: Context) -> list[Trouble | None]:
        return identify(rows, context.actor)

    def classify(self, rows: list[dict[str, Any]], context: Context) -> list[Outcome]:
        ids = within_reach(ids_of(row["uscc"] for row in rows), context.actor)
        facts = fact_codes()
        periods = {str(row.get("period") or context.period) for row in rows}
        before = said_before(ids.values(), context.source, context.use, context.actor, periods)
        others = said_by_others(ids.values(), context.source, periods)
        return [self._one(row, ids, facts, before, others, context) for row in rows]

    def _one(
        self,
        row: dict[str, Any],
        ids: dict[str, int],
        facts: tuple[str, ...],
        before: Any,
        others: Any,
        context: Context,
    ) -> Outcome:
        period = str(row.get("period") or context.period)
        if row["uscc"] not in ids:
            return Outcome(REJECTED, troubles=[Trouble("unknown_enterprise", "uscc", row["uscc"])])
        if not period:
            return Outcome(REJECTED, troubles=[Trouble("missing_required", "period")])
        pk, values = ids[row["uscc"]], known(row, facts)
        earlier = before.get((pk, period), {})
        status = UNCHANGED if close_enough(earlier, values) else UPDATED if earlier else CREATED
        elsewhere = others.get((pk, period), {})
        first = status == CREATED and not elsewhere
        return Outcome(
            status, write=(pk, period, values, first), warnings=conflicts(elsewhere, values),
            changes=changes(values, earlier, context.source, elsewhere, period) if status == UPDATED else [],
        )  # fmt: skip

    def write(self, outcomes: list[Outcome], context: Context) -> None:
        rows = [o.write[:3] for o in outcomes if o.write[2]]
        said_anew = {o.write[0] for o in outcomes if o.status != UNCHANGED}
        first = {o.write[:2] for o in outcomes if o.write[3]}
        insert(rows, context, {row[0] for row in rows} - said_anew, first)
        if context.delivery:
            drafts = [
                events.Draft(
                    f"enterprise:{o.write[0]}",
                    "delivered",
                    {"import": context.delivery.pk, "period": o.write[1], "said": o.write[2]},
                )
                for o in outcomes
                if o.status == UPDATED
            ]
            events.record_many(context.actor, drafts)

    def project(self, context: Context) -> None:
        """Done with each batch."""

    def undo(self, delivery: Import, context: Context) -> int:
        return take_back(delivery)

    def export(self, actor: Actor) -> tuple[list[str], Iterator[list[Any]]]:
        facts = list(fact_codes())
        columns = ["uscc", "name", "period", "source", "as_of", "use", "provenance", *facts]
        return columns, self._rows(actor, facts)

    def _rows(self, actor: Actor, facts: list[str]) -> Iterator[list[Any]]:
        """A row per enterprise × period × source: the last word of the source."""
        query = (
            Filing.objects.visible_to(actor).exclude(period="").filter(KNOWN)
            .select_related("enterprise").order_by("enterprise__uscc", "id")
        )  # fmt: skip
        group: list[Filing] = []
        # Who runs the installation exports the whole ledger, apart from what an enterprise has withdrawn.
        spoken = set(Consent.objects.order_by().values_list("enterprise_id", flat=True).distinct())
        for filing in query.iterator(chunk_size=2000):
            if group and group[0].enterprise_id != filing.enterprise_id:
                yield from _wide(group, facts)
                group = []
            if actor.role == "system" and filing.enterprise_id not in spoken:
                filing.values, filing.held = {**filing.held, **filing.values}, {}
            group.append(filing)
        if group:
            yield from _wide(group, facts)


def _wide(filings: list[Filing], facts: list[str]) -> Iterator[list[Any]]:
    merged: dict[tuple[str, str, str], dict[str, Any]] = defaultdict(dict)
    heads: dict[tuple[str, str, str], Filing] = {}
    for filing in filings:
        if filing.held and not filing.values:
            continue  # nothing of it may be used
        key = (filing.period, filing.source, filing.use)
        if any(merged[key].get(n) != v for n, v in filing.values.items()):
            heads[key] = filing
        merged[key].update(filing.values)
    for key in sorted(merged):
        head, values = heads[key], merged[key]
        yield [
            head.enterprise.uscc, head.enterprise.name, head.period, head.source, head.as_of, head.use,
            head.provenance or ("synthetic" if head.enterprise.synthetic else None), *(values.get(f) for f in facts),
        ]  # fmt: skip
