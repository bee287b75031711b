"""Rosters that were published as PDF."""

from __future__ import annotations

import io

import openpyxl
import pytest

from lianzhang.engines.tables import (
    FieldSpec,
    Limits,
    TableError,
    TableSpec,
    read_table,
    rejects_kind,
    rejects_writer,
    scan_table,
)

from .papers import firms, many_pages, names, picture_pages, printed, table, with_object

SPEC = TableSpec(
    "titles",
    (
        FieldSpec("name", "name", "企业名称", required=True, synonyms=("单位名称",)),
        FieldSpec("district", "text", "所在地区"),
        FieldSpec("batch", "text", "批次"),
        FieldSpec("revenue", "money", "营业收入", unit="元", yearly=True),
        FieldSpec("profit", "money", "利润总额", unit="元", yearly=True),
        FieldSpec("product", "text", "主导产品"),
    ),
)
HEAD = ["序号", "企业名称", "所在地区", "批次"]
TITLE = "<p>附件1</p><h1>第四批专精特新“小巨人”企业名单</h1><p class='c'>工业和信息化部　2022年8月</p>"


def read(content, name="roster.pdf", spec=SPEC, **options):
    result = read_table(content, spec, name=name, **options)
    return list(result), result


def check(content, count, **options):
    rows, result = read(content, **options)
    assert [r.values["name"] for r in rows] == names(count)
    assert [r.values["district"] for r in rows] == [f[2] for f in firms(count)]
    assert not result.problems
    return rows, result


def test_a_roster_over_many_pages_is_one_table() -> None:
    rows, result = check(printed(TITLE + table(HEAD, firms(120)) + "<p>注：排名不分先后。</p>"), 120)
    sheet = result.sheets[0]
    reasons = {reason for _, reason in sheet.skipped}
    assert (sheet.name, sheet.header_row, sheet.rows, sheet.rejected) == ("roster", 4, 120, 0)
    assert reasons == {"title", "header", "note"}
    assert sheet.skipped[-1].reason == "note"
    assert [r.row_number for r in rows] == sorted({r.row_number for r in rows})


@pytest.mark.parametrize("css", ["bare", "three"])
def test_lists_without_rules_are_read_by_their_columns(css: str) -> None:
    check(printed(TITLE + table(HEAD, firms(70), css)), 70)


def test_numbers_at_the_top_of_their_rows() -> None:
    check(printed(TITLE + table(HEAD, firms(70), "bare"), "td { vertical-align: top }"), 70)


def test_two_lists_beside_one_another() -> None:
    left, right = firms(30), firms(29, 31)
    rows = [[*a[:3], *b[:3]] for a, b in zip(left, [*right, ["", "", "", ""]], strict=True)]
    found, result = read(printed(TITLE + table([*HEAD[:3], *HEAD[:3]], rows)))
    assert sorted(r.values["name"] for r in found) == sorted(names(59))
    assert not result.problems


def test_a_firm_over_several_rows() -> None:
    body = "".join(
        f"<tr><td rowspan=2>{i}</td><td rowspan=2>云溪{i}号有限公司</td><td>甲产品{i}</td></tr><tr><td>乙产品{i}</td></tr>"
        for i in range(1, 40)
    )
    head = "<thead><tr><th>序号</th><th>企业名称</th><th>主导产品</th></tr></thead>"
    rows, _ = read(printed(f"<table>{head}{body}</table>"))
    assert [(r.values["name"], r.values["product"]) for r in rows] == [
        (f"云溪{i}号有限公司", f"{kind}产品{i}") for i in range(1, 40) for kind in "甲乙"
    ]


def test_a_group_heading_and_the_unit_in_the_corner() -> None:
    head = (
        "<tr><th rowspan=2>序号</th><th rowspan=2>企业名称</th><th colspan=2>经济指标</th></tr>"
        "<tr><th>营业收入</th><th>利润总额</th></tr>"
    )
    lines = "".join(f"<tr><td>{i}</td><td>云溪{i}号</td><td>{i},000.5</td><td>—</td></tr>" for i in (1, 2))
    body = f"<h1>2022年度企业情况表</h1><p>单位：万元</p><table><thead>{head}</thead><tbody>{lines}</tbody></table>"
    rows, result = read(printed(body), period="2022")
    assert [(r.values["revenue"], r.values["profit"]) for r in rows] == [
        (10_005_000, None),
        (20_005_000, None),
    ]
    assert not result.problems


