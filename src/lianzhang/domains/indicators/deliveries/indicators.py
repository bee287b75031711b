"""The data set `indicators`: a row an observation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lianzhang.city.models import Area
from lianzhang.domains.indicators.deliveries.ledger import mark, words
from lianzhang.domains.indicators.deliveries.names import Names
from lianzhang.domains.indicators.models import Observation
from lianzhang.engines.tables import FieldSpec
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
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.touched import Touched
from lianzhang.registry.deliveries.columns import columns_of

EXPORTED = [
    "indicator",
    "period",
    "area",
    "industry",
    "measure",
    "value",
    "vintage",
    "calibre",
    "precision",
    "source",
    "as_of",
    "provenance",
]


class Indicators(Dataset):
    """Observations with their vintages; a revised figure is a new vintage, not a change of the old one."""

    code = "indicators"
    key = ("indicator", "period", "area", "industry", "measure", "vintage", "calibre")

    def fields(self) -> tuple[FieldSpec, ...]:
        return columns_of("indicators")

    def identify(self, rows: list[dict[str, Any]], context: Context) -> list[Trouble | None]:
        """Another name of an indicator and a measure left out mean the same figure."""
        names = _names(context)
        for row in rows:
            row["indicator"] = names.code(row["indicator"])
            row["measure"] = _measure(row)
        return [None] * len(rows)

    def classify(self, rows: list[dict[str, Any]], context: Context) -> list[Outcome]:
        names = _names(context)
        areas = context.memory.setdefault("areas", None) or dict(Area.objects.values_list("code", "id"))
        context.memory["areas"] = areas
        said = [self._said(row, names, areas) for row in rows]
        said = [(f, t or _beyond(f["area_id"], row, context)) for (f, t), row in zip(said, rows, strict=True)]
        before = words(fields["key"] for fields, _ in said)
        return [self._one(fields, trouble, before, context.source) for fields, trouble in said]

    def _said(
        self, row: dict[str, Any], names: Names, areas: dict[str, int]
    ) -> tuple[dict[str, Any], Trouble | None]:
        code, measure = names.code(row["indicator"]), _measure(row)
        value, trouble = names.stored(code, measure, row["value"], row.get("unit"))
        fields = {
            "indicator": code, "period": row["period"], "area_id": areas.get(row.get("area") or ""), "industry": (row.get("industry") or "")[:60],
            "measure": measure, "calibre": (row.get("calibre") or "")[:40],
        }  # fmt: skip
        fields["key"] = key_of(*fields.values())
        more = {
            "value": value,
            "vintage": row.get("vintage"),
            "precision": row.get("precision") or Observation.Precision.EXACT,
        }
        return {**fields, **more}, trouble

    def _one(self, fields: dict[str, Any], trouble: Trouble | None, before: Any, source: str) -> Outcome:
        if trouble:
            return Outcome(REJECTED, troubles=[trouble])
        known = before.get((fields["key"], fields["vintage"]), {})
        earlier, now = known.get(source), (fields["value"], fields["precision"])
        status = CREATED if earlier is None else UNCHANGED if earlier == now else UPDATED
        doubts = [
            Trouble("conflict_with_other_source", "value", fields["value"], {"other": value})
            for other, (value, _) in known.items()
            if other != source and value != fields["value"]
        ]
        changed = []
        if status == UPDATED:
            said = dict(zip(("value", "precision"), earlier, strict=True))
            changed = changes(dict(zip(said, now, strict=True)), said, source, period=fields["period"])
        return Outcome(status, write=fields, warnings=doubts, changes=changed)

    def write(self, outcomes: list[Outcome], context: Context) -> None:
        context.memory.setdefault("touched", Touched()).update(o.write["key"] for o in outcomes)
        said = {
            "delivery": context.delivery,
            "source": context.source,
            "use": context.use,
            "as_of": context.as_of,
            "provenance": context.provenance,
        }
        Observation.objects.bulk_create([Observation(**o.write, **said) for o in outcomes], batch_size=2000)

    def project(self, context: Context) -> None:
        mark(context.memory.pop("touched", ()))

    def undo(self, delivery: Import, context: Context) -> int:
        rows = Observation.objects.filter(delivery=delivery)
        keys = Touched(rows.order_by().values_list("key", flat=True).iterator(chunk_size=2000))
        removed, _ = rows.delete()
        mark(keys)
        return removed

    def export(self, actor: Actor) -> tuple[list[str], Iterator[list[Any]]]:
        query = Observation.objects.visible_to(actor).filter(latest=True).select_related("area")
        query = query.order_by(
            "indicator", "measure", "industry", "area__code", "calibre", "period", "vintage", "source", "id"
        )
        return EXPORTED, (
            [o.indicator, o.period, o.area.code if o.area else None, o.industry or None, o.measure, o.value, o.vintage, o.calibre or None,
             o.precision, o.source, o.as_of, o.provenance or None]
            for o in query.iterator(chunk_size=2000)
        )  # fmt: skip


def _measure(row: dict[str, Any]) -> str:
    return str(row.get("measure") or "level").strip()[:20]


def _names(context: Context) -> Names:
    if "names" not in context.memory:
        context.memory["names"] = Names.load()
    names: Names = context.memory["names"]
    return names


def _beyond(area_id: int | None, row: dict[str, Any], context: Context) -> Trouble | None:
    """Who delivers for a district says nothing of another one, and nothing of the whole city."""
    if "city" in context.actor.kinds("indicator.view"):
        return None
    if "own areas" not in context.memory:
        path = context.actor.scope.area_path
        own = Area.objects.filter(path__startswith=path) if path else Area.objects.none()
        context.memory["own areas"] = set(own.values_list("id", flat=True))
    if area_id in context.memory["own areas"]:
        return None
    return (
        Trouble("unknown_code", "area", row["area"])
        if row.get("area")
        else Trouble("missing_required", "area")
    )
