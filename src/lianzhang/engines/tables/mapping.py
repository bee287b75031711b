"""From header paths to mapped columns: field, unit, year, and what stands in the way."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .coerce_number import target_unit
from .headers import header_text, read_header
from .model import NUMERIC_TYPES, Column, FieldSpec, TableError, TableSpec
from .problems import Bad, Problem
from .text import fold, letter, squeeze
from .units import conversion, find_unit, needs_unit, unit_examples
from .vocabulary import Vocabulary


@dataclass(slots=True)
class ColumnMapper:
    """Maps the columns of one sheet. `default_units` is keyed by field code or field type."""

    spec: TableSpec
    words: Vocabulary
    sheet: str
    header_row: int
    line_units: Sequence[str] = ()
    default_units: Mapping[str, str] = field(default_factory=dict)
    period: str | None = None
    problems: list[Problem] = field(default_factory=list)

    def columns(self, paths: Sequence[tuple[str, ...]]) -> list[Column]:
        """One `Column` per header path; problems are collected in `problems`."""
        fields = self.spec.by_code()
        out = [self._column(i, path, fields) for i, path in enumerate(paths)]
        self._refuse_doubles(out, fields)
        for column in out:
            if column.status == "mapped" and fields[column.field or ""].type in NUMERIC_TYPES:
                self._find_unit(column, fields[column.field or ""])
        return out

    def given(
        self, columns: Sequence[Column], said: Mapping[str, str], titles: Sequence[str]
    ) -> dict[str, Any]:
        """Values that hold for all rows: what a person said, then what a line above the table tells of a field that has
        no column. Raises TableError `bad_map` for a field that is not there or a value that is none."""
        there = {c.field for c in columns if c.status == "mapped"}
        told = {
            f.code: found
            for f in self.spec.fields
            if f.heading and f.code not in there and (found := _told(f.heading, titles))
        }
        fields = self.spec.by_code()
        return {**told, **{code: self._said(code, value, fields) for code, value in said.items()}}

    def _said(self, code: str, text: str, fields: Mapping[str, FieldSpec]) -> Any:
        from .coerce import build_coercer

        spec = fields.get(code)
        value = build_coercer(spec, None).one(text) if spec else None
        if value is None or isinstance(value, Bad):
            known = ", ".join(fields)
            raise TableError(
                "bad_map",
                f"Column map, sheet {self.sheet}, values: {code}: {text!r}.",
                f"Known fields: {known}.",
            )
        return value

    def missing_required(self, columns: Sequence[Column], given: Mapping[str, Any]) -> list[Problem]:
        """One problem per required field that neither a column nor a value for all rows fills."""
        there = {c.field for c in columns if c.status == "mapped"} | set(given)
        return [
            self.problem("missing_required", None, "column", field=f.code, label=f.label or f.code)
            for f in self.spec.fields
            if f.required and f.code not in there and f.instead not in there
        ]

    def problem(self, code: str, column: Column | None, detail: str = "", **params: Any) -> Problem:
        """A problem at the header of this sheet."""
        severity = "warning" if code == "other_year" else "error"
        field_code = params.pop("field", column.field if column else None)
        place = (column.header, column.letter) if column else (None, None)
        return Problem(
            severity, self.sheet, self.header_row, place[0], None, code, detail, place[1], field_code, params
        )

    def _column(self, index: int, path: tuple[str, ...], fields: Mapping[str, FieldSpec]) -> Column:
        column = Column(index, letter(index), header_text(path), path)
        choice = self.words.choice(path, column.letter)
        years = [y for part in path if (y := read_header(part).year)]
        column.year = years[-1] if years else None
        if choice and choice.skip:
            column.status = "skipped"
        elif choice and choice.field:
            if choice.field not in fields:
                raise TableError(
                    "bad_map",
                    f"Column map, sheet {self.sheet}, column {column.header}: no field {choice.field!r}.",
                    f"Known fields: {', '.join(fields)}.",
                )
            column.field, column.unit, column.status = choice.field, choice.unit, "mapped"
        elif self.words.ignored(path):
            column.status = "ignored"
        elif (code := self.words.match(path)) is not None:
            column.field, column.unit, column.status = code, choice.unit if choice else None, "mapped"
            self._check_year(column, fields[code])
        elif path:
            column.suggestions = self.words.suggest(path)
        return column

    def _check_year(self, column: Column, spec: FieldSpec) -> None:
        if spec.type in NUMERIC_TYPES and column.year and self.period and str(column.year) != self.period[:4]:
            column.status = "other_year"
            self.problems.append(self.problem("other_year", column, year=column.year, period=self.period))

    def _refuse_doubles(self, columns: Sequence[Column], fields: Mapping[str, FieldSpec]) -> None:
        by_field: defaultdict[str, list[Column]] = defaultdict(list)
        for column in columns:
            if column.status == "mapped" and column.field:
                by_field[column.field].append(column)
        for code, rivals in by_field.items():
            if len(rivals) < 2:
                continue
            if (chosen := self._foremost(rivals, fields[code])) is not None:
                for column in rivals:
                    if column is not chosen:
                        column.field, column.unit, column.status = None, None, "unmapped"
                        column.suggestions = ((code, 1.0),)
                continue
            letters = ", ".join(c.letter for c in rivals)
            label = fields[code].label or code
            self.problems.append(self.problem("duplicate_column", rivals[0], letters=letters, label=label))
            for column in rivals:
                column.status = "conflict"

    def _foremost(self, rivals: Sequence[Column], spec: FieldSpec) -> Column | None:
        """The only column that a person gave to the field, else the only one that bears its very name."""
        given = [c for c in rivals if self.words.choice(c.path, c.letter)]
        named = [c for c in rivals if self.words.bears_name(c.path, spec)]
        return next((group[0] for group in (given, named) if len(group) == 1), None)

    def _find_unit(self, column: Column, spec: FieldSpec) -> None:
        """The nearest unit that is stated: map, header, group cells upward, line above the table, default."""
        target = target_unit(spec)
        if column.unit is not None:
            column.unit_stated = self._otherwise(column, target)
        stated = column.unit or read_header(column.header).unit
        column.unit_shown = stated is not None and column.unit is None
        if stated is None and self.words.is_code(column.header):
            stated = target
            column.unit_shown = True
        if stated and find_unit(target) and conversion(stated, target) is None:
            column.status = "unknown_unit"
            self.problems.append(
                self.problem("unknown_unit", column, "header", unit=stated, expected=unit_examples(target, 1))
            )
            return
        farther = [u for part in column.path[-2::-1] if (u := read_header(part).unit)]
        defaults = [self.default_units.get(spec.code), self.default_units.get(spec.type)]
        fitting = (
            u for u in [*farther, *self.line_units, *defaults] if u and conversion(u, target) is not None
        )
        column.unit = stated or next(fitting, None)
        if not find_unit(target):
            # A field without a dimension takes figures as they stand, whatever is counted.
            column.unit = column.unit if column.unit and conversion(column.unit, target) is not None else None

    def _otherwise(self, column: Column, target: str | None) -> str | None:
        """The unit the file states for a column whose unit a map decided, where it means another size."""
        said = (u for part in column.path[::-1] if (u := read_header(part).unit))
        own = next((u for u in [*said, *self.line_units] if conversion(u, target) is not None), None)
        return own if own and conversion(own, target) != conversion(column.unit or "", target) else None

    def settle(
        self, columns: Sequence[Column], sample: Sequence[Sequence[Any]], fields: Mapping[str, FieldSpec]
    ) -> None:
        """Columns without a stated unit stay mapped only if every figure in the sample brings its own."""
        from .coerce import build_coercer

        for column in columns:
            spec = fields.get(column.field or "")
            if column.status != "mapped" or spec is None or spec.type not in NUMERIC_TYPES:
                continue
            if column.unit is not None or not needs_unit(target_unit(spec)):
                continue
            _, bad = build_coercer(spec, None).column(
                [r[column.index] for r in sample if column.index < len(r)]
            )
            if any(b.code == "unknown_unit" and b.detail == "cell" for b in bad.values()):
                column.status = "unknown_unit"
                expected = unit_examples(target_unit(spec))
                self.problems.append(self.problem("unknown_unit", column, expected=expected))


def _told(pattern: str, titles: Sequence[str]) -> str | None:
    found = (re.search(pattern, fold(squeeze(t))) for t in titles)
    return next((m[1] for m in found if m and m[1]), None)
