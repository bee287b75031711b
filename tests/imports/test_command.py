"""`lianzhang import`, `undo`, `export` as their contract says: keys, exit statuses, files handed back."""

from __future__ import annotations

import csv
import io
from typing import Any

import polars
import pytest
from openpyxl import Workbook, load_workbook

from lianzhang.kernel.imports.tests.home import CODES, Home, roster

KEYS = [
    "dataset",
    "file",
    "sheets",
    "accepted",
    "created",
    "updated",
    "unchanged",
    "rejected",
    "problems",
    "import_id",
]
GOOD = (CODES[0], "云溪一号有限公司", "1200"), (CODES[1], "云溪二号有限公司", "—")


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_answer_has_exactly_the_keys_of_the_contract(home: Home) -> None:
    bad = (CODES[2], "云溪三号有限公司", "约五百")
    answer = home.load(
        "enterprises", home.write("a.csv", roster(*GOOD, bad)), source="district", period="2022"
    )
    assert answer.status == 3
    (report,) = answer.out
    assert list(report) == KEYS
    assert (report["dataset"], report["file"]) == ("enterprises", "a.csv")
    assert (
        report["accepted"],
        report["created"],
        report["updated"],
        report["unchanged"],
        report["rejected"],
    ) == (2, 2, 0, 0, 1)
    assert report["sheets"] == [
        {"name": "a", "header_row": 1, "rows": 3, "skipped": [], "skipped_sheet": None}
    ]
    (problem,) = report["problems"]
    assert list(problem) == ["severity", "sheet", "row", "column", "value", "code", "message"]
    assert [problem[k] for k in ("severity", "row", "column", "value", "code")] == [
        "error",
        4,
        "营业收入(万元)",
        "约五百",
        "bad_number",
    ]
    assert isinstance(report["import_id"], int)


def test_exit_statuses(home: Home) -> None:
    good = home.write("a.csv", roster(*GOOD))
    assert home.load("enterprises", good, period="2022").status == 0
    again = home.load("enterprises", good, period="2022")
    assert (again.status, again.out[0]["unchanged"], again.out[0]["accepted"]) == (0, 2, 2)
    assert home.load("no_such_set", good).status == 2
    missing = home.load("enterprises", "nothing.csv")
    assert (missing.status, missing.out) == (1, [])
    assert "nothing.csv" in missing.err
    nothing = home.load("enterprises", home.write("b.csv", roster(("1", "甲", "1"))), period="2022")
    assert (nothing.status, nothing.out[0]["import_id"]) == (1, None)
    assert home.load("enterprises", good, "nothing.csv", period="2022").status == 3
    assert home.run("undo", "999").status == 1
    assert home.run("import", "enterprises").status == 2


def test_a_dry_run_writes_nothing(home: Home) -> None:
    answer = home.run(
        "import", "enterprises", home.write("a.csv", roster(*GOOD)), "--period", "2022", "--dry-run", "--json"
    )
    assert (answer.status, answer.out[0]["created"], answer.out[0]["import_id"]) == (0, 2, None)
    assert rows_of(home.export("enterprises")) == []


def test_several_files_are_json_lines(home: Home) -> None:
    files = [
        home.write("a.csv", roster(GOOD[0])),
        home.write("b.csv", roster(GOOD[1]), "gb18030"),
        home.write("c.csv", ""),
    ]
    answer = home.load("enterprises", *files, period="2022")
    assert [(o["file"], o["created"]) for o in answer.out] == [("a.csv", 1), ("b.csv", 1), ("c.csv", 0)]
    assert answer.status == 3
    assert answer.out[2]["problems"][0]["code"] == "empty_file"


def test_missing_marks_are_unknown_never_zero(home: Home) -> None:
    marks = ["—", "-", "/", "…", "不详", "无", ""]
    rows = [(CODES[i], f"云溪{i}有限公司", mark) for i, mark in enumerate(marks)]
    answer = home.load(
        "enterprises",
        home.write("a.csv", roster(*rows, (CODES[8], "云溪零有限公司", "0"))),
        period="2022",
        source="district",
    )
    assert answer.status == 0
    assert [(r["uscc"], r["revenue"]) for r in rows_of(home.export("filings"))] == [(CODES[8], "0")]


