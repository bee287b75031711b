"""A problem: where it is, which value, why, and the words for it in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that could not be understood: problem code, variant of its text, and what the text needs."""

    code: str
    detail: str = ""
    params: Mapping[str, Any] = default(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake or warning. `column` is the header text, `letter` the spreadsheet's letter."""

    severity: str
    sheet: str
    row: int | None
    column: str | None
    value: Any
    code: str
    detail: str = ""
    letter: str | None = None
    field: str | None = None
    params: Mapping[str, Any] = default(default_factory=dict)

    def message(self, language: str = "en") -> str:
        """The sentence for people, in `en` or `zh`."""
        return render(self, language)

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """The problem as the import report prints it."""
        return {
            "severity": self.severity,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": None if self.value is None else str(self.value),
            "code": self.code,
            "message": self.message(language),
        }


@lru_cache(maxsize=1)
def templates() -> dict[str, dict[str, str]]:
    """Message key → {en, zh}; a key is a problem code, or `code.detail` for a variant."""
    text = resources.files(__package__).joinpath("data/messages.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = yaml.safe_load(text)
    return table


def render(problem: Problem, language: str) -> str:
    """Fill the template of a problem; the place (row, column letter, header) leads the sentence."""
    table = templates()
    key = f"{problem.code}.{problem.detail}" if problem.detail else problem.code
    words = table.get(key) or table[problem.code]
    params = {"value": problem.value, **problem.params, "place": place(problem, language)}
    return words[language].format(**params)


def place(problem: Problem, language: str) -> str:
    """`Row 27, column C (revenue)` or its Chinese form; the sheet's name when there is no row."""
    table = templates()
    column = ""
    if problem.letter:
        column = table["_column"][language].format(letter=problem.letter, header=problem.column)
    if problem.row is None:
        return table["_sheet"][language].format(sheet=problem.sheet) + column
    return table["_row"][language].format(row=problem.row) + column
