"""What the city's sections of the catalogue look like."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Title(Row):
    zh: str
    en: str = ""


class Clock(Row):
    start: str
    mode: Literal["running", "frozen"] = "running"

    @field_validator("start")
    @classmethod
    def _with_zone(cls, value: str) -> str:
        if datetime.fromisoformat(value).tzinfo is None:
            raise ValueError("no zone, expected a time as 2023-04-10T09:00:00+08:00")
        return value


class City(Row):
    """city.yaml: the city itself."""

    code: str
    title: Title
    area: str
    time_zone: str = "Asia/Shanghai"
    traditional: Literal["s2hk", "s2twp", "s2t"] = "s2hk"
    clock: Clock | None = None
    years: list[int] = Field(default_factory=list)
    pillars: list[Title] = Field(default_factory=list)
    size_threshold_yuan: float = 20_000_000

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("no time zone, expected one as Asia/Shanghai")
        return value


class AreaRow(Row):
    code: str
    level: Literal["city", "district", "street", "park"]
    parent: str | None = None
    zh: str
    en: str | None = None


class OrganisationRow(Row):
    code: str
    kind: Literal[
        "government",
        "bureau",
        "office",
        "district_bureau",
        "park_office",
        "chain_office",
        "bank",
        "platform",
        "school",
    ]
    title: Title
    parent: str | None = None
    area: str | None = None


class RoleRow(Row):
    """A role: verbs, each with the scope kinds it holds in (`verb@city+assigned`).

    administrator: which of the three administrators it is that nobody may be two of (GB/T 22239-2019, 8.1.4.2).
    """

    code: str
    title: Title
    scope: Literal["city", "area", "org", "enterprise", "institution", "assigned"]
    verbs: list[str]
    administrator: Literal["", "system", "security", "audit"] = ""
    process_roles: list[str] = Field(default_factory=list)


class CalendarRow(Row):
    date: date
    kind: Literal["workday", "holiday"]
    name: str | None = None


class TeamRow(Row):
    code: str
    zh: str
    en: str | None = None
    lead: str | None = None
    source: str | None = None


class AgreedRow(Row):
    """What a source is to deliver of a data set: how often, how many working days after the period's end, from which
    period on; which share of refused rows a file from the pick-up folder may have and still be applied by itself."""

    dataset: str
    cycle: Literal["monthly", "quarterly", "yearly"] | None = None
    grace: int = Field(default=10, ge=0, le=250)
    since: str | None = Field(default=None, pattern=r"^\d{4}(Q[1-4]|-(0[1-9]|1[0-2]))?$")
    refused_share: float | None = Field(default=None, ge=0, le=1)


class SourceRow(Row):
    code: str
    title: Title
    use: Literal["statistical", "administrative", "consented"] = "administrative"
    consent: Literal["required", "stated"] = "required"
    rank: int = 50
    units: dict[str, str] = Field(default_factory=dict)
    cycle_days: int | None = None  # of catalogues of version 0.1: read and not used; see deliveries
    contact: Title | None = None
    deliveries: list[AgreedRow] = Field(default_factory=list)


class IndustryRow(Row):
    code: str
    level: int
    parent: str | None = None
    section: str
    name: str
    en: str | None = None
