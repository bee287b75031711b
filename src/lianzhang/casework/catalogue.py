"""The process files of a city: which kinds of matters there are, checked before anything is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from pydantic import BaseModel, ConfigDict, PrivateAttr

from lianzhang.engines.casework import Finding, check_process
from lianzhang.engines.casework.positions import read_yaml
from lianzhang.kernel import catalogue as kernel
from lianzhang.kernel.catalogue import Catalogue, Mistake, Section

FILES = "processes/*.yaml"
#: Parts whose order means something (the first state opens); JSON columns of some databases do not keep it.
ORDERED = ("states", "moves", "clocks")
#: Events that the program itself writes into a matter's chain: no move may carry such a name.
RESERVED = ("noted", "file_added", "handed_over", "reminded")


class ProcessRow(BaseModel):
    """A process file as it stands, so that a matter can be read for ever under the version it was opened in."""

    model_config = ConfigDict(extra="allow")
    kind: str
    number: str | None = None
    order: dict[str, list[str]]
    _file: str = PrivateAttr("")
    _text: str = PrivateAttr("")

    def locate(self, file: str, text: str) -> ProcessRow:
        """Remember where the row stands."""
        self._file, self._text = file, text
        return self

    def findings(self, roles: set[str]) -> list[Mistake]:
        """Mistakes that show only beside the city's roles."""
        return _mistakes(self._file, check_process(self._text, roles))


def register() -> None:
    """Tell the kernel of the process files."""
    kernel.register(Section(FILES, ProcessRow, _load, order=60, optional=True, cross=_cross, parse=_parse))


def _mistakes(file: str, findings: list[Finding]) -> list[Mistake]:
    return [
        Mistake(file, finding.line or 1, finding.render("").partition(": ")[2])
        for finding in findings
        if finding.severity == "error"
    ]


def _parse(path: Path) -> kernel.Parsed:
    file = f"processes/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return [], [], [Mistake(file, 1, f"byte {error.start} is not UTF-8, expected a text file in UTF-8")]
    found = _mistakes(file, check_process(text))
    if found:
        return [], [], found
    data, _lines, _findings = read_yaml(text)
    found = [
        Mistake(file, 1, f"moves: '{name}' is the name of an event of the program, expected another")
        for name in data["moves"]
        if name in RESERVED
    ]
    if found:
        return [], [], found
    order = {part: list(data.get(part, {})) for part in ORDERED}
    return [ProcessRow.model_validate({**data, "order": order}).locate(file, text)], [1], []


def _cross(catalogue: Catalogue) -> Iterator[Mistake]:
    roles = {name for role in catalogue.rows["roles.yaml"] for name in role.process_roles}
    seen: dict[str, str] = {}
    numbered: dict[str, str] = {}
    for row in catalogue.rows[FILES]:
        yield from row.findings(roles)
        if (other := seen.setdefault(row.kind, row._file)) != row._file:
            yield Mistake(row._file, 1, f"kind '{row.kind}' stands in {other} too, expected one file a kind")
        if (pattern := row.number) and (other := numbered.setdefault(pattern, row._file)) != row._file:
            yield Mistake(
                row._file, 1, f"number '{pattern}' stands in {other} too, expected a series of its own"
            )


def _load(rows: list[Any], catalogue: Catalogue) -> dict[str, int]:
    """The files are kept in the version itself. Holidays may have changed: open matters get their due times anew."""
    from lianzhang.casework import services

    transaction.on_commit(services.refresh_due)
    return {"rows": len(rows)}
