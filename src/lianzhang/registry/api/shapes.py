"""What the API of the rest of the registry gives."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from lianzhang.registry.api.schemas import TEXT


class PageQuery(Schema):
    """Place in a list: `after` is the id of the last row of the page before."""

    after: int | None = Field(None, ge=1, le=2**53)
    size: int = Field(50, ge=1, le=200)


class PairQuery(PageQuery):
    """Pairs in one state."""

    state: str | None = Field(None, pattern="^(open|merged|different)$")


class PlantQuery(PageQuery):
    """Plants of one district."""

    district: str | None = Field(None, max_length=20, pattern=TEXT)


class NamedOut(Schema):
    """An enterprise by name."""

    id: int
    uscc: str
    name: str


class PairReason(Schema):
    """What speaks for (positive) or against; the values are on the page."""

    reason: str
    points: int


class PairOut(Schema):
    """Two entries that may be one firm."""

    id: int
    first: NamedOut
    second: NamedOut
    score: int
    reasons: list[PairReason]
    state: str
    judged_at: datetime | None


class PairPage(Schema):
    items: list[PairOut]
    next: str | None


class PlantOut(Schema):
    """A plant, counted where it lies."""

    id: int
    site: str
    enterprise: NamedOut | None
    district: str | None
    address: str
    industry_code: str | None
    opened: date | None
    closed: date | None
    employees: float | None
    output: float | None = Field(description="yuan")
    source: str
    as_of: date


class PlantPage(Schema):
    items: list[PlantOut]
    next: str | None


class ChangeOut(Schema):
    """From a day on a source says something else."""

    on: date
    field: str
    before: str
    after: str
    source: str
    uscc: str


class OwedOut(Schema):
    """One thing that is open."""

    what: str
    detail: str
    due: date | None
    light: str
    word: str


class TieOut(Schema):
    """A parent or a subsidiary, as delivered; `id` where the caller may open it."""

    name: str
    id: int | None
    share: float | None = Field(description="0 to 1")
    since: date | None
    until: date | None
    source: str
    as_of: date


class GroupOut(Schema):
    parents: list[TieOut]
    subsidiaries: list[TieOut]


class TagOut(Schema):
    """A tag by rule: `holds` is null where it cannot be said. One by hand has the reason for its rule."""

    code: str
    label: str
    by_hand: bool
    holds: bool | None
    rule: str


class ListLine(Schema):
    """A shared list; `members` are those the caller may see."""

    id: int
    name: str
    purpose: str
    owner: str
    share: str
    changed_at: datetime
    members: int


class ListPage(Schema):
    items: list[ListLine]
    next: str | None


class MemberOut(Schema):
    enterprise: NamedOut
    note: str
    since: datetime


class ListOut(ListLine):
    enterprises: list[MemberOut]


class ViewOut(Schema):
    """A saved view: the address answers what the caller may see."""

    id: int
    name: str
    listing: str
    address: str
    shared: bool


class ConsentOut(Schema):
    """A consent; empty `source` or `fields` mean all."""

    id: int
    enterprise: NamedOut
    source: str
    fields: list[str]
    purpose: str
    since: date
    until: date | None
    state: str


class ConsentPage(Schema):
    items: list[ConsentOut]
    next: str | None
