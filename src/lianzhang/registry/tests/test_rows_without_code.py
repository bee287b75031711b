"""Rows that name an enterprise without its code: taken where one bears the name, refused where none or several do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lianzhang.engines.tables import make_uscc
from lianzhang.kernel.imports import command
from lianzhang.kernel.imports.report import Report
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Filing, Title

CODES = [make_uscc("91", "449900", f"MB{i:06d}") for i in range(3)]
NAMES = ["云溪一号有限公司", "云溪双生有限公司", "云溪双生有限公司"]
pytestmark = pytest.mark.django_db


def take(path: Path, dataset: str, text: str) -> Report:
    path.write_text(text, encoding="utf-8")
    return command.import_file(path, dataset, SYSTEM, source="district", period="2022")


@pytest.fixture(autouse=True)
def roster(catalogue: Any, tmp_path: Path) -> None:
    rows = "".join(f"{code},{name}\n" for code, name in zip(CODES, NAMES, strict=True))
    assert take(tmp_path / "r.csv", "enterprises", "uscc,name\n" + rows).accepted == 3


def problems(report: Report) -> list[tuple[Any, ...]]:
    return [(p.row, p.column, p.value, p.code) for p in report.problems]


def test_a_name_of_one_enterprise_stands_for_its_code(tmp_path: Path) -> None:
    text = f"企业名称,营业收入(万元)\n{NAMES[0]},5\n{NAMES[1]},6\n云溪无名有限公司,7\n{NAMES[0]},8\n"
    report = take(tmp_path / "f.csv", "filings", text)
    assert (report.counts["created"], report.rejected) == (1, 3)
    assert problems(report) == [
        (3, "企业名称", NAMES[1], "ambiguous_enterprise"),
        (4, "企业名称", "云溪无名有限公司", "unknown_enterprise"),
        (5, None, f"{CODES[0]} 2022", "duplicate_in_file"),
    ]
    filing = Filing.objects.get(period="2022")
    assert (filing.enterprise.uscc, filing.values) == (CODES[0], {"revenue": 50_000})


def test_an_empty_code_needs_a_name_and_a_wrong_one_is_not_mended_by_it(tmp_path: Path) -> None:
    wrong = CODES[0][:-1] + ("0" if CODES[0][-1] != "0" else "1")
    text = f"uscc,name,title\n,{NAMES[0]},单项冠军\n,,单项冠军\n{wrong},{NAMES[0]},小巨人\n"
    report = take(tmp_path / "t.csv", "titles", text)
    assert (report.accepted, [(row, code) for row, _, _, code in problems(report)]) == (
        1,
        [(3, "missing_required"), (4, "bad_uscc_check")],
    )
    assert Title.objects.get().enterprise.uscc == CODES[0]


def test_a_file_without_code_and_name_is_told_at_its_header(tmp_path: Path) -> None:
    report = take(tmp_path / "f.csv", "titles", "称号,级别\n单项冠军,省级\n")
    assert (report.accepted, problems(report)) == (0, [(1, None, None, "missing_required")])


def test_a_period_left_out_is_that_of_the_delivery_when_repeats_are_looked_for(tmp_path: Path) -> None:
    report = take(tmp_path / "f.csv", "filings", f"uscc,period,employees\n{CODES[0]},,5\n{CODES[0]},2022,6\n")
    assert [(row, code) for row, _, _, code in problems(report)] == [(3, "duplicate_in_file")]


def test_a_doubt_shows_the_cell_as_it_stands(tmp_path: Path) -> None:
    take(tmp_path / "a.csv", "filings", f"uscc,营业收入(万元)\n{CODES[0]},5\n")
    other = tmp_path / "b.csv"
    other.write_text(f"uscc,营业收入(万元)\n{CODES[0]},0.60\n", encoding="utf-8")
    report = command.import_file(other, "filings", SYSTEM, source="tax", period="2022")
    assert problems(report) == [(2, "营业收入(万元)", "0.60", "conflict_with_other_source")]
