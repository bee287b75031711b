"""Which data set a file is, by how many of each data set's columns it names."""

from __future__ import annotations

from pathlib import Path

from lianzhang.engines.tables import TableSpec, scan_table, unpacked
from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports.parts import is_zip


def guess(path: Path, name: str) -> str | None:
    """The data set most of the file's columns belong to; None when none has its required columns.

    Of equal ones the first registered wins; of a zip the first member that can be read speaks. Raises TableError when the file cannot be read at all.
    """
    if is_zip(path):
        for member in unpacked(path, name):
            if member.path is not None:
                return _guess(member.path, member.name)
        return None
    return _guess(path, name)


def _guess(content: Path, name: str) -> str | None:
    best: tuple[float, str] | None = None
    for code in datasets.codes():
        fields = datasets.get(code).fields()
        required = [{f.code, f.instead} for f in fields if f.required]
        own = {f.code for f in fields if not f.yearly}
        for sheet in scan_table(content, TableSpec(code, fields), name=name).sheets:
            mapped = {c.field for c in sheet.columns if c.status in ("mapped", "unknown_unit") and c.field}
            mapped |= sheet.given.keys()
            if not mapped or not all(either & mapped for either in required):
                continue
            # A column a data set names as its own says more than a yearly fact, which several share.
            score = sum(2.0 if code in own else 1.0 for code in mapped) / (2 * max(len(sheet.columns), 1))
            if best is None or score > best[0] + 1e-9:
                best = score, code
    return best[1] if best else None
