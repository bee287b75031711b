"""Bad files: a clear message on the page, nothing lost, nothing written."""

from __future__ import annotations

import errno
import io
import zipfile
from typing import Any

import polars
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lianzhang.kernel.home import folder
from lianzhang.kernel.imports import store
from lianzhang.kernel.imports.tests.bench import CODES, HEAD, roster, step, upload
from lianzhang.kernel.imports.tests.files import archive, good_rows, with_member, workbook, zip_bomb
from lianzhang.kernel.models import Import
from lianzhang.registry.models import Enterprise

pytestmark = pytest.mark.django_db

REFUSED = {
    "not_a_table": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "名录.xlsx", "不是表格"),
    "zip_bomb": (zip_bomb, "名录.xlsx", "没有打开"),
    "macros": (lambda: with_member(workbook(good_rows()), "xl/vbaProject.bin", b"\0"), "名录.xlsm", "宏"),
    "too_many_columns": (
        lambda: roster(",".join("1" * 10_000), head=",".join(f"c{i}" for i in range(10_000)) + "\n"),
        "a.csv",
        "列数",
    ),
    "encoding": (lambda: (HEAD + "好" * 50).encode() + b"\xff\xfe\xfa" + b"\n", "a.csv", "编码"),
    "broken_file": (lambda: workbook(good_rows())[:-200], "名录.xlsx", "损坏"),
    "xml_entities": (lambda: entities(), "名录.xlsx", "没有打开"),
}


def entities() -> bytes:
    """A workbook that declares XML entities."""
    out, source = io.BytesIO(), zipfile.ZipFile(io.BytesIO(workbook(good_rows())))
    with zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            body = source.read(info)
            if info.filename == "xl/workbook.xml":
                body = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + body
            target.writestr(info.filename, body)
    return out.getvalue()


@pytest.mark.parametrize("code", REFUSED)
def test_a_file_that_cannot_be_read_says_why(signed_in: Any, code: str) -> None:
    make, name, word = REFUSED[code]
    client = signed_in("data_officer")
    content = make()
    row = upload(client, content, name)
    assert (row.state, row.error) == ("failed", code)
    assert word in client.get(f"/imports/{row.pk}/").content.decode()
    assert b"".join(client.get(f"/imports/{row.pk}/file/")) == content
    assert Enterprise.objects.count() == 0
    client.post(f"/imports/{row.pk}/apply/")
    row.refresh_from_db()
    assert row.state == "failed"


def test_an_empty_file_and_no_file_are_asked_again(signed_in: Any) -> None:
    client = signed_in("data_officer")
    said = {"dataset": "enterprises", "source": "", "period": "", "use": ""}
    empty = client.post("/imports/new/", {**said, "file": SimpleUploadedFile("a.csv", b"")})
    assert (empty.status_code, "文件是空的" in empty.content.decode()) == (400, True)
    none = client.post("/imports/new/", said)
    assert (none.status_code, "请先选择文件" in none.content.decode()) == (400, True)
    assert Import.objects.count() == 0


def test_a_wrong_period_is_said_beside_its_field(signed_in: Any) -> None:
    data = {
        "dataset": "",
        "source": "",
        "period": "去年",
        "use": "",
        "file": SimpleUploadedFile("a.csv", roster()),
    }
    answer = signed_in("data_officer").post("/imports/new/", data)
    assert (answer.status_code, "2022Q1" in answer.content.decode()) == (400, True)


def test_formulas_without_result_errors_and_injections(signed_in: Any) -> None:
    client = signed_in("data_officer")
    row = upload(client, workbook(good_rows("=1+1")), "名录.xlsx")
    assert (row.accepted, row.rejected) == (0, 1)
    assert "formula_without_value" in client.get(f"/imports/{row.pk}/problems/").content.decode()
    name = '=HYPERLINK("http://a.example","云溪")'
    text = roster(f'{CODES[1]},"{name.replace(chr(34), chr(34) * 2)}",东岸区,3670,1200,1')
    step(client, upload(client, text), "apply")
    assert Enterprise.objects.get(uscc=CODES[1]).name.startswith("=HYPERLINK")
    listed = b"".join(client.get("/enterprises/?format=csv")).decode()
    assert "'=HYPERLINK" in listed


def test_an_unclosed_quotation_mark_is_refused_with_its_row(signed_in: Any) -> None:
    client = signed_in("data_officer")
    content = roster(
        f"{CODES[0]},云溪一号有限公司,东岸区,3670,1200,500",
        f'{CODES[1]},"云溪二号,东岸区,3670,1200,500',
        "甲,乙",
    )
    row = upload(client, content)
    assert (row.accepted, row.rejected) == (1, 1)
    assert "请检查这一行的分隔符和引号" in client.get(f"/imports/{row.pk}/problems/").content.decode()


def test_ragged_rows_and_a_bad_code_are_refused_with_their_place(signed_in: Any) -> None:
    client = signed_in("data_officer")
    content = roster(
        f"{CODES[0]},云溪一号有限公司,东岸区,3670,1200,500",
        f"{CODES[1]},少一格,东岸区",
        "91440101MA5XXXXXXX,代码错,东岸区,3670,1,1",
    )
    row = step(client, upload(client, content), "apply")
    assert (row.accepted, row.rejected) == (1, 2)
    page = client.get(f"/imports/{row.pk}/problems/?severity=error").content.decode()
    assert "第 3 行" in page
    assert "第 4 行 A 列" in page
    assert "ragged_row" in page


