"""Yearly filings as they arrive: workbooks with merged heads and group units, CSV with units in the head."""

from collections.abc import Sequence

import numpy as np

from .delivery import Delivery
from .sheets import Cell, Sheet, column_letters

_GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("operation", "money", ("revenue", "output", "value_added", "profit", "tax")),
    ("balance", "money", ("assets", "liabilities")),
    ("innovation", "money", ("rd_expense",)),
    ("other", "", ("rd_staff", "employees", "land_mu")),
)
_UNIT = {"rd_staff": "people", "employees": "people", "land_mu": "land"}
_UNIT |= {"energy_tce": "energy", "electricity_kwh": "electricity"}
_FACTOR = {"electricity_kwh": 1e4, "energy_tce": 1.0, "rd_staff": 1.0, "employees": 1.0, "land_mu": 1.0}
_MONEY = 1e4
_XLSX_FROM = 2021


def write_yearly(out: Delivery) -> None:
    """Write one file a year: CSV up to 2020, afterwards a workbook and a second one for energy."""
    for year in out.city.history.years:
        if year < _XLSX_FROM:
            _yearly_csv(out, year)
        else:
            _yearly_workbook(out, year)
            _energy_workbook(out, year)


def _cells(out: Delivery, year: int, fields: Sequence[str]) -> list[list[Cell]]:
    """Return columns of values in the unit of the file; unknown is None."""
    values = out.city.filings[year].values
    columns: list[list[Cell]] = []
    for code in fields:
        scaled = np.round(values[code] / _FACTOR.get(code, _MONEY), 2)
        columns.append([None if np.isnan(value) else float(value) for value in scaled])
    return columns


def _identity(out: Delivery, year: int) -> tuple[list[str], list[str]]:
    firms, rows = out.city.firms, out.city.filings[year].firm
    return [firms.uscc[row] for row in rows], [firms.name[row] for row in rows]


def _yearly_csv(out: Delivery, year: int) -> None:
    fields = [code for _, _, group in _GROUPS for code in group] + ["energy_tce", "electricity_kwh"]
    units = [out.words["units"][_UNIT.get(code, "money")] for code in fields]
    head = [out.label("uscc"), out.label("name")]
    head += [f"{out.label(code)}({unit})" for code, unit in zip(fields, units, strict=True)]
    columns: list[Sequence[Cell]] = [*_identity(out, year), *_cells(out, year, fields)]
    missing = out.words["phrases"]["missing"]
    rows = ([missing if cell is None else cell for cell in row] for row in zip(*columns, strict=True))
    path = out.table(out.words["files"]["yearly_csv"].format(year=year), head, rows)
    out.record(path, "filings", "direct", len(columns[0]), str(year))


def _yearly_workbook(out: Delivery, year: int) -> None:
    phrases = out.words["phrases"]
    fields = [code for _, _, members in _GROUPS for code in members]
    heads, merges = _heads(out, top=3, deep=year > _XLSX_FROM)
    last = column_letters(len(fields) + 2)
    columns: list[Sequence[Cell]] = [*_identity(out, year), *_cells(out, year, fields)]
    rows = [[number, *row] for number, row in enumerate(zip(*columns, strict=True), 1)]
    title = [[phrases["yearly_title"].format(year=year)], [phrases["yearly_note"].format(year=year)]]
    sheet = Sheet(str(year), [*title, *heads, *rows], (f"A1:{last}1", f"A2:{last}2", *merges))
    path = out.workbook(out.words["files"]["yearly_xlsx"].format(year=year), [sheet])
    out.record(path, "filings", "direct", len(rows), str(year))


def _heads(out: Delivery, top: int, deep: bool) -> tuple[list[list[Cell]], list[str]]:
    """Return a head of two rows, or of three (`deep`: the unit of a group stands in a row of its own), that
    begins in row `top`, and its merged ranges."""
    bottom = top + (2 if deep else 1)
    groups: list[Cell] = [out.label("seq"), out.label("uscc"), out.label("name")]
    units: list[Cell] = [None] * 3
    fields: list[Cell] = [None] * 3
    merges = [f"{column_letters(i)}{top}:{column_letters(i)}{bottom}" for i in range(3)]
    for group, unit, members in _GROUPS:
        start, blank = len(fields), [None] * (len(members) - 1)
        suffix = out.words["phrases"]["bracket"].format(out.words["units"][unit]) if unit else ""
        groups += [out.words["groups"][group] + ("" if deep else suffix), *blank]
        units += [suffix or None, *blank]
        fields += [_head(out, code) for code in members]
        if blank:
            ends = f"{column_letters(start)}{{0}}:{column_letters(len(fields) - 1)}{{0}}"
            merges += [ends.format(row) for row in range(top, bottom)]
    return ([groups, units, fields] if deep else [groups, fields]), merges


def _head(out: Delivery, code: str) -> str:
    """Return the label, with its unit where the group has none."""
    unit = _UNIT.get(code)
    return f"{out.label(code)}({out.words['units'][unit]})" if unit else out.label(code)


def _energy_workbook(out: Delivery, year: int) -> None:
    fields = ["energy_tce", "electricity_kwh"]
    columns = [*_identity(out, year), *_cells(out, year, fields)]
    head = [out.label("uscc"), out.label("name"), *(_head(out, code) for code in fields)]
    title = [out.words["phrases"]["energy_title"].format(year=year)]
    rows = list(zip(*columns, strict=True))
    path = out.workbook(
        out.words["files"]["energy"].format(year=year), [Sheet(str(year), [title, head, *rows], ("A1:D1",))]
    )
    out.record(path, "filings", "energy", len(rows), str(year))


def write_statistical(out: Delivery) -> None:
    """Write the statistics office's figures of every fourth firm: they may differ a little from the firm's
    own and are for statistics only."""
    year = out.city.last_year
    fields = ["revenue", "output", "employees", "energy_tce"]
    columns = [*_identity(out, year), *_cells(out, year, fields)]
    rows = [list(row) for row in zip(*columns, strict=True)][::4]
    for number, row in enumerate(rows):
        if number % 50 == 0 and isinstance(row[2], float):
            row[2] = round(row[2] * 1.04, 2)
    head = [out.label("uscc"), out.label("name")]
    head += [f"{out.label(c)}({out.words['units'][_UNIT.get(c, 'money')]})" for c in fields]
    title = [out.words["phrases"]["statistical_title"].format(year=year)]
    sheet = Sheet(str(year), [title, head, *rows], ("A1:F1",))
    path = out.workbook(out.words["files"]["statistical"], [sheet])
    out.record(path, "filings", "statistical", len(rows), str(year), use="statistical")


def write_small_yearly(out: Delivery, revenue: dict[int, np.ndarray], staff: dict[int, np.ndarray]) -> None:
    """Write revenue and employees of smaller firms; NaN becomes a missing mark, firms without both are left out."""
    firms, missing = out.city.firms, out.words["phrases"]["missing"]
    units = out.words["units"]
    head = [out.label("uscc"), f"{out.label('revenue')}({units['money']})"]
    head.append(f"{out.label('employees')}({units['people']})")
    for year, amounts in revenue.items():
        rows = []
        for index, (amount, people) in enumerate(zip(amounts, staff[year], strict=True)):
            if not (np.isnan(amount) and np.isnan(people)):
                money = missing if np.isnan(amount) else f"{amount / _MONEY:.2f}"
                count = missing if np.isnan(people) else f"{people:.0f}"
                rows.append((firms.uscc[firms.above + index], money, count))
        path = out.table(out.words["files"]["small_yearly"].format(year=year), head, rows)
        out.record(path, "filings", "small", len(rows), str(year))
