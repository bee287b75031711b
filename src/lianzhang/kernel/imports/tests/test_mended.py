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
