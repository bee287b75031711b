"""Columns of data sets, from the catalogue."""

from __future__ import annotations

from typing import Any

from lianzhang.city import services as city
from lianzhang.city.models import Area, Industry
from lianzhang.engines.tables import FieldSpec


def facts() -> list[dict[str, Any]]:
    """The fact catalogue."""
    return city.section("facts.yaml")


def roster_labels() -> dict[str, str]:
    """The columns of the roster, by code, as they are called in the reader's language."""
    rows = city.section("datasets.yaml")
    return {r["code"]: city.in_language(r["label"]) for r in rows if r["dataset"] == "enterprises"}


def fact_codes() -> tuple[str, ...]:
    """Codes of all yearly facts."""
    return tuple(f["code"] for f in facts())


def columns_of(dataset: str, with_facts: bool = False) -> tuple[FieldSpec, ...]:
    """The columns of a data set as the reader of tables wants them."""
    return _columns(dataset, with_facts, city.version_id())


@city.of_version(32)
def _columns(dataset: str, with_facts: bool, version: int | None) -> tuple[FieldSpec, ...]:
    out = [_own(row) for row in city.section("datasets.yaml") if row["dataset"] == dataset]
    if with_facts:
        taken = {f.code for f in out}
        out += [_fact(row) for row in facts() if row["code"] not in taken]
    return tuple(out)


def _own(row: dict[str, Any]) -> FieldSpec:
    values = row["values"]
    if row["type"] == "area":
        values = {
            a.code: [a.zh, a.en, a.code, a.zh.removesuffix("区").removesuffix("市")]
            for a in Area.objects.filter(level__in=["city", "district"])
        }
    elif row["type"] == "industry":
        # Finest first: a group may bear the name of its only class.
        finest_first = Industry.objects.filter(level__gte=2).order_by("-level", "code")
        values = {i.code: [i.zh] for i in finest_first}
    return FieldSpec(
        code=row["code"], type=row["type"], label=row["label"]["zh"], unit=row["unit"], required=row["required"], values=values,
        synonyms=(row["label"]["zh"], row["label"]["en"], row["code"], *row["synonyms"]), month_ok=row["month_ok"], instead=row.get("instead"),
        heading=row.get("heading"),
        range=tuple(row["range"]) if row["range"] else None,
    )  # fmt: skip


def _fact(row: dict[str, Any]) -> FieldSpec:
    return FieldSpec(
        code=row["code"], type=row["type"], label=row["label"]["zh"], unit=row["unit"], yearly=row["period"] == "year",
        synonyms=(row["label"]["zh"], row["label"]["en"], row["code"], *row["synonyms"]),
        range=tuple(row["range"]) if row["range"] else None,
    )  # fmt: skip
