"""Registers as bureaus keep them: a workbook with a sheet per district, and district CSV files."""

import numpy as np

from .delivery import Delivery
from .sheets import Cell, Sheet, column_letters

_COLUMNS = (
    "seq",
    "uscc",
    "name",
    "former_names",
    "district",
    "street",
    "address",
    "industry_code",
    "industry_name",
    "established",
    "status",
    "park",
    "longitude",
    "latitude",
    "products",
)


def write_registry(out: Delivery) -> None:
    """Write the register of firms above the line: sheets differ in the order of their columns, have titles
    above the header, running numbers, a total and a note below."""
    firms, words = out.city.firms, out.words["phrases"]
    sheets = []
    for index, place in enumerate(out.city.ref.districts):
        rows = np.flatnonzero(firms.district[: firms.above] == index)
        if not len(rows):
            continue
        shift = index % (len(_COLUMNS) - 1)
        order = ("seq", *_COLUMNS[1 + shift :], *_COLUMNS[1 : 1 + shift])
        table: list[list[Cell]] = [
            [words["registry_title"].format(year=out.city.last_year)],
            [words["registry_note"].format(district=place.name)],
            [out.label(column) for column in order],
        ]
        for number, row in enumerate(rows, 1):
            value = enterprise_cells(out, int(row), number)
            table.append([value[column] for column in order])
        table.append([words["total"], f"{len(rows)}"])
        table.append([words["note"]])
        last = column_letters(len(order) - 1)
        sheets.append(Sheet(place.name, table, (f"A1:{last}1", f"A2:{last}2")))
    path = out.workbook(out.words["files"]["registry"], sheets)
    out.record(path, "enterprises", "registry", firms.above, str(out.city.last_year))


def write_small_registers(out: Delivery) -> None:
    """Write smaller firms by district, in GBK where the recipe says so, with two column orders."""
    firms = out.city.firms
    gbk = set(out.city.ref.recipe.districts["gbk"])
    for index, place in enumerate(out.city.ref.districts):
        rows = firms.above + np.flatnonzero(firms.district[firms.above :] == index)
        if not len(rows):
            continue
        order: tuple[str, ...] = ("uscc", "name", "former_names", "district", "street", "address")
        order += ("industry_code", "established", "status", "longitude", "latitude")
        if index % 2:
            order = (order[1], order[0], *order[2:])
        name = out.words["files"]["small"].format(district=place.name)
        cells = (enterprise_cells(out, int(row), 0) for row in rows)
        encoding = "gbk" if place.name in gbk else "utf-8-sig"
        head = [out.label(column) for column in order]
        path = out.table(name, head, ([cell[column] for column in order] for cell in cells), encoding)
        out.record(path, "enterprises", "small", len(rows), str(out.city.last_year))


def enterprise_cells(out: Delivery, row: int, number: int) -> dict[str, Cell]:
    """Return the register's cells of enterprise `row`; `number` is the running number."""
    firms, ref = out.city.firms, out.city.ref

    return {
        "seq": number,
        "uscc": firms.uscc[row],
        "name": firms.name[row],
        "former_names": firms.former[row] or None,
        "district": ref.districts[firms.district[row]].name,
        "street": firms.street[row],
        "address": firms.address[row],
        "industry_code": firms.classes[row],
        "industry_name": ref.classes[firms.classes[row]],
        "established": firms.established[row],
        "status": out.words["phrases"]["status_open"],
        "park": _park(out, row) or None,
        "longitude": float(firms.point[row, 0]),
        "latitude": float(firms.point[row, 1]),
        "products": ";".join(code for code, _ in out.city.products[row]) if row < firms.above else None,
    }


def _park(out: Delivery, row: int) -> str:
    number = out.city.firms.park[row]
    return out.city.firms.parks[number].name if number >= 0 else ""