def test_merged_headings_with_units_in_group_cells(home: Home) -> None:
    book = Workbook()
    sheet = book.active
    for row in (["云溪市企业情况表"], ["统一社会信用代码", "企业名称", "经营情况(万元)", None, "从业人员(人)"], [None, None, "营业收入", "利润总额", None],
                [CODES[0], "云溪一号有限公司", "1,200.5", -3, 500], ["合计", None, "1,200.5", -3, 500], ["注:本表由各区填报"]):  # fmt: skip
        sheet.append(row)
    for area in ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"):
        sheet.merge_cells(area)
    book.save(home.path / "a.xlsx")
    answer = home.load("enterprises", "a.xlsx", period="2022", source="district")
    assert answer.status == 0
    report = answer.out[0]["sheets"][0]
    assert (report["header_row"], report["rows"]) == (3, 1)
    assert {s["reason"] for s in report["skipped"]} >= {"title", "subtotal", "note"}
    (row,) = rows_of(home.export("filings"))
    assert (row["revenue"], row["profit"], row["employees"], row["period"]) == (
        "12005000",
        "-30000",
        "500",
        "2022",
    )


def test_a_map_decides_columns_and_units(home: Home) -> None:
    file = home.write("a.csv", f"信用代码,企业名称,去年进账,备注\n{CODES[0]},云溪一号有限公司,12,x\n")
    plan = home.write(
        "map.yaml",
        "a: {header_row: 1, columns: {去年进账: {field: revenue, unit: 百万元}, 备注: {skip: true}}}",
    )
    assert home.load("enterprises", file, period="2022", map=plan).status == 0
    assert rows_of(home.export("filings"))[0]["revenue"] == "12000000"
    broken = home.write("bad.yaml", "a: [1, 2]")
    answer = home.load("enterprises", file, map=broken)
    assert answer.status == 2
    assert "bad.yaml:1:" in answer.err


def test_no_unit_anywhere_waits_to_be_mapped(home: Home) -> None:
    answer = home.load("enterprises", home.write("a.csv", roster(*GOOD, revenue="营业收入")), period="2022")
    assert [p["code"] for p in answer.out[0]["problems"]] == ["unknown_unit"]
    assert rows_of(home.export("filings")) == []


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_refused_rows_come_back_in_their_kind(home: Home, kind: str) -> None:
    bad = (CODES[2], "云溪三号有限公司", "约五百")
    text = roster(*GOOD, bad)
    name = home.write("a.csv", text)
    if kind == "xlsx":
        book = Workbook()
        for row in csv.reader(io.StringIO(text)):
            book.active.append(row)
        book.save(home.path / (name := "a.xlsx"))
    elif kind == "parquet":
        polars.read_csv(io.StringIO(text)).write_parquet(home.path / (name := "a.parquet"))
    out = f"rejects.{kind}"
    assert home.load("enterprises", name, period="2022", rejects=out).status == 3
    table: Any
    if kind == "csv":
        table = list(csv.reader(io.StringIO((home.path / out).read_text(encoding="utf-8-sig"))))
    elif kind == "xlsx":
        table = [list(r) for r in load_workbook(home.path / out).active.iter_rows(values_only=True)]
    else:
        frame = polars.read_parquet(home.path / out)
        table = [frame.columns, *map(list, frame.rows())]
    assert table[0][-3:] == ["_sheet", "_row", "_reason"]
    assert [str(v) for v in table[1][:3]] == list(bad)
    assert str(table[1][-2]) == "4"


def test_undo_equals_the_same_imports_without_it(home: Home) -> None:
    first = home.write("a.csv", roster(*GOOD))
    second = home.write(
        "b.csv", roster((CODES[0], "云溪一号有限公司", "1300"), (CODES[3], "云溪四号有限公司", "7"))
    )
    home.load("enterprises", first, period="2022", source="district")
    before = home.export("enterprises"), home.export("filings")
    added = home.load("enterprises", second, period="2022", source="district").out[0]
    assert (added["created"], added["updated"]) == (1, 1)
    undone = home.run("undo", str(added["import_id"]), "--json")
    assert (undone.status, undone.out[0]["import_id"]) == (0, added["import_id"])
    assert (home.export("enterprises"), home.export("filings")) == before
    assert home.run("undo", str(added["import_id"])).status == 1
    assert home.run("verify").status == 0


