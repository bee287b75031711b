"""What the API takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict

#: Text of a query string: databases take no NUL.
TEXT = r"^[^\x00]*$"


class MatterQuery(Schema):
    """Filters and place of a list; `after` is the id of the last matter of the page before."""

    whose: Literal["waiting", "mine", "office"] | None = None
    kind: str | None = Field(None, max_length=60, pattern=TEXT)
    state: str | None = Field(None, max_length=60, pattern=TEXT)
    closed: bool | None = None
    late: bool | None = None
    enterprise: str | None = Field(
        None, max_length=18, pattern=TEXT, description="unified social credit code"
    )
    parent: int | None = Field(None, ge=1, le=2**53)
    changed_since: datetime | None = None
    q: str | None = Field(None, max_length=100, pattern=TEXT)
    after: int | None = Field(None, ge=1, le=2**53)
    page: int = Field(1, ge=1, le=500)
    size: int = Field(50, ge=1, le=200)


class MatterLine(Schema):
    """A matter in a list."""

    id: int
    number: str
    kind: str
    title: str
    state: str
    waits_for: str
    enterprise: str | None = Field(description="unified social credit code")
    area: str | None
    lead_org: str | None
    parent: int | None
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    breached: bool
    version: int


class MatterPage(Schema):
    """A page of matters, newest first; `next` is the address of the one after."""

    items: list[MatterLine]
    next: str | None


class PossibleMove(Schema):
    """A move the reader may make now."""

    move: str
    title: str
    to: str
    needs: list[str]


class ClockOut(Schema):
    """A clock as the engine reads it."""

    name: str
    state: Literal["idle", "running", "paused", "stopped"]
    unit: Literal["working_hour", "working_day", "day", "month"]
    used: float
    limit: float | None
    due: datetime | None
    breached_at: datetime | None
    provisional: bool
    explain: list[dict[str, Any]]
    org: str | None = None


class MatterOut(MatterLine):
    """A matter with what the reader may know of it."""

    text: str
    fields: dict[str, Any]
    sentence: str
    moves: list[PossibleMove]
    clocks: list[ClockOut]


class EventOut(Schema):
    """An event of a matter; `data` is empty where the words are not for the reader."""

    seq: int
    at: datetime
    type: str
    by: str
    role: str
    to: str | None
    data: dict[str, Any]


class EventPage(Schema):
    """Events, oldest first."""

    items: list[EventOut]
    next: str | None


class MoveIn(Schema):
    """What a move needs, under `data` or directly."""

    model_config = ConfigDict(extra="allow")
    data: dict[str, Any] = Field(default_factory=dict)


class MatterIn(Schema):
    """A new matter."""

    kind: str = Field(max_length=60)
    title: str = Field(max_length=200)
    text: str = Field("", max_length=20_000)
    fields: dict[str, Any] = Field(default_factory=dict)


class ProblemOut(Schema):
    """An RFC 9457 problem. 412 carries `version` and `events`, 409 `code`, 422 `errors`."""

    type: str
    title: str
    status: int
    detail: str
