"""Files that cannot be read at all: what is wrong and how to mend it, in the reader's language."""

from __future__ import annotations

import errno
from typing import Any

from django.db import OperationalError
from django.utils.translation import gettext_lazy as _

from lianzhang.engines.tables import TableError

SAVE = _(
    "Open it in a spreadsheet program, save it as an ordinary .xlsx workbook or as csv, and send it again."
)
WORDS: dict[str, tuple[Any, Any]] = {
    "empty_file": (_("The file is empty."), _("Check the file and send it again.")),
    "not_a_table": (_("This is no table: its content is of another kind, whatever the name says."), SAVE),
    "encrypted": (
        _("The file is protected by a password."),
        _("Save it without a password and send it again."),
    ),
    "macros": (_("The workbook contains macros; such files are not opened here."), SAVE),
    "zip_bomb": (
        _("The file would unpack to a size no spreadsheet has, so it was not opened."),
        _("Send the table as csv, or split it."),
    ),
    "xml_entities": (
        _("The workbook contains declarations no spreadsheet program writes, so it was not opened."),
        SAVE,
    ),
    "broken_file": (_("The file is damaged."), SAVE),
    "too_many_columns": (
        _("The table has more columns than can be read."),
        _("Delete far-off cells and unused columns, or check the delimiter, and send it again."),
    ),
    "too_many_rows": (
        _("The sheet has more than 300,000 rows."),
        _("Send the table as csv, which may be of any length."),
    ),
    "no_text": (
        _("The PDF is scanned: its pages are pictures without text."),
        _("Ask the issuer for the Excel file, or for a PDF whose text can be marked and copied."),
    ),
    "too_many_pages": (
        _("The PDF has more pages than are read."),
        _("Split it, or send the Excel or csv file it was printed from."),
    ),
    "page_too_full": (
        _("A page of the PDF is a drawing, not a table."),
        _("Send the Excel or csv file it was printed from."),
    ),
    "encoding": (
        _("The text is in no known encoding: some characters cannot be read."),
        _("Save the file as “CSV UTF-8” and send it again."),
    ),
    "broken_quotes": (
        _("A quotation mark was opened and never closed."),
        _("Close it, or double quotation marks inside a text, and send the file again."),
    ),
    "bad_map": (
        _("The decisions about columns do not fit this file."),
        _("Check the page “Sheets and columns”."),
    ),
    "unknown_dataset": (
        _("It could not be told what the file is about: the required columns of no data set were found."),
        _("Choose the data set on the page “Sheets and columns” and say which column is which."),
    ),
    "disk_full": (
        _("There is no room left on the disk; nothing was stored."),
        _("Ask the administrator to free some space, then try again."),
    ),
}


def words(code: str, detail: str = "") -> str:
    """What is wrong with the file and how to mend it; `detail` speaks for codes without words here."""
    found = WORDS.get(code)
    return f"{found[0]} {found[1]}" if found else detail


def disk_full(error: BaseException) -> bool:
    """Whether an error means that the disk is full."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(error, OperationalError) and "full" in str(error).lower()


def no_room() -> TableError:
    """The refusal of a file for which there is no room."""
    return TableError(
        "disk_full",
        "There is no room left on the disk; nothing was stored.",
        "Free some space and try again.",
    )
