"""Reading a file: sheets in turn, header, columns, rows; nothing is held beyond a chunk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import IO, Any

from .columnmap import ColumnMap, SheetMap
from .csvfile import read_csv
from .filldown import FillDown
from .header import HEAD_ROWS, Header, HeadFinder, unit_lines
from .mapping import ColumnMapper
from .model import Column, Limits, SheetReport, Skipped, TableSpec
from .parquetfile import read_parquet
from .pdffile import read_pdf
from .problems import Problem
from .rowkinds import RowJudge, title_texts, title_year
from .rows import ProblemLog, Row, RowMaker
from .sniff import sniff
from .source import RawSheet, Rows, Source
from .text import letter
from .vocabulary import Vocabulary
from .workbook import read_workbook


class TableResult:
    """A reading in progress. Iterate over it once; `sheets` and `problems` fill as it goes.

    `problems` keeps the first `Limits.problems_kept`, `problem_counts` counts all of them by code.
    """

    def __init__(
        self,
        source: Source,
        spec: TableSpec,
        mapping: ColumnMap,
        default_units: Mapping[str, str],
        period: str | None,
        limits: Limits,
        within: str = "",
    ) -> None:
        self.kind, self.name = sniff(source), source.name
        self._prefix = f"{within}/" if within and self.kind in {"zip", "xls", "pdf"} else ""
        self.sheets: list[SheetReport] = []
        self.heads: dict[str, Rows] = {}
        self._log = ProblemLog(limits.problems_kept)
        self._source, self._spec, self._limits = source, spec, limits
        self._mapping, self._defaults, self._period = mapping, default_units, period
        self._fields = spec.by_code()

    @property
    def problems(self) -> list[Problem]:
        """Problems found so far, in the order of the file."""
        return self._log.kept

    @property
    def problem_counts(self) -> Counter[str]:
        """How many problems of each code were found so far."""
        return self._log.counts

    def __iter__(self) -> Iterator[Row]:
        return chain.from_iterable(self.batches())

    def batches(self) -> Iterator[list[Row]]:
        """Rows of facts, a few thousand at a time, rejected ones among them."""
        for raw in self._raw_sheets():
            report = SheetReport(raw.name)
            self.sheets.append(report)
            if self._passed_over(raw, report):
                continue
            yield from self._sheet(raw, report)

    def scan(self) -> TableResult:
        """Read only the head of each sheet: headers, columns, mapping problems, first rows in `heads`.

        Of a PDF only the first table: to find the next one all pages between would have to be read.
        """
        for raw in self._raw_sheets():
            report = SheetReport(raw.name)
            self.sheets.append(report)
            if self._passed_over(raw, report):
                continue
            if self._open(raw, report) and self.kind == "pdf":
                break
        return self

    def _raw_sheets(self) -> Iterator[RawSheet]:
        if self.kind == "text":
            return iter([read_csv(self._source, self._limits)])
        if self.kind == "parquet":
            return iter([read_parquet(self._source, self._limits)])
        if self.kind == "pdf":
            sheets = read_pdf(self._source, self._limits)
        else:
            sheets = read_workbook(self._source, self._limits, zipped=self.kind == "zip")
        return (replace(sheet, name=self._prefix + sheet.name) for sheet in sheets)

    def _decisions(self, report: SheetReport) -> SheetMap | None:
        """What a person decided for this sheet; a flat file takes the only entry under whatever name."""
        names = [report.name, report.name.removeprefix(self._prefix), "*"]
        if len(self._mapping) == 1 and self.kind in {"text", "parquet"}:
            names += self._mapping
        report.decided = next((n for n in names if n in self._mapping), None)
        return self._mapping[report.decided] if report.decided is not None else None

    def _passed_over(self, raw: RawSheet, report: SheetReport) -> bool:
        """Whether a sheet is left out: it is hidden, or a person decided so."""
        decisions = self._decisions(report)
        if raw.hidden or (decisions is not None and decisions.skip):
            report.skipped_sheet = "hidden" if raw.hidden else "skipped"
        return report.skipped_sheet is not None

    def _sheet(self, raw: RawSheet, report: SheetReport) -> Iterator[list[Row]]:
        opened = self._open(raw, report)
        if opened is None:
            return
        maker, head, header = opened
        below = FillDown(raw.merged, header.data)
        first = head[header.data :]
        below.fill(first, header.data + 1)
        yield maker.rows(first, header.data + 1, self._log)
        number = len(head) + 1
        for chunk in raw.chunks:
            below.fill(chunk, number)
            yield maker.rows(chunk, number, self._log)
            number += len(chunk)

    def _open(self, raw: RawSheet, report: SheetReport) -> tuple[RowMaker, Rows, Header] | None:
        """Find the header and settle the columns; None when the sheet is empty or has no header."""
        head = self._head(raw)
        self.heads[raw.name] = head[:HEAD_ROWS]
        if not any(any(map(_has_content, row)) for row in head):
            report.skipped_sheet = "empty"
            return None
        decisions = self._decisions(report)
        words = Vocabulary(self._spec, decisions)
        finder = HeadFinder(head, raw.merged, words)
        header = finder.find(decisions.header_row if decisions else None)
        if header is None or header.score == 0:
            self._no_header(report, header or finder.guess(), words)
            return None
        return self._settle(raw, report, head, header, words), head, header

    def _head(self, raw: RawSheet) -> Rows:
        head: Rows = []
        for chunk in raw.chunks:
            head += chunk
            if len(head) >= HEAD_ROWS:
                break
        return head

    def _settle(
        self, raw: RawSheet, report: SheetReport, head: Rows, header: Header, words: Vocabulary
    ) -> RowMaker:
        units, reasons = unit_lines(head, header.top)
        report.header_row = header.bottom + 1
        extra = [*range(header.top, header.bottom), *range(header.bottom + 1, header.data)]
        skipped = {**reasons, **dict.fromkeys(extra, "header")}
        report.skipped += [Skipped(i + 1, reason) for i, reason in sorted(skipped.items())]
        titles = title_texts(head, header.top)
        report.period = title_year(titles)
        mapper = ColumnMapper(
            self._spec, words, raw.name, header.bottom + 1, units, self._defaults, self._period
        )
        report.columns = mapper.columns(header.paths)
        report.unused = words.unused(header.paths)
        mapper.settle(report.columns, head[header.data : header.data + 400], self._fields)
        decisions = self._decisions(report)
        report.given = mapper.given(report.columns, decisions.values if decisions else {}, titles)
        missing = mapper.missing_required(report.columns, report.given)
        for problem in (*mapper.problems, *missing):
            self._log.add(problem)
        wide = frozenset(r0 + 1 for (r0, c0), (_, c1) in raw.merged if c1 - c0 >= 2)
        flat_width = max(map(len, head[header.top : header.bottom + 1])) if raw.flat else 0
        return RowMaker(report, self._fields, RowJudge(report.columns, titles, wide), missing, flat_width)

    def _no_header(self, report: SheetReport, guess: Header | None, words: Vocabulary) -> None:
        if guess:
            report.header_row = guess.bottom + 1
            report.columns = [
                Column(i, letter(i), p[-1] if p else "", p, suggestions=words.suggest(p))
                for i, p in enumerate(guess.paths)
            ]
        self._log.add(Problem("error", report.name, None, None, None, "no_header"))


def _has_content(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def read_table(
    source: Path | str | bytes | IO[bytes],
    spec: TableSpec,
    *,
    name: str | None = None,
    mapping: ColumnMap | None = None,
    default_units: Mapping[str, str] | None = None,
    period: str | int | None = None,
    limits: Limits | None = None,
    within: str = "",
) -> TableResult:
    """Read a table of any supported kind.

    `source` is a path, the bytes, or an open binary file; `name` the file name for messages and flat sheets;
    `mapping` from `parse_map`; `default_units` the units of the source by field code or type; `period` the year
    the facts belong to (columns headed by another year are left out); `limits` where a file is refused; `within` the
    name of the member of an archive, which then leads the names of a workbook's sheets.

    Raises TableError here or while iterating when the file as a whole cannot be read.
    """
    return TableResult(
        Source.of(source, name),
        spec,
        mapping or {},
        default_units or {},
        None if period is None else str(period),
        limits or Limits(),
        within,
    )


def scan_table(source: Path | str | bytes | IO[bytes], spec: TableSpec, **options: Any) -> TableResult:
    """As `read_table`, but only the head of each sheet is read, for showing and changing the mapping."""
    return read_table(source, spec, **options).scan()
