"""What a preview tells of other people's words, and who opens a delivered file: no way around masks, consent and the record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lianzhang.engines.tables import make_uscc
from lianzhang.kernel.imports import command
from lianzhang.kernel.imports.tests.bench import step, upload
from lianzhang.kernel.models import Event, Import
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Enterprise, Filing

pytestmark = pytest.mark.django_db
CODE = make_uscc("91", "449900", "MC000077")
HEAD = "统一社会信用代码,企业名称,所在区,法定代表人,联系人,联系电话,营业收入(万元)\n"
WHOLE = ("张三丰", "李四光", "13812341234")
PLACES = ("", "rows/", "rows/?format=csv", "problems/", "problems/?format=csv")


def roster(*rows: str) -> bytes:
    return (HEAD + "\n".join(rows) + "\n").encode()


@pytest.fixture
def firm(catalogue: Any, tmp_path: Path) -> Enterprise:
    path = tmp_path / "a.csv"
    path.write_bytes(roster(f"{CODE},云溪甲有限公司,东岸区,{','.join(WHOLE)},1200"))
    assert command.import_file(path, "enterprises", SYSTEM, source="market", period="2022").rejected == 0
    return Enterprise.objects.get(uscc=CODE)


def read(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.parametrize("source", ["market", "tax"])
@pytest.mark.parametrize(
    ("role", "org"),
    [("desk_officer", "gxj"), ("district_officer", "gxj-449801"), ("data_officer", "gxj-data")],
)
def test_a_guess_delivered_brings_nobodys_telephone_out(
    firm: Enterprise, signed_in: Any, role: str, org: str, source: str
) -> None:
    client = signed_in(role, org=org, **({"area": "449801"} if role == "district_officer" else {}))
    row = upload(client, roster(f"{CODE},云溪甲有限公司,东岸区,王五,赵六,10000000000,1200"), source=source)
    assert row.updated == 1
    for place in PLACES:
        page = read(client, f"/imports/{row.pk}/{place}")
        assert not [w for w in WHOLE if w in page], place
    assert "138****1234" in read(client, f"/imports/{row.pk}/rows/")
    assert "10000000000" in read(client, f"/imports/{row.pk}/rows/"), "one's own words are one's own"
    assert not [w for w in WHOLE if w in str(Import.objects.get(pk=row.pk).report)]


def test_a_figure_without_consent_is_told_only_to_who_delivered_it(firm: Enterprise, signed_in: Any) -> None:
    """Neither the figure nor, by "unchanged", that a guess is right."""
    given = f"uscc,period,revenue\n{CODE},2022,86420135790\n".encode()
    said = {"dataset": "filings", "source": "grid", "use": "consented"}
    owner, other = signed_in("data_officer", org="gxj-data"), signed_in("desk_officer", org="gxj")
    first = step(owner, upload(owner, given, **said), "apply")
    held = Filing.objects.get(delivery=first)
    assert (held.values, held.held) == ({}, {"revenue": 86420135790.0})
    assert upload(owner, given, **said).unchanged == 1
    assert upload(other, given, **said).unchanged == 0
    row = upload(other, given.replace(b"86420135790", b"1"), **said)
    assert not [p for p in PLACES if "86,420,135,790" in read(other, f"/imports/{row.pk}/{p}")]


def test_contents_are_for_who_works_with_deliveries(firm: Enterprise, signed_in: Any) -> None:
    """An auditor sees that there was a delivery, its counts and its history, and none of its rows."""
    client = signed_in("data_officer", org="gxj-data")
    row = upload(client, roster(f"{CODE},云溪甲有限公司,东岸区,王五,赵六,10000000000,约五百"))
    assert row.rejected == 1
    auditor = signed_in("auditor", org="gxj")
    assert "10000000000" not in read(auditor, f"/imports/{row.pk}/")
    for place in (*PLACES[1:], "columns/", "file/", "rejected/"):
        assert auditor.get(f"/imports/{row.pk}/{place}").status_code == 404, place


@pytest.mark.parametrize(
    "place", ["", "rows/", "rows/?format=csv", "problems/", "columns/", "file/", "rejected/"]
)
def test_who_opens_the_contents_of_anothers_roster_is_recorded_once_a_day(
    firm: Enterprise, signed_in: Any, place: str
) -> None:
    owner = signed_in("desk_officer", org="gxj")
    row = upload(owner, roster(f"{CODE},云溪甲有限公司,东岸区,王五,赵六,10000000000,约五百"))
    address, opened = f"/imports/{row.pk}/{place}", Event.objects.filter(verb="contents_opened")
    read(owner, address)
    assert not opened.exists(), "one's own"
    client = signed_in("data_officer", org="gxj-data")
    read(client, address)
    read(client, address)
    event = opened.get()
    assert (event.subject, event.data["columns"]) == (
        f"import:{row.pk}",
        ["contact", "legal_representative", "phone"],
    )
    assert "contents_opened" in read(signed_in("auditor", org="gxj"), "/accesses/?verb=contents_opened")


def test_contents_without_personal_columns_leave_no_event(firm: Enterprise, signed_in: Any) -> None:
    given = f"uscc,period,revenue\n{CODE},2022,1200\n".encode()
    row = upload(signed_in("desk_officer", org="gxj"), given, dataset="filings")
    read(signed_in("data_officer", org="gxj-data"), f"/imports/{row.pk}/rows/")
    assert not Event.objects.filter(verb="contents_opened").exists()
