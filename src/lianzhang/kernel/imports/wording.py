"""Rows of a plan in the reader's words: field names, values with their units, whose word stood there before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianzhang.engines.tables import FieldSpec
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports.forms import STATUS, source_choices
from lianzhang.kernel.imports.planread import Line
from lianzhang.kernel.imports.problems import language
from lianzhang.kernel.web import figures

NUMERIC = ("money", "number", "int", "percent")


@dataclass(frozen=True)
class Said:
    """A field of a row: its name, what was said before (None: nothing) and by whom, what the row says."""

    label: str
    before: str | None
    after: str
    source: str
    period: str


class Words:
    """The names of a data set's fields and of the sources, looked up once for a page or a file."""

    def __init__(self, dataset: str) -> None:
        fields = datasets.get(dataset).fields() if dataset in datasets.codes() else ()
        self.fields = {f.code: f for f in fields}
        self.sources = dict(source_choices())

    def label(self, code: str) -> str:
        """The name of a field."""
        spec = self.fields.get(code)
        return spec.label if spec and spec.label else code

    def value(self, code: str, value: Any) -> str:
        """A stored value as people read it: thousands separated, with the unit it is stored in."""
        spec = self.fields.get(code)
        if isinstance(value, bool):
            return pgettext("value", "yes") if value else pgettext("value", "no")
        if spec is not None and spec.type in NUMERIC:
            shown = (
                figures.percent(value, 2) if spec.type == "percent" else figures.count(value, spec.unit or "")
            )
            return shown.text if shown else str(value)
        return _word(spec, value)

    def said(self, line: Line) -> list[Said]:
        """What a row changes, or what a new row says."""
        if line.changes:
            return [
                Said(
                    self.label(field),
                    None if before is None else self.value(field, before),
                    self.value(field, after),
                    self.sources.get(source, source),
                    period,
                )
                for field, before, after, source, period in line.changes
            ]
        return [
            Said(self.label(field), None, self.value(field, value), "", "")
            for field, value in line.new.items()
        ]

    def why(self, line: Line) -> list[tuple[str, str]]:
        """The reasons a row is refused for, and doubts: (severity, sentence)."""
        return [(p.severity, p.message(language())) for p in line.problems]

    def sentence(self, said: Said) -> str:
        """One change as a line of text, for a file."""
        name = f"{said.label}({said.period})" if said.period else said.label
        if said.before is None:
            return _("%(field)s: %(after)s") % {"field": name, "after": said.after}
        return _("%(field)s: %(before)s (%(source)s) → %(after)s") % {
            "field": name, "before": said.before, "source": said.source, "after": said.after,
        }  # fmt: skip


def header() -> list[str]:
    """The heads of `cells`."""
    return [
        _("Sheet"), _("Row"), _("What it names"), _("Becomes"), _("What it says or changes"), _("Why, or what is doubted"),
    ]  # fmt: skip


def cells(line: Line, words: Words) -> list[Any]:
    """A row of the plan as one of a file: what becomes of it, changes and reasons in words."""
    return [
        line.sheet, line.row, line.key, str(STATUS.get(line.status, line.status)),
        "; ".join(words.sentence(s) for s in words.said(line)) or None,
        " | ".join(text for _severity, text in words.why(line)) or None,
    ]  # fmt: skip


def _word(spec: FieldSpec | None, value: Any) -> str:
    """The word for a code of an enumeration, an area or an industry; else the value itself."""
    words = spec.values.get(str(value)) if spec else None
    return (
        f"{words[0]} ({value})"
        if words and spec and spec.type in ("area", "industry")
        else str(words[0] if words else value)
    )
