"""The fact catalogue: which figures exist, in which unit, who holds them; and the columns of each data set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from lianzhang.engines import expr
from lianzhang.engines.duplicates.score import KINDS
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
    sensitivity: Literal["open", "internal", "confidential", "personal"] = "internal"
    mask: Literal["name", "phone", "id"] | None = None
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
    sensitivity: Literal["open", "internal", "confidential", "personal"] = "open"
    mask: Literal["name", "phone", "id"] | None = None
    values: dict[str, list[str]] = Field(default_factory=dict)
    synonyms: list[str] = Field(default_factory=list)
    range: tuple[float | None, float | None] | None = None


class PointsRow(BaseModel):
    """Points of one reason for or against two entries being one firm."""

    model_config = ConfigDict(extra="forbid")
    reason: Literal[KINDS]  # type: ignore[valid-type]
    points: int = Field(ge=-200, le=200)
    label: Label


class DuplicatesRow(BaseModel):
    """duplicates.yaml: when two entries may be one firm."""

    model_config = ConfigDict(extra="forbid")
    ask: int = Field(ge=1)
    likely: int
    crowd: int = Field(ge=2, le=1000)
    points: list[PointsRow]


class TagRow(BaseModel):
    """A tag by rule (tags.yaml)."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: Label
    when: str


def register() -> None:
    """Tell the kernel which sections the registry owns."""
    kernel.register(Section("facts.yaml", FactRow, _keep, order=20, cross=_unique_facts))
    kernel.register(Section("datasets.yaml", ColumnRow, _keep, order=21))
    kernel.register(Section("duplicates.yaml", DuplicatesRow, _keep, order=22))
    kernel.register(Section("tags.yaml", TagRow, _keep, order=23, cross=_sound_rules))


def _keep(rows: list[Any], catalogue: Catalogue) -> dict[str, int]:
    """Kept in the version itself."""
    return {"rows": len(rows)}


def _sound_rules(catalogue: Catalogue) -> Iterator[Mistake]:
    """Each rule parses, names only what is known of an enterprise, and says yes or no."""
    from lianzhang.registry.tags import kinds

    known = kinds([f.code for f in catalogue.rows["facts.yaml"]])
    seen: set[str] = set()
    for row, line in zip(catalogue.rows["tags.yaml"], catalogue.lines["tags.yaml"], strict=True):
        if row.code in seen:
            yield Mistake("tags.yaml", line, f"tag '{row.code}' stands twice")
        seen.add(row.code)
        try:
            kind = expr.check(expr.parse(row.when), known)
        except expr.ExprError as error:
            yield Mistake("tags.yaml", line, f"when: {error}")
            continue
        if kind not in ("bool", "any"):
            yield Mistake("tags.yaml", line, f"when: gives a {kind}, expected true or false")


def _unique_facts(catalogue: Catalogue) -> Iterator[Mistake]:
    seen: set[str] = set()
    for row, line in zip(catalogue.rows["facts.yaml"], catalogue.lines["facts.yaml"], strict=True):
        if row.code in seen:
            yield Mistake("facts.yaml", line, f"fact '{row.code}' stands twice")
        seen.add(row.code)
