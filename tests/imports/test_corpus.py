"""Messy files as bureaus send them: each is read exactly as its expectation says."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from imports.corpus.make import FILES, C, N
from lianzhang.kernel.imports import dataset, deliver
from lianzhang.kernel.imports.options import context_of, options
from lianzhang.kernel.scope import SYSTEM

EXPECTED = Path(__file__).parent / "corpus" / "expected"
#: What the name of a file does not tell: data set and source.
DATASETS = {
    "08": "filings",
    "03": "titles",
    "09": "titles",
    "10": "titles",
    "32": "titles",
    "33": "titles",
    "31": "matters",
}
SOURCES = {"01": "statistics", "02": "tax", "08": "grid", "07": "market"}


@pytest.fixture
def registered(enterprise: Any) -> None:
    """The enterprises that rosters of titles name."""
    names = {**dict(zip(C, N, strict=False)), C[30]: "云溪化工新材料精密智能装备制造科技发展股份有限公司"}
    for code, name in names.items():
        enterprise(name, uscc=code)


def found(name: str, content: bytes, folder: Path) -> dict[str, Any]:
    """How the file is read now, as an expectation is written."""
    path = folder / name
    path.write_bytes(content)
    data = dataset.get(DATASETS.get(name[:2], "enterprises"))
    chosen = options(SOURCES.get(name[:2], "district"), None, "2022")
    lines: list[dict[str, Any]] = []

    def see(result: Any, row: Any, fate: Any) -> None:
        status = fate.status
        said = {k: plain(v) for k, v in row.values.items() if v is not None}
        lines.append(
            {
                "sheet": row.sheet,
                "row": row.row_number,
                "becomes": status,
                **({} if status == "rejected" else {"says": said}),
            }
        )

    report = deliver.dry_run(
        path, name, data, context_of(chosen, SYSTEM), None, chosen.units, lambda share, text: None, watch=see
    )
    sheets = [
        {
            "name": s.name, "header_row": s.header_row, "skipped_sheet": s.skipped_sheet,
            "columns": {c.letter: c.field if c.status == "mapped" else f"({c.status})" for c in s.columns},
            "skipped": [f"{k.row} {k.reason}" for k in s.skipped],
        }
        for s in report.sheets
    ]  # fmt: skip
    problems = [
        f"{p.sheet} {p.row or '-'} {p.letter or '-'} {p.code}"
        for p in report.problems
        if p.severity == "error"
    ]
    problems += [f"{f.name} - - {f.error.code}" for f in report.failed]
    out = {
        "sheets": sheets,
        "rows": lines,
        "accepted": report.accepted,
        "rejected": report.rejected,
        "problems": problems,
    }
    return {"refused": report.fatal.code} if report.fatal else out


def plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_as_expected(name: str, tmp_path: Path, registered: None) -> None:
    kept = EXPECTED / f"{Path(name).stem}.yaml"
    now = found(name, FILES[name](), tmp_path)
    if os.environ.get("WRITE_CORPUS"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(yaml.safe_dump(now, allow_unicode=True, sort_keys=False, width=160), encoding="utf-8")
    assert now == yaml.safe_load(kept.read_text(encoding="utf-8"))


def test_the_corpus_is_the_same_each_time_and_each_file_has_an_expectation() -> None:
    assert len(FILES) >= 30
    assert {p.stem for p in EXPECTED.glob("*.yaml")} == {Path(n).stem for n in FILES}
    for name in ("05_街道_GBK逗号.csv", "23_压缩包_GBK文件名.zip", "24_数据平台.parquet"):
        assert FILES[name]() == FILES[name]()
