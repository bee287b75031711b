"""What the API of enterprises takes and gives."""

from __future__ import annotations

from datetime import date

from ninja import Field, Schema

TEXT = r"^[^\x00]*$"


class EnterpriseQuery(Schema):
    """Filters and place of a list; `after` is the id of the last enterprise of the page before."""

    q: str | None = Field(
        None,
        max_length=100,
        pattern=TEXT,
        description="part of a name, its pinyin or initials, the road, or the beginning of the code",
    )
    uscc: str | None = Field(None, max_length=18, pattern=TEXT, description="unified social credit code")
    district: str | None = Field(None, max_length=20, pattern=TEXT)
    industry: str | None = Field(
        None, max_length=4, pattern=r"^[0-9A-T]*$", description="GB/T 4754: section letter or digits"
    )
    after: int | None = Field(None, ge=1, le=2**53)
    size: int = Field(50, ge=1, le=200)


class SimilarQuery(Schema):
    """What a name is like."""

    q: str = Field(min_length=2, max_length=100, pattern=TEXT)
    size: int = Field(10, ge=1, le=50)


class EnterpriseLine(Schema):
    """An enterprise in a list."""

    id: int
    uscc: str
    name: str
    district: str | None
    industry_code: str | None
    status: str
    provenance: str | None = Field(description="`synthetic` for demonstration data")


class EnterprisePage(Schema):
    """A page of enterprises; `next` is the address of the one after."""

    items: list[EnterpriseLine]
    next: str | None


class FactOut(Schema):
    """A figure with where it comes from."""

    code: str
    period: str
    value: float | str | bool | None
    unit: str | None
    source: str
    as_of: date
    use: str


class EnterpriseOut(EnterpriseLine):
    """An enterprise with its facts, as far as the caller may see them."""

    former_names: list[str]
    address: str
    established: date | None
    facts: list[FactOut]


class ProblemOut(Schema):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
