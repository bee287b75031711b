"""A refused row has a lasting identity: mended and handed in again it is known, in whatever kind of file it comes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lianzhang.kernel.imports import command, planread
from lianzhang.kernel.imports.deliver import undo
from lianzhang.kernel.imports.tests.bench import CODES, HEAD, roster, step, upload
from lianzhang.kernel.imports.tests.files import archive, workbook
from lianzhang.kernel.models import Import, RefusedRow
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db

GOOD = f"{CODES[0]},云溪一号有限公司,东岸区,3670,1200,500"
BAD = f"{CODES[2]},云溪三号有限公司,东岸区,3670,约五百,1"
WORSE = f"{CODES[3]},云溪四号有限公司,东岸区,9999,77,约十"


def applied(client: Any, *rows: str, **said: str) -> Import:
    return step(client, upload(client, roster(*rows), **said), "apply")


def back(client: Any, row: Import) -> bytes:
    return b"".join(client.get(f"/imports/{row.pk}/rejected/"))


def test_a_mended_row_is_known_on_both_sides(signed_in: Any) -> None:
    client = signed_in("data_officer")
    first = applied(client, GOOD, BAD, WORSE)
    assert [(r.row, r.state, r.key) for r in RefusedRow.objects.all()] == [
        (3, "open", CODES[2]), (4, "open", CODES[3]),
    ]  # fmt: skip
    listed = client.get("/imports/refused/").content.decode()
    assert "约五百" in listed
    mended = back(client, first).decode("utf-8-sig").replace("约五百", "500").encode()
    second = upload(client, mended, "改好.csv")
    (line, _again) = planread.lines(second.pk)
    assert (line.status, line.origin) == ("created", (first.pk, "名录", 3))
    assert RefusedRow.objects.filter(state="open").count() == 2, "a preview settles nothing"
    assert f"由第{first.pk}次导入第3行改正而来" in client.get(f"/imports/{second.pk}/rows/").content.decode()
    step(client, second, "apply")
    one, other, anew = RefusedRow.objects.all()
    assert (one.state, one.successor_id, one.successor_row) == ("mended", second.pk, 2)
    assert (other.state, other.successor_id) == ("again", second.pk)
    assert (anew.state, anew.delivery_id) == ("open", second.pk)
    page = client.get(f"/imports/{first.pk}/rows/?status=rejected").content.decode()
    assert f"已在第{second.pk}次导入第2行改正" in page
    assert "约五百" not in client.get("/imports/refused/").content.decode()
    assert "约五百" in client.get("/imports/refused/?state=mended").content.decode()
    assert client.get("/imports/refused/?state=open&format=xlsx").content[:2] == b"PK"


def test_taking_the_mended_delivery_back_opens_the_row_again(signed_in: Any) -> None:
    client = signed_in("data_officer")
    first = applied(client, GOOD, BAD)
    second = step(client, upload(client, back(client, first).replace("约五百".encode(), b"500")), "apply")
    assert RefusedRow.objects.get().state == "mended"
    undo(second, SYSTEM)
    row = RefusedRow.objects.get()
    assert (row.state, row.successor_id, row.successor_row) == ("open", None, None)
    undo(first, SYSTEM)
    assert "约五百" not in client.get("/imports/refused/").content.decode()


def test_a_strange_row_at_the_same_place_is_no_successor(signed_in: Any) -> None:
    client = signed_in("data_officer")
    applied(client, GOOD, BAD)
    head = HEAD.strip() + ",_sheet,_row,_reason\n"
    strange = roster(f"{CODES[5]},云溪六号有限公司,西岭,3611,8,9,名录,3,", head=head)
    row = step(client, upload(client, strange, "别的.csv"), "apply")
    assert row.created == 1
    assert RefusedRow.objects.get().state == "open"
    assert next(planread.lines(row.pk)).origin is None


def test_a_row_mended_in_a_file_of_ones_own_is_known_by_what_it_names(signed_in: Any) -> None:
    """Other columns, other order, no place: the credit code alone says which row is meant."""
    client = signed_in("data_officer")
    first = applied(client, GOOD, BAD, WORSE)
    own = roster(
        f"云溪三号有限公司,500,{CODES[2]},东岸区", f"云溪四号有限公司,约九,{CODES[3]},东岸区", head="企业名称,营业收入(万元),统一社会信用代码,所在区\n"
    )  # fmt: skip
    second = upload(client, own, "自己的.csv")
    line = next(planread.lines(second.pk))
    assert (line.status, line.origin) == ("created", (first.pk, "名录", 3))
    assert {r.state for r in RefusedRow.objects.all()} == {"open"}, "a preview settles nothing"
    step(client, second, "apply")
    one, other, anew = RefusedRow.objects.all()
    assert (one.state, one.successor_id, one.successor_row) == ("mended", second.pk, 2)
    assert (other.state, other.successor_id, other.successor_row) == ("again", second.pk, 3)
    assert (anew.state, anew.key) == ("open", CODES[3])
    undo(second, SYSTEM)
    assert RefusedRow.objects.get(pk=one.pk).state == "open"


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        ({"source": "tax"}, [f"{CODES[2]},云溪三号有限公司,东岸区,3670,500,1"]),
        ({"period": "2021"}, [f"{CODES[2]},云溪三号有限公司,东岸区,3670,500,1"]),
        ({}, [f"{CODES[5]},云溪六号有限公司,东岸区,3670,500,1"]),
    ],
)
def test_a_row_of_another_source_period_or_name_mends_nothing(
    said: dict[str, str], rows: list[str], signed_in: Any
) -> None:
    client = signed_in("data_officer")
    applied(client, GOOD, BAD)
    second = applied(client, *rows, **said)
    assert second.state == Import.State.APPLIED
    assert RefusedRow.objects.get().state == "open"
    assert next(planread.lines(second.pk)).origin is None


def test_two_open_rows_that_name_the_same_are_left_to_a_person(signed_in: Any) -> None:
    """Which of them was mended nobody can tell."""
    client = signed_in("data_officer")
    applied(client, GOOD, BAD)
    applied(client, GOOD, BAD.replace("约五百", "约六百") + "\n" + BAD.replace("约五百", "约七百"))
    assert RefusedRow.objects.filter(key=CODES[2], state="open").count() > 1
    applied(client, f"{CODES[2]},云溪三号有限公司,东岸区,3670,500,1")
    assert "mended" not in {r.state for r in RefusedRow.objects.all()}


def test_the_page_says_how_many_rows_are_followed(signed_in: Any) -> None:
    client = signed_in("data_officer")
    row = applied(client, GOOD, BAD)
    assert "20,000" in client.get("/imports/refused/").content.decode()
    assert "20,000" not in client.get(f"/imports/{row.pk}/").content.decode()
    Import.objects.filter(pk=row.pk).update(rejected=20_001)
    assert "20,000" in client.get(f"/imports/{row.pk}/").content.decode()


def test_the_same_row_refused_twice_stands_once(signed_in: Any) -> None:
    client = signed_in("data_officer")
    applied(client, GOOD, BAD)
    applied(client, BAD, GOOD)
    assert [r.state for r in RefusedRow.objects.all()] == ["again", "open"]


def test_it_works_through_a_zip_and_the_command(tmp_path: Path, catalogue: Any) -> None:
    head = HEAD.strip().split(",")
    book = workbook([head, GOOD.split(","), BAD.split(",")])
    (tmp_path / "all.zip").write_bytes(archive(二__xlsx=book, 一__csv=roster(WORSE)))
    say = {"source": "district", "period": "2022"}
    first = command.import_file(
        tmp_path / "all.zip", "enterprises", SYSTEM, rejects=tmp_path / "back.zip", **say
    )  # type: ignore[arg-type]
    assert (first.accepted, first.rejected) == (1, 2)
    out = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "back.zip") as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".csv"):
                content = content.replace(b"9999", b"3670").replace("约十".encode(), b"10")
            new.writestr(name, content)
    (tmp_path / "mended.zip").write_bytes(out.getvalue())
    second = command.import_file(tmp_path / "mended.zip", "enterprises", SYSTEM, **say)  # type: ignore[arg-type]
    states = {r.key: r.state for r in RefusedRow.objects.filter(delivery_id=first.import_id)}
    assert states == {CODES[3]: "mended", CODES[2]: "again"}
    assert second.accepted == 1


def test_nobody_settles_or_sees_the_rows_of_another(signed_in: Any) -> None:
    owner, other = signed_in("statistician"), signed_in("statistician")
    first = applied(owner, GOOD, BAD)
    mended = back(owner, first).replace("约五百".encode(), b"500")
    step(other, upload(other, mended), "apply")
    assert RefusedRow.objects.get().state == "open"
    assert "约五百" not in other.get("/imports/refused/").content.decode()
    assert "约五百" in owner.get("/imports/refused/").content.decode()
    assert signed_in("liaison").get("/imports/refused/").status_code == 404
    returns = applied(owner, GOOD, WORSE, use="statistical")
    assert RefusedRow.objects.filter(delivery=returns).exists()
    assert "约十" not in signed_in("data_officer").get("/imports/refused/").content.decode()