def test_statistical_figures_show_in_the_statistics_role_only(home: Home) -> None:
    home.load("enterprises", home.write("a.csv", roster(*GOOD)), period="2022", source="district")
    file = home.write("s.csv", f"信用代码,营业收入(千元)\n{CODES[0]},99\n")
    assert home.load("filings", file, period="2022", source="statistics", use="statistical").status == 0
    people = {p["role"]: p["username"] for p in home.run("demo", "accounts", "--json").out[0]}
    seen = {
        role: {r["use"] for r in rows_of(home.export("filings", "csv", "--as", people[role]))}
        for role in ("statistician", "data_officer")
    }
    assert seen == {"statistician": {"administrative", "statistical"}, "data_officer": {"administrative"}}
    assert home.run("import", "enterprises", file, "--as", people["liaison"], "--json").status == 1
    assert home.run("import", "enterprises", file, "--as", "nobody", "--json").status == 2


DATASETS = {
    "filings": f"信用代码,年度,从业人数\n{CODES[0]},2022,5\n",
    "titles": f"信用代码,称号,级别,认定日期\n{CODES[0]},专精特新中小企业,省级,2022-05-01\n",
    "supply_links": f"supplier_uscc,buyer_uscc,product_code,value,period\n{CODES[0]},{CODES[1]},3670,1000000,2022\n",
    "outside_purchases": f"uscc,product_code,value,period\n{CODES[0]},3670,1000000,2022\n",
    "indicators": "indicator,period,area,industry,measure,value,vintage,calibre,precision\ngdp,2022,449800,,level,100,2023-01-28,全口径,over\n",
}


@pytest.mark.parametrize(
    "dataset",
    [
        "indicators",
        *(pytest.param(code, marks=pytest.mark.long) for code in DATASETS if code != "indicators"),
    ],
)
def test_every_data_set_goes_in_comes_out_and_is_taken_back(home: Home, dataset: str) -> None:
    home.load("enterprises", home.write("a.csv", roster(*GOOD)), period="2022", source="district")
    before = home.export(dataset)
    answer = home.load(dataset, home.write("d.csv", DATASETS[dataset]), "d.csv", source="market")
    assert answer.status == 0, answer.out
    assert [(o["created"], o["unchanged"]) for o in answer.out] == [(1, 0), (0, 1)]
    after = home.export(dataset)
    assert len(rows_of(after)) == len(rows_of(before)) + 1
    for report in answer.out:
        assert home.run("undo", str(report["import_id"])).status == 0
    assert home.export(dataset) == before


def test_export_writes_all_kinds(home: Home) -> None:
    home.load("enterprises", home.write("a.csv", roster(*GOOD)), period="2022", source="district")
    assert polars.read_parquet(home.path / home.export("filings", "parquet"))["revenue"].to_list() == [
        12_000_000.0
    ]
    assert load_workbook(home.path / home.export("enterprises", "xlsx")).worksheets[0].max_row == 3


def test_a_period_is_written_in_its_normal_form_or_refused(home: Home) -> None:
    file = home.write("a.csv", roster(*GOOD))
    refused = home.load("enterprises", file, period="last year")
    assert (refused.status, refused.out) == (2, [])
    assert "--period: 'last year'" in refused.err
    assert home.load("enterprises", file, period="2022年").status == 0
    assert {r["period"] for r in rows_of(home.export("filings"))} == {"2022"}


def test_a_roster_takes_the_year_of_its_title_where_none_was_said(home: Home) -> None:
    file = home.write("a.csv", "2021年规模以上工业企业名录\n" + roster(*GOOD))
    assert home.load("enterprises", file).status == 0
    assert {r["period"] for r in rows_of(home.export("filings"))} == {"2021"}
    assert home.load("enterprises", file, period="2022").status == 0
    assert {r["period"] for r in rows_of(home.export("filings"))} == {"2021", "2022"}


def test_a_parquet_export_is_typed_where_nothing_is_known(home: Home) -> None:
    schema = polars.read_parquet_schema(home.path / home.export("filings", "parquet"))
    assert (schema["uscc"], schema["as_of"], schema["revenue"]) == (
        polars.String,
        polars.Date,
        polars.Float64,
    )


def test_a_second_sheet_adds_to_what_the_first_creates(home: Home) -> None:
    book = Workbook()
    for row in (["信用代码", "企业名称"], [CODES[0], "云溪一号有限公司"]):
        book.active.append(row)
    more = book.create_sheet("二")
    for row in (
        ["信用代码", "企业名称", "从业人数"],
        [CODES[0], "云溪一号有限公司", 7],
        [CODES[1], "云溪二号有限公司", 8],
    ):
        more.append(row)
    book.save(home.path / "a.xlsx")
    for dry in (["--dry-run"], []):
        answer = home.run("import", "enterprises", "a.xlsx", "--period", "2022", "--json", *dry)
        assert [answer.out[0][k] for k in ("created", "updated", "unchanged")] == [2, 1, 0]
    assert len(rows_of(home.export("enterprises"))) == 2


