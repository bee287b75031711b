"""A contact of an enterprise has no account, and is found, given out and erased all the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lianzhang.city.tests.test_subjects import every_cell
from lianzhang.cli import main
from lianzhang.engines.tables import make_uscc
from lianzhang.kernel import events
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry import contacts, doubles
from lianzhang.registry.models import DuplicatePair, Enterprise, Filing
from lianzhang.registry.services import forgetting, merging
from lianzhang.registry.services.errors import Refused
from lianzhang.registry.tests.test_merging import take

pytestmark = pytest.mark.django_db
NAME, PHONE, OTHER = "欧阳不忘", "13812345678", "司徒留步"
CODES = [make_uscc("91", "449900", f"FG{i:06d}") for i in range(4)]
HEAD = "uscc,name,district,address,contact,phone,legal_representative\n"


def line(i: int, contact: str, phone: str, representative: str = "") -> str:
    return (
        f"{CODES[i]},云溪{'甲乙丙丁'[i]}有限公司,东岸区,东岸区一路{i}号,{contact},{phone},{representative}\n"
    )


def firm(i: int) -> Enterprise:
    return Enterprise.objects.get(uscc=CODES[i])


@pytest.fixture
def told(catalogue: Any, tmp_path: Path) -> None:
    """Two sources name her at one firm, spelled in two ways; another one somebody else; a namesake elsewhere."""
    take(
        tmp_path,
        1,
        "enterprises",
        HEAD + line(0, NAME, "138 1234 5678") + line(1, OTHER, "13900000000"),
        "district",
    )
    take(tmp_path, 2, "enterprises", HEAD + line(0, "", f"{PHONE}、02081234567"), "tax")
    take(tmp_path, 3, "enterprises", HEAD + line(0, OTHER, "13900000000"), "market")
    take(tmp_path, 4, "enterprises", HEAD + line(0, f"{NAME}（办公室）", f"+86 {PHONE}"), "district")


def left(*words: str) -> list[str]:
    """Which words stand in any cell of any table, as SQLite holds text and JSON."""
    cells = every_cell()
    escaped = {w: json.dumps(w)[1:-1] for w in words}
    spelled = {w: (w, e, e.replace("\\", "\\\\")) for w, e in escaped.items()}
    return [w for w, forms in spelled.items() if any(form in cells for form in forms)]


@pytest.mark.usefixtures("told")
def test_she_is_found_however_it_is_spelled_and_nobody_else() -> None:
    cells = forgetting.export(actor=SYSTEM, text=NAME)["cells"]
    assert {(c["uscc"], c["source"], c["column"]) for c in cells} == {(CODES[0], "district", "contact")}
    numbers = forgetting.export(actor=SYSTEM, text="+86 138-1234-5678")["cells"]
    assert {(c["source"], c["value"]) for c in numbers} == {
        ("district", "138 1234 5678"), ("tax", f"{PHONE}、02081234567"), ("district", f"+86 {PHONE}"),
    }  # fmt: skip
    for part in ("欧阳", "1381234", "8", " "):
        with pytest.raises(Refused):
            forgetting.export(actor=SYSTEM, text=part)
    assert Event.objects.filter(subject=firm(0).ref, verb="contact_exported").count() == 2
    assert not Event.objects.filter(subject=firm(1).ref, verb="contact_exported").exists()


@pytest.mark.usefixtures("told")
def test_after_an_erasure_no_cell_names_her_the_others_stay_and_the_chain_verifies() -> None:
    Filing.objects.filter(source="tax").update(held={"contact": NAME, "rent": 7})
    assert left(NAME, PHONE, "138 1234 5678") == [NAME, PHONE, "138 1234 5678"]
    done = forgetting.erase(actor=SYSTEM, text=NAME, why="request 2023-7")
    assert left(NAME, PHONE, "138 1234 5678") == []
    assert left(OTHER, "13900000000") == [OTHER, "13900000000"]
    assert (done.firms, done.done["registry.filing.held"]) == ([CODES[0]], 1)
    assert Filing.objects.get(source="tax").held == {"rent": 7}
    assert (firm(0).contact, firm(0).phone, firm(0).name) == (OTHER, "13900000000", "云溪甲有限公司")
    assert list(events.verify()) == []
    row = Event.objects.get(subject=firm(0).ref, verb="contact_erased")
    assert row.data == {"why": "request 2023-7", "columns": ["contact", "phone"]}
    with pytest.raises(Refused):
        forgetting.export(actor=SYSTEM, text=NAME)


@pytest.mark.usefixtures("told")
def test_a_name_at_several_firms_is_not_erased_by_chance(tmp_path: Path) -> None:
    take(tmp_path, 5, "enterprises", HEAD + line(2, NAME, "13700000000"), "district")
    with pytest.raises(Refused, match=CODES[2]):
        forgetting.erase(actor=SYSTEM, text=NAME, why="asked")
    assert firm(2).contact == NAME
    forgetting.erase(actor=SYSTEM, text=NAME, why="asked", firms=[firm(0).pk])
    assert (firm(0).contact, firm(2).contact, firm(2).phone) == (OTHER, NAME, "13700000000")
    forgetting.erase(actor=SYSTEM, text=NAME, why="asked", everywhere=True)
    assert left(NAME, "13700000000") == []


@pytest.mark.usefixtures("told")
def test_a_legal_representative_stays_and_it_is_said(tmp_path: Path) -> None:
    take(tmp_path, 5, "enterprises", HEAD + line(3, OTHER, "13600000000", NAME), "market")
    before = list(Filing.objects.filter(enterprise=firm(3)).values())
    with pytest.raises(Refused, match="公示"):
        forgetting.erase(actor=SYSTEM, text=NAME, why="asked", firms=[firm(3).pk])
    done = forgetting.erase(actor=SYSTEM, text=NAME, why="asked")
    assert "registry.enterprise.legal_representative" in done.kept
    assert list(Filing.objects.filter(enterprise=firm(3)).values()) == before
    assert firm(3).legal_representative == NAME


@pytest.mark.usefixtures("told")
def test_under_a_survivor_and_among_reasons_of_doubles_too(tmp_path: Path) -> None:
    take(tmp_path, 5, "enterprises", HEAD + line(2, "", PHONE), "tax")
    doubles.search_all()
    first, second = sorted((firm(0), firm(2)), key=lambda e: e.pk)
    pair, _made = DuplicatePair.objects.update_or_create(
        first=first,
        second=second,
        defaults={"score": 60, "facts": "x", "reasons": [["phone", 30, PHONE, PHONE]]},
    )
    merging.merge(actor=SYSTEM, absorbed=firm(0), into=firm(2), reason="同一企业")
    forgetting.erase(actor=SYSTEM, text=PHONE, why="asked", everywhere=True)
    assert left(NAME, PHONE) == []
    pair.refresh_from_db()
    assert pair.reasons == [["phone", 30, "", ""]]
    assert (firm(2).contact, firm(0).survivor_id) == (OTHER, firm(2).pk)


@pytest.mark.usefixtures("told")
def test_what_names_her_elsewhere_is_listed(tmp_path: Path) -> None:
    bad = line(2, NAME, PHONE).replace(CODES[2], "91449900XXXXXXXXXX")
    take(tmp_path, 5, "enterprises", HEAD + line(3, OTHER, "13600000000") + bad, "district")
    found = forgetting.export(actor=SYSTEM, text=NAME)["elsewhere"]
    assert {each["field"] for each in found} >= {"kernel.refusedrow.cells"}
    assert "kernel.refusedrow.cells" in forgetting.erase(actor=SYSTEM, text=NAME, why="asked").kept


@pytest.mark.usefixtures("told")
def test_who_may(actor: Callable[..., Any]) -> None:
    for role in ("data_officer", "system_admin", "auditor", "chain_office"):
        who = actor(role, org="gxj-data")
        for act in (
            lambda a: forgetting.export(actor=a, text=NAME),
            lambda a: forgetting.erase(actor=a, text=NAME, why="x"),
        ):
            with pytest.raises(Refused):
                act(who)
    with pytest.raises(Refused):
        forgetting.erase(actor=SYSTEM, text=NAME, why=" ")
    assert firm(0).phone
    assert forgetting.export(actor=actor("security_admin", org="gxj"), text=NAME)["cells"]


@pytest.mark.usefixtures("told")
def test_the_commands(capsys: Any, tmp_path: Path) -> None:
    assert main(["subject", "find", "--contact", NAME]) == 0
    said = capsys.readouterr().out
    assert CODES[0] in said
    assert NAME not in said
    assert main(["subject", "find", "--contact", "谁也不是", "--json"]) == 1
    assert main(["subject", "find", "--contact", NAME, "--firm", "91"]) == 1
    assert main(["subject", "export"]) == main(["subject", "erase", "--why", "x"]) == 2
    assert main(["subject", "export", "--contact", PHONE, "--out", str(tmp_path)]) == 0
    assert len(json.loads((tmp_path / "subject.json").read_text(encoding="utf-8"))["cells"]) == 3
    capsys.readouterr()
    assert (
        main(["subject", "erase", "--contact", NAME, "--why", "request 7", "--firm", CODES[0], "--json"]) == 0
    )
    assert json.loads(capsys.readouterr().out)["firms"] == [CODES[0]]
    assert left(NAME, PHONE) == []
    assert main(["subject", "erase", "--contact", NAME, "--why", "request 7"]) == 1


@pytest.mark.usefixtures("told")
def test_the_page_of_the_security_administrator_and_nobody_else(signed_in: Any, tmp_path: Path) -> None:
    take(
        tmp_path,
        5,
        "enterprises",
        HEAD + line(2, NAME, "13700000000") + line(3, OTHER, "1", NAME),
        "district",
    )
    client = signed_in("security_admin", org="gxj")
    assert client.get("/contacts/").status_code == 200
    page = client.post("/contacts/", {"text": NAME}).content.decode()
    assert all(code in page for code in (CODES[0], CODES[2]))
    assert f'value="{firm(3).pk}"' not in page  # a legal representative stays
    assert "区" in page
    assert client.post("/contacts/", {"text": "谁也不是"}).status_code == 422
    held = client.post("/contacts/", {"text": NAME, "as": "file"})
    assert NAME in held.content.decode()
    assert "attachment" in held.headers["Content-Disposition"]
    for said in (
        {"text": NAME, "why": "x"},
        {"text": NAME, "firms": firm(0).pk},
        {"text": NAME, "why": "x", "firms": "abc"},
    ):
        client.post("/contacts/erase/", said)
        assert left(NAME, PHONE) == [NAME, PHONE]
    client.post("/contacts/erase/", {"text": NAME, "why": "request 7", "firms": firm(0).pk})
    assert (firm(0).contact, firm(2).contact) == (OTHER, NAME)
    assert left(PHONE) == []
    for role in ("system_admin", "data_officer", "auditor"):
        other = signed_in(role, org="gxj-data")
        assert other.get("/contacts/").status_code == 404
        assert (
            other.post("/contacts/erase/", {"text": NAME, "why": "x", "firms": firm(2).pk}).status_code == 404
        )
    assert firm(2).contact == NAME


@pytest.mark.parametrize(
    ("cell", "wanted", "same"),
    [
        ("张三、李四", "李四", True), ("张三 13800000000", "138 0000 0000", True), ("张三丰", "张三", False), ("John  Smith", "john smith", True),
        ("０２０－８１２３４５６７", "020-81234567", True), ("13800000000", "3800000000", False), ("8613800000000", "13800000000", True), ("张三(办公室)", "张三", True),
    ],
)  # fmt: skip
def test_spelling(cell: str, wanted: str, same: bool) -> None:
    assert (contacts.spelled(wanted) in contacts.persons(cell)) == same
