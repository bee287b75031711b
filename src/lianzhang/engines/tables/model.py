"""What goes into a reading (fields, limits, column map) and what comes out (rows, problems, reports)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

NUMERIC_TYPES = frozenset({"money", "number", "int", "percent"})
FIELD_TYPES = NUMERIC_TYPES | {
    "text",
    "name",
    "uscc",
    "date",
    "datetime",
    "year",
    "period",
    "code",
    "industry",
    "bool",
    "enum",
    "area",
}


class TableError(Exception):
    """The file as a whole cannot be read: `code` for programs, `message` what is wrong, `hint` how to mend."""

    def __init__(self, code: str, message: str, hint: str = "", **params: Any) -> None:
        super().__init__(f"{message} {hint}".strip())
        self.code, self.message, self.hint, self.params = code, message, hint, params


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field a column may be mapped to.

    `unit` is the unit values are stored in; `range` holds inclusive bounds in that unit; `values` gives, for
    enum and area fields, the stored code and the words that mean it; `month_ok` lets a date be a month (its
    first day is stored); `heading` is a pattern whose first group, found in a line above the table, is the value of all
    rows where no column has the field (the title a published roster is of); `yearly` marks facts that belong to a period; `instead` names the field that may stand in
    for a required one (a name where no code is known).
    """

    code: str
    type: str = "text"
    label: str = ""
    unit: str | None = None
    required: bool = False
    range: tuple[float | None, float | None] | None = None
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    synonyms: tuple[str, ...] = ()
    yearly: bool = False
    month_ok: bool = False
    instead: str | None = None
    heading: str | None = None

    def __post_init__(self) -> None:
        if self.type not in FIELD_TYPES:
            raise ValueError(f"field {self.code}: unknown type {self.type!r}; one of {sorted(FIELD_TYPES)}")


@dataclass(frozen=True, slots=True)
class TableSpec:
    """The fields a data set knows, in the order they are given."""

    name: str
    fields: tuple[FieldSpec, ...]

    def by_code(self) -> dict[str, FieldSpec]:
        """Field code → field."""
        return {f.code: f for f in self.fields}


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a file is refused. Bytes, rows and columns; `zip_ratio` holds for members above `zip_ratio_from`.

    `cells` bounds the rectangle of a sheet, which the reader holds in memory at about 32 bytes a cell.
    """

    columns: int = 1_000
    sheet_rows: int = 300_000
    cells: int = 24_000_000
    unzipped_bytes: int = 2 * 1024**3
    zip_ratio: float = 200.0
    zip_ratio_from: int = 10 * 1024**2
    zip_members: int = 10_000
    problems_kept: int = 100_000
    pdf_pages: int = 1_500
    pdf_page_objects: int = 40_000
    pdf_unpacked_bytes: int = 256 * 1024**2


class Skipped(NamedTuple):
    """A row left out on purpose: its number in the sheet (from 1) and blank|subtotal|note|header|title|unit_line."""

    row: int
    reason: str


@dataclass(slots=True)
class Column:
    """One column of a sheet after mapping.

    `status` is mapped | unmapped | ignored | skipped | conflict | unknown_unit | other_year; `unit` is the
    unit its numbers are read in; `unit_shown` says whether the header text itself carries that unit;
    `unit_stated` is the other unit that the file states where a map decided this one.
    """

    index: int
    letter: str
    header: str
    path: tuple[str, ...] = ()
    field: str | None = None
    unit: str | None = None
    unit_shown: bool = False
    unit_stated: str | None = None
    year: int | None = None
    status: str = "unmapped"
    suggestions: tuple[tuple[str, float], ...] = ()

    @property
    def label(self) -> str:
        """The header with the unit it was read in, so that a file written from it reads back the same."""
        return self.header if self.unit_shown or not self.unit else f"{self.header}({self.unit})"


@dataclass(slots=True)
class SheetReport:
    """What was found in one sheet. `rows` counts data rows, accepted or rejected; it grows while streaming.

    `given` are values that hold for all rows: said by a person, or told by a line above the table.
    `decided` is the entry of the column map that was followed, `unused` the columns it names that are not there.
    """

    name: str
    header_row: int | None = None
    rows: int = 0
    rejected: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    skipped_sheet: str | None = None
    columns: list[Column] = field(default_factory=list)
    period: str | None = None
    given: dict[str, Any] = field(default_factory=dict)
    decided: str | None = None
    unused: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The sheet as the import report shows it."""
        return {
            "name": self.name,
            "header_row": self.header_row,
            "rows": self.rows,
            "skipped": [{"row": s.row, "reason": s.reason} for s in self.skipped],
            "skipped_sheet": self.skipped_sheet,
        }