def test_a_repeat_of_a_refused_row_is_refused_like_it(home: Home) -> None:
    home.load("enterprises", home.write("a.csv", roster(*GOOD)), period="2022", source="district")
    links = f"供应商,采购商,产品,金额(元),年度\n{CODES[9]},{CODES[0]},3670,1,2022\n"
    answer = home.load(
        "supply_links", home.write("l.csv", links + links.splitlines()[1] + "\n"), source="market"
    )
    (report,) = answer.out
    assert (answer.status, report["accepted"], report["rejected"], report["import_id"]) == (1, 0, 2, None)
    assert [(p["row"], p["code"]) for p in report["problems"]] == [
        (2, "unknown_enterprise"),
        (3, "unknown_enterprise"),
    ]


def test_of_two_rows_with_one_key_the_first_that_can_be_taken_is_kept(home: Home) -> None:
    file = "指标,报告期,数值,单位\ngdp,2022,5,吨\ngdp,2022,6,亿元\ngdp,2022,7,亿元\n"
    answer = home.load("indicators", home.write("i.csv", file), source="market")
    (report,) = answer.out
    assert (answer.status, report["created"], report["rejected"]) == (3, 1, 2)
    first, second = report["problems"]
    assert (first["row"], first["code"], first["value"]) == (2, "unknown_unit", "吨")
    assert "'吨' does not fit" in first["message"]
    assert (second["row"], second["code"]) == (4, "duplicate_in_file")
    assert "row 3" in second["message"]
    assert rows_of(home.export("indicators"))[0]["value"] == "600000000"


def test_one_code_on_two_sheets_whatever_the_order_of_their_columns(home: Home) -> None:
    book = Workbook()
    more = book.create_sheet("西岭")
    book.active.title = "东岸"
    for row in (
        ["信用代码", "企业名称", "营业收入(万元)"],
        [CODES[0], "云溪一号有限公司", 1],
        [CODES[1], "云溪二号有限公司", 2],
    ):
        book.active.append(row)
    for row in (
        ["营业收入(元)", "企业名称", "信用代码"],
        [10_000, "云溪一号有限公司", CODES[0]],
        [5, "云溪二号有限公司", CODES[1]],
    ):
        more.append(row)
    book.save(home.path / "a.xlsx")
    (report,) = home.load("enterprises", "a.xlsx", period="2022").out
    assert [report[k] for k in ("created", "updated", "unchanged", "rejected")] == [2, 0, 1, 1]
    (problem,) = report["problems"]
    assert [problem[k] for k in ("sheet", "row", "code")] == ["西岭", 3, "duplicate_in_file"]
    assert "row 3 (东岸)" in problem["message"]


def test_sheets_of_two_years_tell_of_two_periods(home: Home) -> None:
    home.load("enterprises", home.write("a.csv", roster(*GOOD)), period="2022", source="district")
    book = Workbook()
    book.remove(book.active)
    for year, count in (("2020", 1), ("2021", 2)):
        sheet = book.create_sheet(year)
        for row in ([f"{year}年企业年报"], ["信用代码", "从业人数"], [CODES[0], count]):
            sheet.append(row)
    book.save(home.path / "y.xlsx")
    answer = home.load("filings", "y.xlsx", source="tax")
    assert (answer.status, answer.out[0]["created"]) == (0, 2)
    told = {(r["period"], r["employees"]) for r in rows_of(home.export("filings")) if r["source"] == "tax"}
    assert told == {("2020", "1"), ("2021", "2")}


def test_a_file_without_a_year_is_told_how_to_give_it(home: Home) -> None:
    (report,) = home.load("enterprises", home.write("a.csv", roster(GOOD[0]))).out
    (problem,) = report["problems"]
    assert (problem["code"], problem["column"]) == ("missing_required", "period")
    assert "时期" in problem["message"]
    assert "--period 2022" in problem["message"]


def test_every_other_source_that_differs_is_told_in_the_unit_of_the_file(home: Home) -> None:
    file = home.write("a.csv", roster(GOOD[0]))
    other = home.write("b.csv", roster((*GOOD[0][:2], "1000")))
    home.load("enterprises", file, period="2022", source="tax")
    home.load("enterprises", other, period="2022", source="district")
    (report,) = home.load("enterprises", other, period="2022", source="market").out
    (problem,) = report["problems"]
    assert [problem[k] for k in ("severity", "value", "code")] == [
        "warning",
        "1000",
        "conflict_with_other_source",
    ]
    assert "(1200万元)" in problem["message"]


