"""Texts that a spreadsheet program would run as a formula are written as text.

Source of the list of leading characters: OWASP, "CSV Injection"; their full-width forms behave alike in Chinese
spreadsheet programs.
"""

from __future__ import annotations

import re

_TRIGGERS = "=+\\-@\t\r\uff1d\uff0b\uff0d\uff20"
# Some programs skip blanks before a formula; where lists part at the semicolon, one begins a cell of its own.
_DANGEROUS = re.compile(rf"'*[\s;,]*[{_TRIGGERS}]")
_GUARDED = re.compile(rf"'+[\s;,]*[{_TRIGGERS}]")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


def guard_text(text: str) -> str:
    """The text as a csv cell: a quote in front of what could be a formula; signed numbers stay numbers."""
    return f"'{text}" if _DANGEROUS.match(text) and not _NUMBER.fullmatch(text) else text


def unguard_text(cell: str) -> str:
    """The text a guarded csv cell stands for; the inverse of `guard_text`."""
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell
