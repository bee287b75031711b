"""Hand in, look, apply, take back: through the pages, with a worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lianzhang.kernel.imports import command
from lianzhang.kernel.imports.tests.bench import CODES, roster, step, upload
from lianzhang.kernel.models import Event, Import
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Enterprise

pytestmark = pytest.mark.django_db


def text(client: Any, url: str) -> str:
    """A page that opens."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_the_whole_way(signed_in: Any) -> None:
    client = signed_in("data_officer")
    row = upload(client, roster())
    assert (row.state, row.created, row.rejected) == ("read", 2, 0)
    assert Enterprise.objects.count() == 0
    page = text(client, f"/imports/{row.pk}/")
    assert "12000000" in page
    assert "1200" in page
    for part in ("columns", "problems", "rows"):
        text(client, f"/imports/{row.pk}/{part}/")
    row = step(client, row, "apply")
    assert (row.state, row.created) == ("applied", 2)
    assert Enterprise.objects.registered().count() == 2
    assert CODES[0] in text(client, f"/imports/{row.pk}/rows/?status=created")
    assert "2" in text(client, f"/imports/{row.pk}/undo/")
    row = step(client, row, "undo")
    assert row.state == "undone"
    assert Enterprise.objects.registered().count() == 0
    assert [e.verb for e in Event.objects.filter(subject=f"import:{row.pk}").order_by("seq")] == [
        "uploaded",
        "applied",
        "undone",
    ]
    listed = text(client, "/imports/?dataset=enterprises&state=undone&source=district")
    assert "名录.csv" in listed
    assert client.get("/imports/?format=csv").status_code == 200


def test_the_data_set_is_found_from_the_columns(signed_in: Any) -> None:
    client = signed_in("data_officer")
    assert upload(client, roster(), dataset="").dataset == "enterprises"
    titles = f"信用代码,称号,级别,认定日期\n{CODES[0]},专精特新,省级,2022-05\n".encode("gb18030")
    assert upload(client, titles, dataset="").dataset == "titles"
    lost = upload(client, "甲,乙\n1,2\n".encode(), dataset="")
    assert (lost.state, lost.error) == ("failed", "unknown_dataset")


def test_the_same_bytes_again_are_said_and_change_nothing(signed_in: Any) -> None:
    client = signed_in("data_officer")
    first = step(client, upload(client, roster()), "apply")
    second = upload(client, roster())
    assert f'href="/imports/{first.pk}/"' in text(client, f"/imports/{second.pk}/")
    second = step(client, second, "apply")
    assert second.counts == {"accepted": 2, "created": 0, "updated": 0, "unchanged": 2, "rejected": 0}


def test_refused_rows_come_back_mended(signed_in: Any) -> None:
    client = signed_in("data_officer")
    bad = f"{CODES[2]},云溪三号有限公司,东岸区,3670,约五百,1"
    row = step(
        client, upload(client, roster(f"{CODES[0]},云溪一号有限公司,东岸区,3670,1200,500", bad)), "apply"
    )
    assert (row.accepted, row.rejected) == (1, 1)
    assert "第 3 行" in text(client, f"/imports/{row.pk}/problems/")
    assert "没有问题" in text(client, f"/imports/{row.pk}/problems/?code=bad_date") or "bad_number" in text(
        client, f"/imports/{row.pk}/problems/"
    )
    answer = client.get(f"/imports/{row.pk}/rejected/")
    assert answer["Content-Disposition"] == f'attachment; filename="import_{row.pk}_rejected.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    mended = b"".join(answer).decode("utf-8-sig").replace("约五百", "500").encode()
    again = step(client, upload(client, mended, "改好.csv"), "apply")
    assert (again.created, again.rejected) == (1, 0)
    assert Enterprise.objects.get(uscc=CODES[2]).revenue == 5_000_000


def test_columns_are_corrected_and_remembered(signed_in: Any) -> None:
    client = signed_in("data_officer")
    head = "统一社会信用代码,企业名称,去年进账\n"
    content = roster(f"{CODES[0]},云溪一号有限公司,1200", head=head)
    row = upload(client, content)
    assert row.report["tables"][0]["columns"][2]["status"] == "unmapped"
    page = text(client, f"/imports/{row.pk}/columns/")
    assert 'name="s0-C-field"' in page
    said = {"dataset": "enterprises", "source": "district", "period": "2022", "use": "", "remember": "1"}
    form = {
        "s0-header_row": "1",
        "s0-A-field": "uscc",
        "s0-B-field": "name",
        "s0-C-field": "revenue",
        "s0-C-unit": "万元",
    }
    row = step(client, row, "columns", **said, **form)
    assert row.mapping == {"名录": {"columns": {"去年进账": {"field": "revenue", "unit": "万元"}}}}
    step(client, row, "apply")
    assert Enterprise.objects.get(uscc=CODES[0]).revenue == 12_000_000
    later = upload(client, roster(f"{CODES[0]},云溪一号有限公司,1300", head=head), "明年.csv")
    assert later.mapping == {"*": {"columns": {"去年进账": {"field": "revenue", "unit": "万元"}}}}
    assert later.updated == 1


def test_roles_see_their_own_or_nothing(signed_in: Any) -> None:
    officer, other = signed_in("statistician"), signed_in("statistician")
    row = upload(officer, roster())
    for url in (f"/imports/{row.pk}/", f"/imports/{row.pk}/file/", f"/imports/{row.pk}/problems/"):
        assert officer.get(url).status_code == 200, url
        assert other.get(url).status_code == 404, url
    assert signed_in("liaison").get("/imports/").status_code == 404
    auditor = signed_in("auditor")
    assert auditor.get(f"/imports/{row.pk}/").status_code == 200
    for what in ("apply", "undo", "check", "stop"):
        assert auditor.post(f"/imports/{row.pk}/{what}/").status_code == 404
    assert auditor.post(f"/imports/{row.pk}/columns/", {"dataset": "enterprises"}).status_code == 404
    assert Import.objects.get(pk=row.pk).state == "read"


def test_a_step_at_the_wrong_time_changes_nothing(signed_in: Any) -> None:
    client = signed_in("data_officer")
    row = upload(client, roster(), run=False)
    client.post(f"/imports/{row.pk}/apply/")
    row.refresh_from_db()
    assert row.job.function == "imports.read"
    client.post(f"/imports/{row.pk}/stop/")
    assert step(client, row, "check").state == "read"
    client.post(f"/imports/{row.pk}/undo/")
    row.refresh_from_db()
    assert row.state == "read"


def test_a_delivery_of_a_command_shows_its_rows_columns_and_refusals(signed_in: Any, tmp_path: Path) -> None:
    client = signed_in("data_officer")
    good = f"{CODES[0]},云溪一号有限公司,东岸区,3670,1200,212"
    bad = f"{CODES[1]},云溪二号有限公司,东岸区,3670,约五百,3"
    file = tmp_path / "a.csv"
    file.write_bytes(roster(good, bad))
    pk = command.import_file(file, "enterprises", SYSTEM, source="district", period="2022").import_id
    rows = client.get(f"/imports/{pk}/rows/").content.decode()
    assert CODES[0] in rows
    assert CODES[1] in rows
    page = client.get(f"/imports/{pk}/").content.decode()
    assert ">212</span>" in page
    assert "212.0" not in page
    assert "营业收入(万元)" in client.get(f"/imports/{pk}/columns/").content.decode()
    back = b"".join(client.get(f"/imports/{pk}/rejected/")).decode("utf-8-sig")
    assert "约五百" in back
    assert CODES[0] not in back
