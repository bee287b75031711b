"""A roster as a ministry publishes it, as PDF: from the document to the titles of enterprises, by the command."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

from openpyxl import load_workbook

from lianzhang.engines.tables.tests import papers
from lianzhang.kernel.imports.tests.home import CODES, Home, roster

TITLE = "<p>附件1</p><h1>第四批专精特新“小巨人”企业公示名单</h1><p class='c'>工业和信息化部 2022年8月</p>"
NAMES = ["云溪精密智能装备制造科技发展有限公司", "云溪二号（南岸）股份有限公司", "云溪三号有限公司"]


def registered(home: Home) -> None:
    rows = [(code, name, "5") for code, name in zip(CODES, NAMES, strict=False)]
    assert home.load("enterprises", home.write("a.csv", roster(*rows)), period="2022").status == 0


def document(*names: str) -> bytes:
    return papers.printed(
        TITLE
        + papers.table(["序号", "企业名称", "地区"], [[str(i), n, "云溪市"] for i, n in enumerate(names, 1)])
    )


def titles_of(home: Home) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(home.export("titles"))))


def test_a_printed_roster_gives_titles_and_its_heading_says_which(home: Home) -> None:
    registered(home)
    (home.path / "roster.pdf").write_bytes(document(*NAMES[:2], "无此企业有限公司"))
    answer = home.load("titles", "roster.pdf", source="titles", rejects="back.xlsx")
    (report,) = answer.out
    assert (answer.status, report["created"], report["rejected"]) == (3, 2, 1)
    assert [p["code"] for p in report["problems"]] == ["unknown_enterprise"]
    found = {(t["uscc"], t["title"], t["batch"]) for t in titles_of(home)}
    assert found == {(code, "专精特新“小巨人”企业", "第四批") for code in CODES[:2]}
    again = home.load("titles", "roster.pdf", source="titles")
    assert (again.out[0]["unchanged"], again.out[0]["created"]) == (2, 0)
    sheet = load_workbook(home.path / "back.xlsx").active
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0] == ("序号", "企业名称", "地区", "title", "batch", "_sheet", "_row", "_reason")
    sheet["B2"] = NAMES[2]
    sheet.parent.save(home.path / "mended.xlsx")
    assert home.load("titles", "mended.xlsx", source="titles").out[0]["created"] == 1
    assert home.run("undo", str(report["import_id"])).status == 0
    assert [t["uscc"] for t in titles_of(home)] == sorted(CODES[:3])


def test_a_map_says_what_no_column_and_no_heading_tells(home: Home) -> None:
    registered(home)
    body = papers.table(["序号", "企业名称"], [["1", NAMES[0]]])
    (home.path / "roster.pdf").write_bytes(papers.printed(body))
    assert home.load("titles", "roster.pdf").status == 1
    chosen = home.write("map.yaml", "'*': {values: {title: 单项冠军, level: 国家级, granted_on: 2022年8月}}")
    assert home.load("titles", "roster.pdf", map=chosen).status == 0
    (title,) = titles_of(home)
    assert (title["title"], title["level"], title["granted_on"]) == ("单项冠军", "国家级", "2022-08-01")


def test_a_zip_of_rosters_gives_back_workbooks(home: Home) -> None:
    registered(home)
    with zipfile.ZipFile(home.path / "all.zip", "w") as archive:
        archive.writestr("名单/一.pdf", document(NAMES[0], "无此企业有限公司"))
        archive.writestr("名单/扫描件.pdf", papers.picture_pages())
        archive.writestr("名单/二.csv", f"企业名称,称号\n{NAMES[1]},单项冠军\n")
    answer = home.load("titles", "all.zip", rejects="back.zip")
    (report,) = answer.out
    assert (answer.status, report["accepted"], report["rejected"]) == (3, 2, 1)
    assert {p["code"] for p in report["problems"]} == {"unknown_enterprise", "no_text"}
    with zipfile.ZipFile(home.path / "back.zip") as back:
        assert sorted(back.namelist()) == ["一.xlsx", "扫描件.pdf"]
