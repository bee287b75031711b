"""Workbooks for practice: registers with a known number of wrong rows, not loaded with the city."""

from collections.abc import Sequence
from typing import NamedTuple

from .codes import ALPHABET, fictitious_uscc
from .delivery import Delivery
from .names import Namer
from .sheets import Cell, Sheet
from .streams import stream

_COLUMNS = (
    "seq",
    "uscc",
    "name",
    "district",
    "address",
    "industry_code",
    "established",
    "employees",
    "revenue",
)
_ROWS = 40
_FIRST_NUMBER = 800_000_000
"""Numbers of practice enterprises start here, far above those of the city."""


class Wrong(NamedTuple):
    """A planted mistake: file, row as the spreadsheet numbers it, field and the code an import must give."""

    file: str
    row: int
    field: str
    code: str


_MISTAKES = (
    (3, "uscc", "bad_uscc_check"),
    (7, "uscc", "bad_uscc_length"),
    (11, "uscc", "bad_uscc_char"),
    (15, "name", "missing_required"),
    (19, "revenue", "bad_number"),
    (23, "established", "bad_date"),
    (27, "industry_code", "unknown_code"),
    (31, "uscc", "duplicate_in_file"),
    (35, "employees", "out_of_range"),
)


def write_practice(out: Delivery) -> list[Wrong]:
    """Write the messy register and the one with two wrong rows; return what is wrong in them."""
    wrong = _write(out, "practice", _ROWS, _MISTAKES)
    return wrong + _write(out, "two_bad", 12, (_MISTAKES[0], (8, "revenue", "bad_number")))


def _write(out: Delivery, key: str, count: int, mistakes: Sequence[tuple[int, str, str]]) -> list[Wrong]:
    name = out.words["files"][key]
    rows = _good_rows(out, key, count)
    top: list[list[Cell]] = [[out.words["phrases"]["practice_title"]], [], [_head(out, c) for c in _COLUMNS]]
    wrong = []
    for index, field, code in mistakes:
        _spoil(rows, index, field, code)
        wrong.append(Wrong(name, len(top) + index + 1, field, code))
    tail: list[list[Cell]] = [[], [out.words["phrases"]["total"], f"{count}"], [out.words["phrases"]["note"]]]
    body: list[list[Cell]] = [[row[column] for column in _COLUMNS] for row in rows]
    path = out.workbook(name, [Sheet(key, [*top, *body, *tail], ("A1:I1",))])
    out.record(
        path, "enterprises", "registry", count, str(out.city.last_year), rejected=len(wrong), load=False
    )
    return wrong


def _head(out: Delivery, column: str) -> str:
    unit = out.words["phrases"]["bracket"].format(out.words["units"]["money"])
    return out.label(column) + (unit if column == "revenue" else "")


def _good_rows(out: Delivery, key: str, count: int) -> list[dict[str, Cell]]:
    ref = out.city.ref
    rng = stream(out.city.seed, f"practice {key}")
    namer = Namer(rng, ref)
    codes = sorted(code for code, sector in ref.class_sector.items() if 11 <= sector < 98)
    rows: list[dict[str, Cell]] = []
    for number in range(count):
        code = codes[int(rng.integers(len(codes)))]
        place = ref.districts[int(rng.integers(len(ref.districts)))]
        rows.append(
            {
                "seq": number + 1,
                "uscc": fictitious_uscc(
                    _FIRST_NUMBER + 1000 * len(key) + number, ref.recipe.city["uscc_area"]
                ),
                "name": namer.name(code),
                "district": place.name,
                "address": f"{ref.recipe.city['name']}{place.name}{place.streets[0]}{number + 1}",
                "industry_code": code,
                "established": f"{int(rng.integers(1995, 2020))}-0{int(rng.integers(1, 10))}-15",
                "employees": int(rng.integers(8, 600)),
                "revenue": round(float(rng.lognormal(7.5, 1.0)), 2),
            }
        )
    return rows


def _spoil(rows: list[dict[str, Cell]], index: int, field: str, code: str) -> None:
    """Put a mistake into a row that makes an import report exactly `code`."""
    text = str(rows[index]["uscc"])
    if code == "bad_uscc_check":
        rows[index][field] = text[:-1] + ALPHABET[(ALPHABET.index(text[-1]) + 1) % 31]
    elif code == "bad_uscc_length":
        rows[index][field] = text[:-1]
    elif code == "bad_uscc_char":
        rows[index][field] = text[:12] + "O" + text[13:]
    elif code == "duplicate_in_file":
        rows[index][field] = rows[index - 1]["uscc"]
    elif code == "missing_required":
        rows[index][field] = None
    else:
        rows[index][field] = {"bad_number": "12o5", "bad_date": "2021-13-40", "unknown_code": "9999"}.get(
            code, -5
        )
