"""The section `indicators.yaml`: code, names, unit, definition."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from lianzhang.city.schemas import Title
from lianzhang.domains.indicators.models import Indicator
from lianzhang.kernel import catalogue as kernel
from lianzhang.kernel.catalogue import Catalogue, Mistake, Section

FILE = "indicators.yaml"


class IndicatorRow(BaseModel):
    """An indicator: `unit` is the one values are stored in (`ratio` for shares); `synonyms` are names files use."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Title
    unit: str
    definition: Title
    synonyms: list[str] = Field(default_factory=list)


def register() -> None:
    """Tell the kernel of the section."""
    kernel.register(Section(FILE, IndicatorRow, _load, order=40, cross=_check))


def _load(rows: list[IndicatorRow], catalogue: Catalogue) -> dict[str, int]:
    objects = [
        Indicator(
            code=r.code, zh=r.title.zh, en=r.title.en, unit=r.unit, order=order, synonyms=r.synonyms,
            definition_zh=r.definition.zh, definition_en=r.definition.en,
        )
        for order, r in enumerate(rows)
    ]  # fmt: skip
    fields = ["zh", "en", "unit", "order", "synonyms", "definition_zh", "definition_en"]
    Indicator.objects.bulk_create(
        objects, update_conflicts=True, unique_fields=["code"], update_fields=fields
    )
    return {"rows": len(objects)}


def _check(catalogue: Catalogue) -> Iterator[Mistake]:
    seen: dict[str, str] = {}
    for row, line in zip(catalogue.rows[FILE], catalogue.lines[FILE], strict=True):
        for name in {row.code, row.title.zh, *row.synonyms}:
            if name in seen:
                yield Mistake(FILE, line, f"'{name}' already names the indicator '{seen[name]}'")
            seen[name] = row.code
