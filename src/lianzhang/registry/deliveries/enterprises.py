"""The roster: who is here. Standing facts and, where the file has them, yearly facts of the period."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from lianzhang.engines.tables import FieldSpec
from lianzhang.kernel import bulk, events
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
from lianzhang.kernel.masking import Kind, Sight
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import Actor
from lianzhang.registry import projection, sensitive
from lianzhang.registry.deliveries.border import Border
from lianzhang.registry.deliveries.columns import columns_of, fact_codes
from lianzhang.registry.deliveries.filing_rows import close_enough, conflicts, insert, take_back
from lianzhang.registry.deliveries.lookup import ids_of, said_before, said_by_others
from lianzhang.registry.first_words import insert_enterprises
from lianzhang.registry.models import Enterprise

LIST = re.compile(r"[;；、,，|\n]+")


class Enterprises(Dataset):
    code = "enterprises"
    key = ("uscc",)

    def fields(self) -> tuple[FieldSpec, ...]:
        return columns_of("enterprises", with_facts=True)

    def masks(self) -> Mapping[str, Kind]:
        return sensitive.columns()

    def classify(self, rows: list[dict[str, Any]], context: Context) -> list[Outcome]:
        ids = ids_of(row["uscc"] for row in rows)
        present = [pk for pk, _ in ids.values()]
        periods = {"", *(_period(row, context) for row in rows)}
        before = said_before(present, context.source, context.use, context.actor, periods)
        others = said_by_others(present, context.source, periods)
        facts, border = fact_codes(), Border(context.actor, present)
        sight = Sight(self.masks())
        out = []
        for row in rows:
            standing, yearly, period = _standing(row), known(row, facts), _period(row, context)
            pk, registered = ids.get(row["uscc"], (0, False))  # 0: no such enterprise yet
            new_standing = not close_enough(before.get((pk, ""), {}), standing)
            new_yearly = bool(yearly) and not close_enough(before.get((pk, period), {}), yearly)
            status = CREATED if not registered else UPDATED if new_standing or new_yearly else UNCHANGED
            doubts = conflicts(others.get((pk, ""), {}), standing, sight)
            doubts += conflicts(others.get((pk, period), {}), yearly)
            outcome = Outcome(
                status, write=(row["uscc"], pk or None, standing, yearly, period), warnings=doubts
            )
            if status == UPDATED:
                for when, said in (("", standing), (period, yearly)):
                    known_before, known_elsewhere = before.get((pk, when), {}), others.get((pk, when), {})
                    outcome.changes += changes(
                        said, known_before, context.source, known_elsewhere, when, sight
                    )
            if (beyond := border.trouble(row, pk if registered else None)) is not None:
                outcome = Outcome(REJECTED, troubles=[beyond])
            elif yearly and not period:
                outcome = Outcome(REJECTED, troubles=[Trouble("missing_required", "period")])
            out.append(outcome)
        return out

    def write(self, outcomes: list[Outcome], context: Context) -> None:
        fresh = [o for o in outcomes if o.write[1] is None]
        if context.use == "statistical":
            # A return for statistics only makes the enterprise known by its code; nothing of it is shown.
            codes = [(o.write[0],) for o in fresh]
            bulk.insert_rows(Enterprise, ("uscc",), codes, bulk.blank(Enterprise, ("uscc",)))
            ids = {uscc: pk for uscc, (pk, _) in ids_of(o.write[0] for o in fresh).items()}
        else:
            insert_enterprises([(o.write[0], *o.write[2:]) for o in fresh], context)
            outcomes, ids = [o for o in outcomes if o.write[1] is not None], {}
        rows, drafts, unchanged = [], [], set()
        for o in outcomes:
            uscc, pk, standing, yearly, period = o.write
            pk = pk if pk is not None else ids[uscc]
            if o.status == UNCHANGED:
                unchanged.add(pk)
            rows.append((pk, "", standing))
            if yearly:
                rows.append((pk, period, yearly))
            if o.status == UPDATED and context.delivery:
                drafts.append(_delivered(pk, context.delivery.pk, {**standing, **yearly}))
        insert(rows, context, unchanged)
        events.record_many(context.actor, drafts)

    def project(self, context: Context) -> None:
        """Done with each batch."""

    def undo(self, delivery: Import, context: Context) -> int:
        return take_back(delivery)

    def export(self, actor: Actor) -> tuple[list[str], Iterator[list[Any]]]:
        columns = ["uscc", "name", "former_names", "district", "street", "address", "longitude", "latitude", "industry_code", "products",
                   "established", "status", "status_on", "former_codes", *sensitive.columns(), "provenance"]  # fmt: skip
        sight = sensitive.for_export(actor, "enterprises")
        query = Enterprise.objects.registered().visible_to(actor).select_related("district").order_by("uscc")
        return columns, (
            [e.uscc, e.name, ";".join(e.former_names), e.district.code if e.district else None, e.street, e.address, e.longitude,
             e.latitude, e.industry_id, ";".join(e.products), e.established,
             None if e.status == Enterprise.Status.UNKNOWN else e.status, e.status_on, ";".join(e.former_codes),
             *(sight.show(name, getattr(e, name)) for name in sight.masks), "synthetic" if e.synthetic else None]
            for e in query.iterator(chunk_size=2000)
        )  # fmt: skip


def _delivered(pk: int, delivery: int, told: dict[str, Any]) -> events.Draft:
    """The event of a changed enterprise; names and telephones of people lie in the vault."""
    personal = known(told, sensitive.columns())
    said = {name: value for name, value in told.items() if name not in personal}
    return events.Draft(
        f"enterprise:{pk}",
        "delivered",
        {"import": delivery, "said": said},
        {"said": personal} if personal else {},
    )


def _period(row: dict[str, Any], context: Context) -> str:
    """The year of a row's facts: of its sheet's title where nothing was said of the delivery."""
    return str(row.get("period") or context.period)


def _standing(row: dict[str, Any]) -> dict[str, Any]:
    """The standing facts of a row as JSON values."""
    out = known(row, projection.IDENTITY)
    for name in ("former_names", "products", "former_codes"):
        if isinstance(out.get(name), str):
            out[name] = [part.strip() for part in LIST.split(out[name]) if part.strip()]
    for name in ("established", "status_on"):
        if isinstance(out.get(name), date):
            out[name] = out[name].isoformat()
    return out
