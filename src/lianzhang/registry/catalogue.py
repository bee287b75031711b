"""The fact catalogue: which figures exist, in which unit, who holds them; and the columns of each data set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from lianzhang.kernel import catalogue as kernel
from lianzhang.kernel.catalogue import Catalogue, Mistake, Section


class Label(BaseModel):
    zh: str
    en: str = ""


class FactRow(BaseModel):
    """A figure about an enterprise (facts.yaml)."""

    model_config = ConfigDict(extra="forbid")
    code: str
    label: Label
    type: Literal["money", "number", "int", "percent", "bool", "text", "date"]
    unit: str | None = None
    period: Literal["year", "none"] = "year"
    holder: str = ""
    sensitivity: Literal["open", "internal", "confidential"] = "internal"
    range: tuple[float | None, float | None] | None = None
    synonyms: list[str] = Field(default_factory=list)
    definition: str = ""


class ColumnRow(BaseModel):
    """A column of a data set that is not a yearly fact (datasets.yaml)."""

    model_config = ConfigDict(extra="forbid")
    dataset: str
    code: str
    label: Label
    type: str
    unit: str | None = None
    required: bool = False
    month_ok: bool = False
    heading: str | None = None
    instead: str | None = None
    values: dict[str, list[str]] = Field(default_factory=dict)
    synonyms: list[str] = Field(default_factory=list)
    range: tuple[float | None, float | None] | None = None


def register() -> None:
    """Tell the kernel which sections the registry owns."""
    kernel.register(Section("facts.yaml", FactRow, _keep, order=20, cross=_unique_facts))
    kernel.register(Section("datasets.yaml", ColumnRow, _keep, order=21))


def _keep(rows: list[Any], catalogue: Catalogue) -> dict[str, int]:
    """Kept in the version itself."""
    return {"rows": len(rows)}


def _unique_facts(catalogue: Catalogue) -> Iterator[Mistake]:
    seen: set[str] = set()
    for row, line in zip(catalogue.rows["facts.yaml"], catalogue.lines["facts.yaml"], strict=True):
        if row.code in seen:
            yield Mistake("facts.yaml", line, f"fact '{row.code}' stands twice")
        seen.add(row.code)
