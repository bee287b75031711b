"""Deliveries: created, updated, unchanged, rejected; taken back without a trace but events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lianzhang.engines.tables import make_uscc
from lianzhang.kernel.imports import command, deliver
from lianzhang.kernel.models import Event, Import
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Enterprise, Filing, YearFacts

CODES = [make_uscc("91", "449900", f"MA{i:06d}") for i in range(5)]


def write(path: Path, revenue: str = "1,200", extra: str = "") -> Path:
    path.write_text(
        "单位:万元\n序号,统一社会信用代码,企业名称,所在区,行业代码,营业收入,从业人数\n"
        f'1,{CODES[0]},云溪一号有限公司,东岸区,3670,"{revenue}",500\n'
        f"2,{CODES[1]},云溪二号有限公司,西岭,3611,—,\n{extra}",
        encoding="gb18030",
    )
    return path


def take(path: Path, **more: object) -> object:
    return command.import_file(path, "enterprises", SYSTEM, source="district", period="2022", **more)  # type: ignore[arg-type]


def state() -> list[object]:
    return [
        list(
            Enterprise.objects.registered()
            .order_by("uscc")
            .values_list("uscc", "name", "revenue", "size", "status")
        ),
        list(
            YearFacts.objects.order_by("enterprise__uscc").values_list(
                "enterprise__uscc", "year", "revenue", "employees"
            )
        ),
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_first_time_created_second_time_unchanged_then_updated(tmp_path: Path) -> None:
    report = take(write(tmp_path / "a.csv"))
    assert (report.counts, report.rejected, report.exit_status) == (
        {"created": 2, "updated": 0, "unchanged": 0},
        0,
        0,
    )
    assert Enterprise.objects.get(uscc=CODES[0]).revenue == 12_000_000
    assert Enterprise.objects.get(uscc=CODES[1]).revenue is None
    before = state()
    again = take(tmp_path / "a.csv")
    assert again.counts == {"created": 0, "updated": 0, "unchanged": 2}
    assert again.exit_status == 0
    assert state() == before
    changed = take(write(tmp_path / "b.csv", "1,300"))
    assert changed.counts == {"created": 0, "updated": 1, "unchanged": 1}
    assert Enterprise.objects.get(uscc=CODES[0]).revenue == 13_000_000


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_undo_equals_the_same_imports_without_it(tmp_path: Path) -> None:
    first = take(write(tmp_path / "a.csv"))
    only_first = state()
    second = take(write(tmp_path / "b.csv", "1,300"))
    deliver.undo(Import.objects.get(pk=second.import_id), SYSTEM)
    assert state() == only_first
    # The same file twice, then the first taken back: the second still says it all.
    twice = take(tmp_path / "a.csv") if write(tmp_path / "a.csv") else None
    deliver.undo(Import.objects.get(pk=first.import_id), SYSTEM)
    assert state() == only_first
    deliver.undo(Import.objects.get(pk=twice.import_id), SYSTEM)
    assert state() == [[], []]
    assert Event.objects.filter(verb="undone").count() == 3


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_a_bad_row_is_refused_whole_and_comes_back(tmp_path: Path) -> None:
    extra = f"3,{CODES[2]},云溪三号有限公司,东岸区,3670,约五百,1\n4,{CODES[0]},云溪一号有限公司,东岸区,3670,999,1\n"
    report = take(write(tmp_path / "a.csv", extra=extra), rejects=tmp_path / "rejects.csv")
    assert (report.accepted, report.rejected, report.exit_status) == (2, 2, 3)
    assert not Enterprise.objects.filter(uscc=CODES[2]).exists()
    assert {p.code for p in report.problems} == {"bad_number", "duplicate_in_file"}
    text = (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")
    assert "_sheet,_row,_reason" in text
    mended = tmp_path / "mended.csv"
    mended.write_text(text.replace("约五百", "500"), encoding="utf-8-sig")
    assert take(mended).counts["created"] == 1
    assert Enterprise.objects.get(uscc=CODES[2]).revenue == 5_000_000


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    report = take(write(tmp_path / "a.csv"), dry=True)
    assert report.counts["created"] == 2
    assert report.import_id is None
    assert (
        Enterprise.objects.count(),
        Filing.objects.count(),
        Import.objects.count(),
        Event.objects.filter(verb="applied").count(),
    ) == (0, 0, 0, 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_two_sources_conflict_visibly_and_the_better_rank_wins(tmp_path: Path) -> None:
    take(write(tmp_path / "a.csv"))
    path = tmp_path / "tax.csv"
    path.write_text(f"信用代码,营业收入(元)\n{CODES[0]},12500000\n", encoding="utf-8")
    report = command.import_file(path, "filings", SYSTEM, source="tax", period="2022")
    assert [(p.severity, p.code) for p in report.problems] == [("warning", "conflict_with_other_source")]
    year = YearFacts.objects.get(enterprise__uscc=CODES[0], year=2022)
    assert year.revenue == 12_500_000
    assert year.conflicts["revenue"][0][:2] == ["district", 12_000_000]


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_the_source_card_tells_what_the_other_source_said_with_its_unit(
    tmp_path: Path, signed_in: Any
) -> None:
    take(write(tmp_path / "a.csv"))
    path = tmp_path / "tax.csv"
    path.write_text(f"信用代码,营业收入(元)\n{CODES[0]},12500000\n", encoding="utf-8")
    command.import_file(path, "filings", SYSTEM, source="tax", period="2022")
    firm = YearFacts.objects.get(enterprise__uscc=CODES[0], year=2022).enterprise_id
    client = signed_in("data_officer")
    card = client.get(f"/enterprises/{firm}/source/2022/revenue/").content.decode()
    assert "12,500,000 元" in card
    assert "12,000,000 元" in card
    page = client.get(f"/enterprises/{firm}/").content.decode()
    assert "1,250.0 万元" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_statistical_returns_stand_with_their_unit(tmp_path: Path, signed_in: Any) -> None:
    take(write(tmp_path / "a.csv"))
    path = tmp_path / "s.csv"
    path.write_text(f"信用代码,营业收入(千元),从业人员(人)\n{CODES[0]},99000,31\n", encoding="utf-8")
    command.import_file(path, "filings", SYSTEM, source="statistics", period="2022")
    firm = Filing.objects.get(use="statistical").enterprise_id
    page = signed_in("statistician").get(f"/enterprises/{firm}/").content.decode()
    part = page[page.index('id="statistical"') :]
    assert "9,900.0 万元" in part
    assert '31</span> <span class="lz-unit">人' in part


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_filings_of_an_unknown_enterprise_and_statistical_use(tmp_path: Path) -> None:
    take(write(tmp_path / "a.csv"))
    path = tmp_path / "s.csv"
    path.write_text(f"信用代码,营业收入(千元)\n{CODES[0]},99\n{CODES[4]},5\n", encoding="utf-8")
    report = command.import_file(path, "filings", SYSTEM, source="statistics", period="2022")
    assert (report.accepted, report.rejected) == (1, 1)
    assert [p.code for p in report.problems if p.severity == "error"] == ["unknown_enterprise"]
    assert YearFacts.objects.get(enterprise__uscc=CODES[0], year=2022).revenue == 12_000_000
    assert Filing.objects.get(use="statistical").values == {"revenue": 99_000.0}
