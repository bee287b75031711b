"""An empty workbook for a data set: its columns with their units, what each takes said and checked in the cells.

It is read back by the same reader as every other file: no hidden marks, only headings that the catalogue knows.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianzhang.engines.tables import FieldSpec, conversion, known_units
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports.forms import dataset_word

ROWS = 5_000
"""Rows whose cells are checked; further ones may be filled all the same."""
PROMPT, TITLE, LIST = 250, 30, 255
"""Characters a spreadsheet allows in the message of a cell, in its title, in a list of choices."""
FORBIDDEN = re.compile(r"[\\*?:/\[\]]")
"""Signs no sheet may have in its name."""
HINTS: dict[str, Any] = {
    "uscc": gettext_lazy("18 characters, as on the business licence"),
    "date": gettext_lazy("a day, e.g. 2022-03-01"),
    "year": gettext_lazy("a year, e.g. 2022"),
    "period": gettext_lazy("a year, e.g. 2022, or a month, e.g. 2022-05"),
    "industry": gettext_lazy("a code of GB/T 4754-2017, e.g. 3670"),
    "area": gettext_lazy("the name or the code of a district"),
    "percent": gettext_lazy("a percentage, e.g. 3.5%"),
    "int": gettext_lazy("a whole number"),
    "number": gettext_lazy("a number"),
    "money": gettext_lazy("an amount; leave it empty where it is not known, do not write 0"),
}
TEXTUAL = frozenset({"uscc", "code", "industry", "text", "name", "period"})


def write(target: Any, code: str) -> None:
    """Write the empty workbook of a data set to a path or a binary file. KeyError for an unknown data set."""
    from openpyxl import Workbook

    fields = datasets.get(code).fields()
    book = Workbook()
    sheet: Any = book.active
    sheet.title = FORBIDDEN.sub(" ", dataset_word(code))[:TITLE].strip()
    sheet.freeze_panes = "A2"
    for column, field in enumerate(fields, 1):
        _column(sheet, column, field)
    book.save(target)


def heading(field: FieldSpec) -> str:
    """The heading of a column: its name, and the unit figures are written in."""
    unit = written_unit(field)
    return f"{field.label or field.code}({unit})" if unit else field.label or field.code


def written_unit(field: FieldSpec) -> str | None:
    """Amounts are written in ten thousands, as offices do; everything else in the unit it is kept in."""
    if field.type == "money" and field.unit:
        return _ten_thousand(field.unit) or field.unit
    return field.unit


@lru_cache(maxsize=8)
def _ten_thousand(unit: str) -> str | None:
    return next((each for each in known_units() if conversion(each, unit) == 10_000), None)


def _column(sheet: Any, column: int, field: FieldSpec) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(column)
    head = sheet.cell(1, column, heading(field))
    head.font = Font(bold=True)
    head.alignment = Alignment(wrap_text=True, vertical="center")
    head.fill = PatternFill("solid", fgColor="FFF3C9" if field.required else "EEF1F4")
    head.comment = Comment(_about(field), "lianzhang")
    sheet.column_dimensions[letter].width = max(12, 2 * len(heading(field)) + 2)
    if field.type in TEXTUAL:  # so that no program turns a code into a figure
        sheet.column_dimensions[letter].number_format = "@"
    check = _check(field)
    sheet.add_data_validation(check)
    check.add(f"{letter}2:{letter}{ROWS + 1}")


def _about(field: FieldSpec) -> str:
    """What the column takes, in a sentence or two."""
    parts = [_("required") if field.required else _("may be empty")]
    if field.values and field.type == "enum":
        parts.append(_("one of: %(values)s") % {"values": ", ".join(_choices(field))})
    elif field.type in HINTS:
        parts.append(str(HINTS[field.type]))
    if field.unit:
        parts.append(_("in %(unit)s") % {"unit": written_unit(field)})
    return "; ".join(parts)[:PROMPT]


def _choices(field: FieldSpec) -> list[str]:
    return [words[0] if words else value for value, words in field.values.items()]


def _check(field: FieldSpec) -> Any:
    """The check in the cells: a list, bounds, a length; what it does not say is said when the file is read."""
    from openpyxl.worksheet.datavalidation import DataValidation

    kind: dict[str, Any] = {"type": None}
    choices = ",".join(_choices(field)) if field.type == "enum" else ""
    if choices and len(choices) <= LIST:
        kind = {"type": "list", "formula1": f'"{choices}"'}
    elif field.type == "uscc":
        kind = {"type": "textLength", "operator": "equal", "formula1": "18"}
    elif field.type in ("money", "number", "int") and field.range and None not in field.range:
        low, high = (_written(bound, field) for bound in field.range)
        kind = {"type": "decimal", "operator": "between", "formula1": low, "formula2": high}
    check = DataValidation(allow_blank=True, **kind)
    check.promptTitle, check.prompt = (field.label or field.code)[:TITLE], _about(field)
    check.error = _("This does not fit the column: %(about)s") % {"about": _about(field)[:180]}
    check.errorStyle = "warning"  # the reader decides; a person may know better than a cell
    check.showInputMessage = check.showErrorMessage = True
    return check


def _written(bound: float | None, field: FieldSpec) -> str:
    factor = conversion(written_unit(field) or "", field.unit) or 1
    return f"{float(bound or 0) / float(factor):.15g}"
