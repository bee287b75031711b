"""disclosure.yaml: the rules of what may be published, and the measures offered."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from lianzhang.city.services import section
from lianzhang.kernel import catalogue as kernel
from lianzhang.kernel.catalogue import Catalogue, Section


class Dominance(BaseModel):
    """The k largest make more than the share."""

    model_config = ConfigDict(extra="forbid")
    k: int = Field(default=2, ge=1)
    share: float = Field(default=0.85, gt=0, le=1)


class DisclosureRow(BaseModel):
    """The one row of the file."""

    model_config = ConfigDict(extra="forbid")
    threshold: int = Field(default=3, ge=1)
    dominance: Dominance = Dominance()
    p: float = Field(default=0.15, gt=0, lt=1)
    measures: list[str]


def register() -> None:
    """Tell the kernel of the section."""
    kernel.register(Section("disclosure.yaml", DisclosureRow, _keep, order=22))


def _keep(rows: list[Any], catalogue: Catalogue) -> dict[str, int]:
    return {"rows": len(rows)}


def settings() -> dict[str, Any]:
    """The rules and measures of the catalogue in force."""
    rows = section("disclosure.yaml")
    return rows[0] if rows else DisclosureRow(measures=[]).model_dump()
