"""The column map people write when the automatic mapping is not enough (the `--map` file, already parsed)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .lexicon import word
from .model import TableError

_HINT = f"Write e.g. {word('map_example')}"


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What a person decided for one column: its field and unit, or to leave it out."""

    field: str | None = None
    unit: str | None = None
    skip: bool = False


@dataclass(frozen=True, slots=True)
class SheetMap:
    """Decisions for one sheet: the row of its header (from 1), its columns by header text or letter, values that hold for
    all its rows, or to leave it out."""

    header_row: int | None = None
    columns: Mapping[str, ColumnChoice] = field(default_factory=dict)
    skip: bool = False
    values: Mapping[str, str] = field(default_factory=dict)


ColumnMap = Mapping[str, SheetMap]


def parse_map(data: Any) -> dict[str, SheetMap]:
    """Check a parsed map file and build sheet name → decisions; `*` stands for every sheet.

    Raises TableError `bad_map` naming the place that is wrong.
    """
    if not isinstance(data, Mapping):
        raise TableError("bad_map", "The column map must be a mapping of sheet names.", _HINT)
    return {str(name): _sheet(str(name), body or {}) for name, body in data.items()}


def _sheet(name: str, body: Any) -> SheetMap:
    if not isinstance(body, Mapping) or set(body) - {"header_row", "columns", "skip", "values"}:
        raise TableError(
            "bad_map",
            f"Column map, sheet {name}: only header_row, columns, values and skip may stand here.",
            _HINT,
        )
    row, columns = body.get("header_row"), body.get("columns")
    columns = {} if columns is None else columns
    if row is not None and (not isinstance(row, int) or isinstance(row, bool) or row < 1):
        raise TableError(
            "bad_map", f"Column map, sheet {name}: header_row {row!r} is no row number from 1.", _HINT
        )
    if not isinstance(columns, Mapping):
        raise TableError(
            "bad_map", f"Column map, sheet {name}: columns must be a mapping of header texts.", _HINT
        )
    choices = {str(c): _choice(name, str(c), v) for c, v in columns.items()}
    values = body.get("values")
    values = {} if values is None else values
    if not isinstance(values, Mapping):
        raise TableError(
            "bad_map", f"Column map, sheet {name}: values must be a mapping of field codes.", _HINT
        )
    said = {str(k): str(v) for k, v in values.items()}
    return SheetMap(row, choices, bool(body.get("skip")), said)


def _choice(sheet: str, column: str, body: Any) -> ColumnChoice:
    if isinstance(body, str):
        return ColumnChoice(field=body)
    if not isinstance(body, Mapping) or set(body) - {"field", "unit", "skip"}:
        raise TableError(
            "bad_map",
            f"Column map, sheet {sheet}, column {column}: expected field, unit or skip, got {body!r}.",
            _HINT,
        )
    if not body.get("field") and not body.get("skip") and not body.get("unit"):
        raise TableError(
            "bad_map", f"Column map, sheet {sheet}, column {column}: neither field nor skip.", _HINT
        )
    return ColumnChoice(body.get("field"), body.get("unit"), bool(body.get("skip")))
