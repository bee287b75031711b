"""The preview row by row: it says what applying then does, whose word is changed, page by page, and to nobody else."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianzhang.kernel.home import folder
from lianzhang.kernel.imports import command, planread
from lianzhang.kernel.imports.changes import changes
from lianzhang.kernel.imports.dataset import Change
from lianzhang.kernel.imports.planread import Line
from lianzhang.kernel.imports.tests.bench import CODES, roster, step, upload
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db

BASE = (
    f"{CODES[0]},云溪一号有限公司,东岸区,3670,1200,500",
    f"{CODES[1]},云溪二号有限公司,西岭,3611,900,40",
)
NEXT = (
    f"{CODES[0]},云溪一号有限公司,东岸区,3670,1300,500",  # revenue changes
    f"{CODES[1]},云溪二号有限公司,西岭,3611,900,40",  # as it was
    f"{CODES[2]},云溪三号有限公司,东岸区,3670,约五百,1",  # refused
    f"{CODES[3]},云溪四号有限公司,东岸区,3670,77,",  # new
)


def plan(row: Import) -> list[Line]:
    return list(planread.lines(row.pk))


def test_the_preview_says_what_applying_then_does(signed_in: Any) -> None:
    client = signed_in("data_officer")
    step(client, upload(client, roster(*BASE)), "apply")
    row = upload(client, roster(*NEXT), "新.csv")
    foreseen = plan(row)
    assert [(line.row, line.status) for line in foreseen] == [
        (2, "updated"), (3, "unchanged"), (4, "rejected"), (5, "created"),
    ]  # fmt: skip
    assert foreseen[0].changes == [["revenue", 12_000_000, 13_000_000, "district", "2022"]]
    assert foreseen[3].new["revenue"] == 770_000
    assert [p.code for p in foreseen[2].problems] == ["bad_number"]
    counted = row.counts
    row = step(client, row, "apply")
    assert plan(row) == foreseen
    assert row.counts == counted
    kinds = Counter(line.status for line in foreseen)
    assert planread.counts(row.pk) == kinds == {k: row.counts[k] for k in kinds}
    assert row.report["foreseen"] == {k: counted[k] for k in ("created", "updated", "unchanged", "rejected")}


def test_the_page_shows_old_and_new_with_the_source(signed_in: Any) -> None:
    client = signed_in("data_officer")
    step(client, upload(client, roster(*BASE)), "apply")
    row = upload(client, roster(*NEXT), "新.csv")
    page = client.get(f"/imports/{row.pk}/rows/?status=updated").content.decode()
    for part in ("<del>12,000,000 元</del>", "<ins>13,000,000 元</ins>", "区工信部门", "营业收入"):
        assert part in page, part
    assert CODES[3] not in page
    assert "约五百" in client.get(f"/imports/{row.pk}/rows/?status=rejected").content.decode()
    answer = client.get(f"/imports/{row.pk}/rows/?format=csv")
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert len(lines) == 5
    assert "12,000,000 元(区工信部门) → 13,000,000 元" in lines[1][4]
    assert "不是数字" in lines[3][5]
    assert client.get(f"/imports/{row.pk}/rows/?format=xlsx&status=updated").content[:2] == b"PK"


def test_what_another_source_said_first_is_named(signed_in: Any) -> None:
    client = signed_in("data_officer")
    step(client, upload(client, roster(*BASE)), "apply")
    other = roster(f"{CODES[0]},云溪一号有限公司,1250", head="统一社会信用代码,企业名称,营业收入(万元)\n")
    row = upload(client, other, source="tax")
    (line,) = plan(row)
    assert line.status == "updated"
    assert ["revenue", 12_000_000, 12_500_000, "district", "2022"] in line.changes
    assert [p.code for p in line.problems] == ["conflict_with_other_source"]


def test_deliveries_that_came_between_are_told(signed_in: Any, tmp_path: Any) -> None:
    client = signed_in("data_officer")
    row = upload(client, roster(*BASE))
    assert "再次检查" not in client.get(f"/imports/{row.pk}/").content.decode()
    file = tmp_path / "b.csv"
    file.write_bytes(roster(BASE[0]))
    command.import_file(file, "enterprises", SYSTEM, source="district", period="2022")
    assert "请再次检查" in client.get(f"/imports/{row.pk}/").content.decode()
    row = step(client, row, "apply")
    assert row.counts["created"] == 1
    assert "与预览不同" in client.get(f"/imports/{row.pk}/").content.decode()


def test_pages_are_read_from_the_kept_plan(signed_in: Any, django_assert_max_num_queries: Any) -> None:
    client = signed_in("data_officer")
    row = upload(client, roster(*(f"坏{i},名{i},东岸区,3670,1,1" for i in range(230)), BASE[0]))
    assert row.rejected == 230
    first, more = planread.page(row.pk, "rejected", 1, 100)
    last, no_more = planread.page(row.pk, "rejected", 3, 100)
    assert (len(first), more, len(last), no_more) == (100, True, 30, False)
    assert (first[0].row, last[-1].row) == (2, 231)
    page = client.get(f"/imports/{row.pk}/rows/?status=rejected&page=3").content.decode()
    assert page.count("<tr>") == 31
    assert "preview" not in str(client.session.items())
    assert "没有这样的行" in client.get(f"/imports/{row.pk}/rows/?status=updated&page=9").content.decode()


def test_nobody_else_sees_the_rows(signed_in: Any) -> None:
    row = upload(signed_in("desk_officer", org=None), roster(*BASE))
    for role in ("desk_officer", "district_officer"):
        assert signed_in(role).get(f"/imports/{row.pk}/rows/").status_code == 404
        assert signed_in(role).get(f"/imports/{row.pk}/rows/?format=csv").status_code == 404
    returns = upload(signed_in("statistician"), roster(*BASE), use="statistical")
    assert signed_in("data_officer").get(f"/imports/{returns.pk}/rows/").status_code == 404


def test_the_list_that_an_older_version_kept_is_still_shown(signed_in: Any) -> None:
    client = signed_in("data_officer")
    row = upload(client, roster(*BASE))
    (folder("imports") / f"{row.pk}.plan.sqlite3").unlink()
    assert "不再保存" in client.get(f"/imports/{row.pk}/rows/").content.decode()
    lines = f"created,名录,2,{CODES[0]}\nrejected,名录,3,{CODES[1]}\ncreated,名录,4,{CODES[2]}\n"
    (folder("imports") / f"{row.pk}.rows.csv").write_text(lines, encoding="utf-8")
    assert [line.row for line in planread.lines(row.pk, "created")] == [2, 4]
    assert planread.page(row.pk, "created", 1, 1) == ([Line("created", "名录", 2, CODES[0])], True)
    assert planread.page(row.pk, "created", 2, 1) == ([Line("created", "名录", 4, CODES[2])], False)
    assert CODES[1] in client.get(f"/imports/{row.pk}/rows/").content.decode()


values = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 3))


@given(values, values, st.dictionaries(st.sampled_from(["x", "y"]), values))
def test_changes_are_just_what_differs(now: dict[str, int], before: dict[str, int], others: Any) -> None:
    found = {c.field: c for c in changes(now, before, "me", others, "2022")}
    assert found.keys() == {k for k, v in now.items() if before.get(k) != v}
    for name, change in found.items():
        assert change.after == now[name]
        assert change.period == "2022"
        if name in before:
            assert (change.before, change.source) == (before[name], "me")
        elif any(name in said for said in others.values()):
            assert change.before == others[change.source][name]
        else:
            assert change == Change(name, None, now[name], "", "2022")
