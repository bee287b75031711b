"""One legal person, many plants; who belongs to whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lianzhang.engines.tables import make_uscc
from lianzhang.kernel.imports import command, dataset, deliver
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry import groups
from lianzhang.registry.models import Enterprise, Establishment, GroupTie
from lianzhang.registry.services import merging

pytestmark = pytest.mark.django_db
CODES = [make_uscc("91", "449900", f"MH{i:06d}") for i in range(3)]


def take(folder: Path, code: str, text: str, source: str = "district") -> Any:
    path = folder / f"{code}{len(text)}{source}.csv"
    path.write_text(text, encoding="utf-8")
    return command.import_file(path, code, SYSTEM, source=source)


@pytest.fixture
def firms(catalogue: Any, tmp_path: Path) -> list[Enterprise]:
    rows = "".join(f"{code},云溪{n}有限公司,东岸区\n" for code, n in zip(CODES, "甲乙丙", strict=True))
    take(tmp_path, "enterprises", f"uscc,name,district\n{rows}")
    return [Enterprise.objects.get(uscc=code) for code in CODES]


PLANTS = f"统一社会信用代码,厂区名称,厂区所在区,厂区地址,从业人员,投产日期,停用日期\n{CODES[0]},西岭一厂,西岭区,西岭路1号,120,2015-01-01,\n{CODES[0]},东岸老厂,东岸区,江边8号,,2001-01-01,2020-06-30\n"
TIES = f"统一社会信用代码,母公司名称,母公司信用代码,持股比例,起始日期\n{CODES[1]},云溪甲有限公司,{CODES[0]},60%,2018-01-01\n{CODES[2]},外地集团有限公司,,,\n"


def test_plants_are_seen_where_they_lie(
    firms: list[Enterprise], tmp_path: Path, actor: Any, signed_in: Any
) -> None:
    report = take(tmp_path, "establishments", PLANTS)
    assert (report.counts["created"], report.rejected) == (2, 0)
    east, west, city = (
        actor("district_officer", area="449801"),
        actor("district_officer", area="449802"),
        actor("director", org="gxj"),
    )
    seen = [sorted(groups.all_plants(a).values_list("site", flat=True)) for a in (east, west, city)]
    assert seen == [["东岸老厂", "西岭一厂"], ["西岭一厂"], ["东岸老厂", "西岭一厂"]]
    # The other district sees the plant by name, not the page of the enterprise.
    client = signed_in("district_officer", area="449802")
    page = client.get("/plants/").content.decode()
    assert "西岭一厂" in page
    assert f'href="{firms[0].get_absolute_url()}"' not in page
    assert client.get(firms[0].get_absolute_url()).status_code == 404
    portrait = signed_in("director", org="gxj").get(firms[0].get_absolute_url()).content.decode()
    assert "西岭路1号" in portrait
    by_place = signed_in("director", org="gxj").get("/plants/?district=449802&open=yes&format=csv")
    assert "西岭一厂" in b"".join(by_place.streaming_content).decode()


def test_the_last_word_counts_and_is_taken_back(firms: list[Enterprise], tmp_path: Path) -> None:
    take(tmp_path, "establishments", PLANTS)
    again = take(tmp_path, "establishments", PLANTS)
    assert again.counts["unchanged"] == 2
    newer = take(
        tmp_path, "establishments", f"uscc,site,employees\n{CODES[0]},西岭一厂,150\n", source="market"
    )
    assert [p.employees for p in groups.plants(firms[0], SYSTEM) if p.site == "西岭一厂"] == [150]
    deliver.undo(Import.objects.get(pk=newer.import_id), SYSTEM)
    assert [p.employees for p in groups.plants(firms[0], SYSTEM) if p.site == "西岭一厂"] == [120]
    assert Establishment.objects.filter(current=True).count() == 2


def test_groups_are_dated_ties_in_and_out_of_the_register(
    firms: list[Enterprise], tmp_path: Path, signed_in: Any
) -> None:
    report = take(tmp_path, "groups", TIES)
    assert (report.counts["created"], report.rejected) == (2, 0)
    first, second, third = firms
    (tie,) = groups.parents(second, SYSTEM)
    assert (tie.name, tie.url, tie.row.share, tie.over) == (
        "云溪甲有限公司",
        first.get_absolute_url(),
        0.6,
        False,
    )
    assert [t.name for t in groups.subsidiaries(first, SYSTEM)] == ["云溪乙有限公司"]
    (outside,) = groups.parents(third, SYSTEM)
    assert (outside.name, outside.url) == ("外地集团有限公司", "")
    page = signed_in("director", org="gxj").get(second.get_absolute_url()).content.decode()
    assert "60.0%" in page or "60%" in page
    columns, rows = dataset.get("groups").export(SYSTEM)
    assert {row[columns.index("share")] for row in rows} == {0.6, None}
    assert GroupTie.objects.count() == 2


def test_a_merged_entry_lends_its_plants_and_ties(firms: list[Enterprise], tmp_path: Path) -> None:
    take(tmp_path, "establishments", PLANTS)
    take(tmp_path, "groups", TIES)
    row = merging.merge(actor=SYSTEM, absorbed=firms[0], into=firms[2], reason="同一企业")
    survivor = Enterprise.objects.get(pk=firms[2].pk)
    assert len(groups.plants(survivor, SYSTEM)) == 2
    assert [t.name for t in groups.subsidiaries(survivor, SYSTEM)] == ["云溪乙有限公司"]
    merging.unmerge(actor=SYSTEM, merge=row, reason="弄错了")
    assert groups.plants(Enterprise.objects.get(pk=firms[2].pk), SYSTEM) == []


def test_an_unknown_enterprise_is_refused_with_its_row(firms: list[Enterprise], tmp_path: Path) -> None:
    report = take(tmp_path, "establishments", f"uscc,site\n{make_uscc('91', '449900', 'MH000099')},某厂\n")
    assert report.rejected == 1
    assert not Establishment.objects.exists()
