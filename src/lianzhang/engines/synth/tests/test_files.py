"""Files can be read back and say what the manifest says."""

import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
import pytest

from lianzhang.engines.synth import City, write_city
from lianzhang.engines.synth.sheets import Sheet, column_letters, write_workbook


@pytest.fixture(scope="module")
def folder(small_city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("city")
    write_city(small_city, path)
    return path


@pytest.fixture(scope="module")
def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def test_manifest_lists_every_file_with_its_hash(folder: Path, manifest: dict) -> None:
    names = {entry["file"] for entry in manifest["files"]}
    assert names == {path.name for path in folder.iterdir() if path.is_file()} - {"manifest.json"}
    for entry in manifest["files"]:
        assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert entry["load"] == (entry["rejected"] == 0)


def test_register_holds_every_firm_once(folder: Path, small_city: City) -> None:
    book = openpyxl.load_workbook(folder / "01_规上企业名录_市统计局.xlsx", read_only=False)
    codes = []
    orders = set()
    for sheet in book:
        head = [cell.value for cell in sheet[3]]
        orders.add(tuple(head))
        column = head.index("统一社会信用代码")
        values = [row[column] for row in sheet.iter_rows(min_row=4, values_only=True)]
        codes += [value for value in values if value and len(str(value)) == 18]
    assert sorted(codes) == sorted(small_city.firms.uscc[: small_city.firms.above])
    assert len(orders) > 5


def test_small_registers_use_both_encodings(folder: Path, manifest: dict, small_city: City) -> None:
    rows = 0
    for entry in manifest["files"]:
        if entry["file"].startswith("02_"):
            gbk = any(name in entry["file"] for name in small_city.ref.recipe.districts["gbk"])
            text = (folder / entry["file"]).read_bytes().decode("gbk" if gbk else "utf-8-sig")
            found = len(list(csv.DictReader(text.splitlines())))
            assert found == entry["rows"]
            rows += found
    assert rows == len(small_city.smaller.classes)


@pytest.mark.parametrize(("year", "top"), [(2021, 4), (2022, 5)])
def test_yearly_workbook_gives_back_the_facts(folder: Path, small_city: City, year: int, top: int) -> None:
    sheet = openpyxl.load_workbook(folder / f"03_工业企业年度直报_{year}年.xlsx").active
    head = [cell.value for cell in sheet[top]]
    column = head.index("工业总产值")
    total = sum(row[column] for row in sheet.iter_rows(min_row=top + 1, values_only=True))
    assert total * 1e4 == pytest.approx(small_city.filings[year].values["output"].sum(), rel=1e-7)
    assert len(sheet.merged_cells.ranges) > 5


def test_yearly_csv_marks_unknown_and_names_units(folder: Path, small_city: City) -> None:
    with (folder / "03_工业企业年度直报_2019年.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    research = small_city.filings[2019].values["rd_expense"]
    assert [row["研究开发费用(万元)"] == "—" for row in rows] == list(np.isnan(research))
    assert float(rows[0]["用电量(万千瓦时)"]) * 1e4 == pytest.approx(
        small_city.filings[2019].values["electricity_kwh"][0], rel=1e-3
    )


def test_links_and_outside_match_the_network(folder: Path, small_city: City) -> None:
    links = pl.read_parquet(folder / "supply_links_2022.parquet")
    assert links.columns == ["supplier_uscc", "buyer_uscc", "product_code", "value", "period"]
    assert links["value"].sum() == pytest.approx(small_city.network.value.sum(), rel=1e-9)
    outside = pl.read_parquet(folder / "outside_2022.parquet")
    assert outside["value"].sum() == pytest.approx(small_city.network.outside.sum(), rel=1e-6)
    assert set(outside["uscc"]) <= set(small_city.firms.uscc)


def test_small_firms_never_report_twice_for_a_year(folder: Path, small_city: City) -> None:
    with (folder / "05_中小企业经营数据_2021年.csv").open(encoding="utf-8-sig") as stream:
        small = {row["统一社会信用代码"] for row in csv.DictReader(stream)}
    above = {small_city.firms.uscc[firm] for firm in small_city.filings[2021].firm}
    assert not small & above


def test_workbook_keeps_text_numbers_and_merges(tmp_path: Path) -> None:
    rows = [["<a & b>", None, 1.5], [" x ", 7]]
    write_workbook(tmp_path / "t.xlsx", [Sheet("一&二", rows, ("A1:B1",))])
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["一&二"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["<a & b>", None, 1.5],
        [" x ", 7, None],
    ]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:B1"]
    assert [column_letters(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