def test_a_sheet_without_a_heading_can_be_told_where_it_is(signed_in: Any) -> None:
    client = signed_in("data_officer")
    rows = [["甲", "乙"], [CODES[0], "云溪一号有限公司"], [CODES[1], "云溪二号有限公司"]]
    row = upload(client, workbook(rows), "名录.xlsx")
    assert (row.state, row.accepted) == ("read", 0)
    assert "没有识别出表头" in client.get(f"/imports/{row.pk}/problems/").content.decode()
    said = {"dataset": "enterprises", "source": "district", "period": "2022", "use": ""}
    assert "甲" in client.get(f"/imports/{row.pk}/columns/").content.decode()
    row = step(
        client, row, "columns", **said, **{"s0-header_row": "1", "s0-A-field": "uscc", "s0-B-field": "name"}
    )
    assert row.created == 2


def test_a_sheet_can_be_left_out(signed_in: Any) -> None:
    client = signed_in("data_officer")
    row = upload(
        client, workbook(good_rows(), 草稿=[["统一社会信用代码", "企业名称"], ["乱写", "草稿"]]), "名录.xlsx"
    )
    assert (row.accepted, row.rejected) == (1, 1)
    said = {"dataset": "enterprises", "source": "district", "period": "2022", "use": ""}
    row = step(client, row, "columns", **said, **{"s1-skip": "1"})
    assert (row.accepted, row.rejected) == (1, 0)
    assert "没有读取" in client.get(f"/imports/{row.pk}/").content.decode()


def test_a_zip_of_tables_gives_back_the_failed_members(signed_in: Any) -> None:
    client = signed_in("data_officer")
    good = roster(f"{CODES[0]},云溪一号有限公司,东岸区,3670,1200,500")
    half = roster(
        f"{CODES[1]},云溪二号有限公司,东岸区,3670,约五百,5", f"{CODES[2]},云溪三号有限公司,东岸区,3670,7,5"
    )
    content = archive(a__csv=good, b__csv=half, c__xlsx=b"%PDF-1.4 nothing")
    row = step(client, upload(client, content, "三区.zip"), "apply")
    assert (row.created, row.rejected) == (2, 1)
    with zipfile.ZipFile(io.BytesIO(b"".join(client.get(f"/imports/{row.pk}/rejected/")))) as back:
        assert sorted(back.namelist()) == ["b.csv", "c.xlsx"]
        assert CODES[1] in back.read("b.csv").decode("utf-8-sig")
        assert back.read("c.xlsx").startswith(b"%PDF")
    assert "c.xlsx" in client.get(f"/imports/{row.pk}/problems/").content.decode()


def test_too_large_is_a_page_that_helps(signed_in: Any, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 100_000
    client = signed_in("data_officer")
    said = {"dataset": "", "source": "", "period": "", "use": ""}
    for size in (150_000, 3_000_000):
        answer = client.post("/imports/new/", {**said, "file": SimpleUploadedFile("a.csv", b"x" * size)})
        assert answer.status_code == 413
        assert "Parquet" in answer.content.decode()
    assert Import.objects.count() == 0
    assert [p for p in folder("files").rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("where", ["write", "fsync"])
def test_a_full_disk_while_uploading(signed_in: Any, monkeypatch: Any, where: str) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if where == "fsync":
        monkeypatch.setattr(store.os, "fsync", full)
    else:
        monkeypatch.setattr(store.Draft, "write", lambda self, chunk: (self.abort(), full()))
    answer = signed_in("data_officer").post(
        "/imports/new/",
        {"dataset": "", "source": "", "period": "", "use": "", "file": SimpleUploadedFile("a.csv", roster())},
    )
    assert (answer.status_code, "磁盘" in answer.content.decode()) == (507, True)
    assert Import.objects.count() == 0
    assert [p for p in folder("files").rglob("*") if p.is_file()] == []


def test_a_full_disk_while_applying_leaves_the_delivery_checked(signed_in: Any, monkeypatch: Any) -> None:
    from django.db import OperationalError

    from lianzhang.kernel.imports import deliver

    client = signed_in("data_officer")
    row = upload(client, roster())
    monkeypatch.setattr(
        deliver, "_keep", lambda *_: (_ for _ in ()).throw(OperationalError("database or disk is full"))
    )
    row = step(client, row, "apply")
    assert (row.state, Enterprise.objects.count()) == ("read", 0)
    assert "磁盘" in client.get(f"/imports/{row.pk}/").content.decode()
    monkeypatch.undo()
    assert step(client, row, "apply").state == "applied"


def test_what_no_database_can_hold_is_shown_and_refused_like_the_rest(signed_in: Any) -> None:
    client = signed_in("data_officer")
    zeros = roster(
        f"{CODES[0]},云溪\0一号有限公司,东岸区,3670,约\0五百,500",
        f"{CODES[1]},云溪二号有限公司,东岸区,3670,1,1",
    )
    row = step(client, upload(client, zeros), "apply")
    assert (row.accepted, row.rejected) == (1, 1)
    assert "约五百" in client.get(f"/imports/{row.pk}/problems/").content.decode()
    out = io.BytesIO()
    nan, inf = float("nan"), float("inf")
    lines = {
        "uscc": CODES[2:5],
        "name": ["云溪三号", "云溪四号", "云溪\0五号"],
        "revenue": [nan, inf, 1.0],
        "备注": [nan, 1, inf],
    }
    polars.DataFrame(lines, strict=False).write_parquet(out)
    row = step(client, upload(client, out.getvalue(), "p.parquet"), "apply")
    assert (row.accepted, row.rejected) == (2, 1)
    assert Enterprise.objects.get(uscc=CODES[4]).name == "云溪五号"
    assert client.get(f"/imports/{row.pk}/").status_code == 200