def test_tables_of_other_headings_are_sheets_of_their_own() -> None:
    second = [[str(i), f"云溪{i}号", f"产品{i}"] for i in range(1, 6)]
    body = (
        TITLE
        + table(HEAD, firms(3))
        + "<h1>附件2 主导产品</h1>"
        + table(["序号", "单位名称", "主导产品"], second)
    )
    rows, result = read(printed(body))
    assert [s.name for s in result.sheets] == ["roster", "第1页"]
    assert [s.rows for s in result.sheets] == [3, 5]
    assert rows[-1].values == {"name": "云溪5号", "product": "产品5"}


def test_lines_over_all_columns_part_groups() -> None:
    one = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in f)}</tr>" for f in firms(2))
    body = f"<table><tr>{''.join(f'<th>{h}</th>' for h in HEAD)}</tr><tr><td colspan=4>一、东岸区（2家）</td></tr>{one}</table>"
    rows, result = read(printed(body))
    assert len(rows) == 2
    assert [s.reason for s in result.sheets[0].skipped] == ["note"]


def test_what_is_refused_of_a_roster_comes_back_as_a_workbook() -> None:
    rows, result = read(
        printed(table(HEAD, [["1", "云溪一号有限公司", "东岸区", "第四批"], ["2", "", "西岭区", "第四批"]]))
    )
    assert [r.rejected for r in rows] == [False, True]
    out = io.BytesIO()
    writer = rejects_writer(out, rejects_kind(result.kind), "zh")
    writer.add(rows[1], result.sheets[0])
    writer.close()
    lines = list(openpyxl.load_workbook(out).active.iter_rows(values_only=True))
    assert lines[0] == (*HEAD, "_sheet", "_row", "_reason")
    assert lines[1][2:6] == ("西岭区", "第四批", "roster", 3)


def test_the_columns_of_a_roster_can_be_shown_and_decided() -> None:
    result = scan_table(
        printed(TITLE + table(["序号", "名称", "所在地区"], [f[:3] for f in firms(3)])), SPEC, name="a.pdf"
    )
    assert [c.status for c in result.sheets[0].columns] == ["ignored", "unmapped", "mapped"]


ROSTER = printed(table(HEAD, firms(2)))


@pytest.mark.parametrize(
    ("code", "content", "name"),
    [
        ("no_text", picture_pages(2), "scan.pdf"),
        ("too_many_pages", many_pages(1_501), "a.pdf"),
        ("not_a_table", ROSTER, "名单.xlsx"),
        ("macros", with_object(ROSTER, b"<< /S /JavaScript /JS (app.alert(1)) >>"), "a.pdf"),
        ("macros", with_object(ROSTER, b"<< /S /J#61vaScript /JS (app.alert(1)) >>"), "a.pdf"),
        ("macros", with_object(ROSTER, b"<< /Type /EmbeddedFile >>"), "a.pdf"),
        ("encrypted", with_object(ROSTER, b"<< /Encrypt 5 0 R >>"), "a.pdf"),
        ("broken_file", ROSTER[: len(ROSTER) // 2], "a.pdf"),
        ("broken_file", b"%PDF-1.7 ...", "a.pdf"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_way_out(code: str, content: bytes, name: str) -> None:
    with pytest.raises(TableError) as refused:
        read(content, name)
    assert refused.value.code == code
    assert refused.value.hint


def test_limits_hold_before_anything_is_unpacked_or_laid_out() -> None:
    with pytest.raises(TableError) as refused:
        read(ROSTER, limits=Limits(pdf_unpacked_bytes=20_000))
    assert refused.value.code == "zip_bomb"
    with pytest.raises(TableError) as refused:
        read(ROSTER, limits=Limits(pdf_page_objects=10))
    assert refused.value.code == "page_too_full"