def test_refused_rows_of_several_files_each_get_a_file_of_their_kind(home: Home) -> None:
    bad = roster(GOOD[0], (CODES[2], "云溪三号有限公司", "约五百"))
    home.write("u.csv", bad)
    polars.read_csv(io.StringIO(bad)).write_parquet(home.path / "u.parquet")
    (home.path / "more").mkdir()
    home.write("more/u.csv", bad)
    answer = home.load("enterprises", "u.csv", "u.parquet", "more/u.csv", period="2022", rejects="back.xlsx")
    assert answer.status == 3
    assert sorted(p.name for p in home.path.glob("back*")) == ["back_u.csv", "back_u.parquet", "back_u_2.csv"]
    assert polars.read_parquet(home.path / "back_u.parquet")["企业名称"].to_list() == ["云溪三号有限公司"]
    one = home.load("enterprises", "u.csv", period="2022", rejects="one.xlsx")
    assert "one.xlsx: written as csv" in one.err
    nowhere = home.load("enterprises", "u.csv", period="2022", rejects="no/such/folder.csv")
    assert (nowhere.status, nowhere.out) == (2, [])


def test_names_in_a_map_that_are_not_in_the_file_are_told(home: Home) -> None:
    file = home.write("a.csv", roster(*GOOD))
    plan = home.write("map.yaml", "a: {columns: {营业收人: {field: revenue, unit: 万元}, 企业名称: name}}")
    answer = home.load("enterprises", file, period="2022", map=plan)
    assert answer.status == 0
    assert "map.yaml: a.csv: sheet 'a' has no column '营业收人'" in answer.err
    assert "企业名称" not in answer.err
    book = Workbook()
    book.active.append(["信用代码", "企业名称"])
    book.active.append(list(GOOD[0][:2]))
    book.save(home.path / "b.xlsx")
    assert "there is no sheet 'a'" in home.load("enterprises", "b.xlsx", map=plan).err
    assert home.load("enterprises", file, map=home.write("c.yaml", "a:\n  b: [1\n")).err.startswith(
        "c.yaml:3: "
    )


def test_a_preview_says_of_each_row_what_it_would_become_and_writes_nothing(home: Home) -> None:
    first = home.write("a.csv", roster(*GOOD))
    assert home.load("enterprises", first, source="district", period="2022").status == 0
    before = home.export("enterprises")
    rows = [
        (CODES[0], "云溪一号有限公司", "1300"), GOOD[1], (CODES[2], "云溪三号有限公司", "约五百"), (CODES[3], "=1+1有限公司", "77"),
    ]  # fmt: skip
    answer = home.load(
        "enterprises",
        home.write("b.csv", roster(*rows)),
        source="district",
        period="2022",
        preview="rows.csv",
    )
    assert answer.status == 3
    (report,) = answer.out
    assert (
        report["created"],
        report["updated"],
        report["unchanged"],
        report["rejected"],
        report["import_id"],
    ) == (1, 1, 1, 1, None)
    text = (home.path / "rows.csv").read_text(encoding="utf-8-sig")
    lines = rows_of(text)
    assert [line["行号"] for line in lines] == ["2", "3", "4", "5"]
    assert [line["结果"] for line in lines] == ["更改", "不变", "退回", "新增"]
    assert "12,000,000" in lines[0]["内容或变更"]
    assert "13,000,000" in lines[0]["内容或变更"]
    assert "约五百" in lines[2]["原因或疑问"]
    assert all(not cell.startswith("=") for line in lines for cell in line.values())
    assert home.export("enterprises") == before
    assert not list(home.path.glob(".rows.csv.*"))


def test_previews_of_several_files_have_names_of_their_own_and_a_bad_place_is_refused(home: Home) -> None:
    for name in ("a.csv", "b.csv"):
        home.write(name, roster(*GOOD))
    assert (
        home.load("enterprises", "a.csv", "b.csv", source="district", period="2022", preview="p.csv").status
        == 0
    )
    assert {p.name for p in home.path.glob("p*.csv")} == {"p_a.csv", "p_b.csv"}
    answer = home.load("enterprises", "a.csv", source="district", period="2022", preview="nowhere/p.csv")
    assert answer.status == 2
    assert "--preview" in answer.err
    broken = home.run("import", "enterprises", home.write("c.csv", ""), "--json", "--preview", "q.csv")
    assert broken.status == 1
