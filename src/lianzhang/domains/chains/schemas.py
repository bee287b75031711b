"""What the chains' sections of the catalogue look like."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ChainRow(Row):
    """chains.csv: a chain, who leads it (a post or a name, as the city publishes it) and which office is in charge."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    order: int
    zh: str
    en: str | None = None
    pillar: str | None = None
    sector_kind: str | None = None
    leader: str | None = None
    lead: str | None = None
    notes: str | None = None


class SegmentRow(Row):
    """chain_segments.csv: a segment and the codes of GB/T 4754 it holds (two to four digits, joined by `;`)."""

    chain: str
    segment: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    position: Literal["up", "mid", "down"]
    zh: str
    en: str | None = None
    gbt_prefixes: str

    @property
    def prefixes(self) -> list[str]:
        return [part.strip() for part in self.gbt_prefixes.split(";") if part.strip()]


class SettingsRow(Row):
    """chain_settings.yaml: the title that makes an anchor, and the declared thresholds of gaps (shares)."""

    code: str
    anchor_title: str
    break_below: float = Field(ge=0, le=1)
    makers_from: float = Field(ge=0)
    blocked_below: float = Field(ge=0, le=1)
    short_below: float = Field(ge=0)
    long_from: float = Field(ge=0)


class RatingRow(Row):
    """essential_inputs_wiod55.csv: 0 negligible, 1 not essential, 2 essential."""

    supplier_sector: str
    buyer_sector: str
    essentiality: int = Field(ge=0, le=2)


class DivisionRow(Row):
    """gbt_division_to_wiod55.csv: the survey's sector of a division of GB/T 4754."""

    gbt_division: str
    wiod_sector: str
