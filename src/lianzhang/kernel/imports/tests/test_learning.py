"""Columns that were applied are known again: at once where nothing is open, offered where a file is only like it; and a
unit is never taken over against what the file says."""

from __future__ import annotations

from typing import Any

import pytest

from lianzhang.kernel.imports.tests.bench import CODES, roster, step, upload
from lianzhang.kernel.models import Import, ImportMapping
from lianzhang.registry.models import Enterprise

pytestmark = pytest.mark.django_db

HEAD = "统一社会信用代码,企业名称,去年进账,职工,内部编号\n"
LINE = f"{CODES[0]},云溪一号有限公司,1200,500,9"
FORM = {
    "s0-header_row": "1", "s0-A-field": "uscc", "s0-B-field": "name", "s0-C-field": "revenue", "s0-C-unit": "万元", "s0-D-field": "employees",
}  # fmt: skip
SAID = {"dataset": "enterprises", "source": "tax", "period": "2022", "use": ""}


def taught(client: Any) -> Import:
    """A delivery whose columns a person settled without asking to remember them, and applied."""
    row = upload(client, roster(LINE, head=HEAD), source="tax")
    row = step(client, row, "columns", **SAID, **FORM)
    return step(client, row, "apply")


def text(client: Any, row: Import, part: str = "") -> str:
    return client.get(f"/imports/{row.pk}/{part}").content.decode()


def test_the_same_headings_are_known_at_once_and_it_is_said(signed_in: Any) -> None:
    client = signed_in("data_officer")
    first = taught(client)
    assert ImportMapping.objects.get(fingerprint__gt="").columns[2] == ["去年进账", "revenue", "万元"]
    again = upload(
        client, roster(LINE.replace("1200", "1300"), head=HEAD), "新.csv", dataset="", source="tax"
    )
    assert (
        again.report["tables"][0]["columns"][2] | {"unit": "万元", "field": "revenue"}
        == again.report["tables"][0]["columns"][2]
    )
    page = text(client, again)
    assert "2023年4月10日税务局来文" in page
    assert "5列中5列相同" in page
    assert f'href="/imports/{first.pk}/"' in page
    step(client, again, "apply")
    assert Enterprise.objects.get(uscc=CODES[0]).revenue == 13_000_000


def test_a_file_that_is_only_like_it_is_offered_and_waits(signed_in: Any) -> None:
    client = signed_in("data_officer")
    taught(client)
    head = "企业名称,统一社会信用代码,去年进账,职工,备注\n"
    row = upload(client, roster(f"云溪一号有限公司,{CODES[0]},77,50,无", head=head), "像.csv", source="tax")
    columns = {c["header"]: c["field"] for c in row.report["tables"][0]["columns"]}
    assert columns["去年进账"] is None, "nothing is read otherwise before a person says so"
    page = text(client, row)
    assert "5列中4列相同" in page
    assert "内部编号" in page
    assert "备注" in page
    row = step(client, row, "follow")
    read = {c["header"]: (c["field"], c["unit"]) for c in row.report["tables"][0]["columns"]}
    assert read["去年进账"] == ("revenue", "万元")
    assert 'name="s0-C-field"' in text(client, row, "columns/")
    step(client, row, "apply")
    assert Enterprise.objects.get(uscc=CODES[0]).revenue == 770_000


def test_the_files_own_unit_counts_and_the_difference_is_shown(signed_in: Any) -> None:
    client = signed_in("data_officer")
    taught(client)
    head = HEAD.replace("去年进账", "去年进账(元)")
    row = upload(client, roster(LINE.replace("1200", "12000000"), head=head), "元.csv", source="tax")
    row = step(client, row, "follow") if row.report["offers"][0]["decided"] else row
    column = row.report["tables"][0]["columns"][2]
    assert (column["field"], column["unit"]) == ("revenue", "元")
    page = text(client, row)
    assert "万元 → 元" in page
    assert "单位不同" in page
    step(client, row, "apply")
    assert Enterprise.objects.get(uscc=CODES[0]).revenue == 12_000_000


def test_a_remembered_unit_against_the_line_above_the_table_is_told(signed_in: Any) -> None:
    client = signed_in("data_officer")
    row = upload(client, roster(LINE, head=HEAD), source="tax")
    step(client, row, "columns", **SAID, **FORM, remember="1")
    later = upload(client, roster(LINE, head="单位:元,,,,\n" + HEAD), "元.csv", source="tax")
    column = later.report["tables"][0]["columns"][2]
    assert (column["unit"], column["unit_stated"]) == ("万元", "元")
    assert "按已定的万元读取，但文件自述为元" in text(client, later)
    assert "文件自述为元" in text(client, later, "columns/")


def test_a_colleague_of_the_same_office_reads_it_like_that(signed_in: Any) -> None:
    """Whose post reaches only his own deliveries is offered the columns of his office, though not its deliveries."""
    first = taught(signed_in("desk_officer", org="gxj-equipment"))
    client = signed_in("desk_officer", org="gxj-equipment")
    row = upload(client, roster(LINE.replace("1200", "1300"), head=HEAD), "新.csv", source="tax")
    assert row.report["tables"][0]["columns"][2]["field"] == "revenue"
    page = text(client, row)
    assert "5列中5列相同" in page
    assert f"/imports/{first.pk}/" not in page
    assert client.get(f"/imports/{first.pk}/").status_code == 404
    other = upload(signed_in("desk_officer", org="gxj-chain"), roster(LINE, head=HEAD), source="tax")
    assert other.report["offers"] == []
    assert other.report["tables"][0]["columns"][2]["field"] is None


def test_what_a_colleague_remembered_holds_in_his_office_only(signed_in: Any) -> None:
    client = signed_in("desk_officer", org="gxj-equipment")
    row = upload(client, roster(LINE, head=HEAD), source="tax")
    step(client, row, "columns", **SAID, **FORM, remember="1")
    for org, read in (("gxj-equipment", "revenue"), ("gxj-chain", None)):
        colleague = signed_in("desk_officer", org=org)
        row = upload(colleague, roster(LINE, head=HEAD), source="tax")
        assert row.report["tables"][0]["columns"][2]["field"] == read, org


def test_another_source_data_set_or_person_is_offered_nothing(signed_in: Any) -> None:
    taught(signed_in("data_officer"))
    officer = signed_in("data_officer")
    assert upload(officer, roster(LINE, head=HEAD), source="district").report["offers"] == []
    unnamed = upload(officer, roster(LINE, head=HEAD), source="")
    assert [o["source"] for o in unnamed.report["offers"]] == ["tax"]
    stranger = upload(signed_in("statistician"), roster(LINE, head=HEAD), source="tax")
    assert stranger.report["offers"] == []
    assert stranger.report["tables"][0]["columns"][2]["field"] is None
    assert officer.post(f"/imports/{stranger.pk}/follow/").status_code == 302
    stranger.refresh_from_db()
    assert (stranger.state, stranger.mapping) == ("read", {})
