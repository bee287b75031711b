"""What is owed, what is hidden, who looked, and what is no longer here."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lianzhang.casework import services as casework
from lianzhang.engines.tables import make_uscc
from lianzhang.kernel.imports import command, dataset
from lianzhang.kernel.models import Event
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry import known, owed, terms
from lianzhang.registry.models import Enterprise, Title
from lianzhang.registry.sensitive import masked

pytestmark = pytest.mark.django_db
CODES = [make_uscc("91", "449900", f"MP{i:06d}") for i in range(3)]
HEAD = "统一社会信用代码,企业名称,所在区,经营状态,状态日期,法定代表人,联系人,联系电话\n"


def take(path: Path, text: str, source: str = "market") -> None:
    path.write_text(text, encoding="utf-8")
    report = command.import_file(path, "enterprises", SYSTEM, source=source, period="2022")
    assert report.rejected == 0, report.problems


@pytest.fixture
def firm(catalogue: Any, tmp_path: Path) -> Enterprise:
    take(tmp_path / "a.csv", f"{HEAD}{CODES[0]},云溪甲有限公司,东岸区,存续,,张三丰,李四,13812341234\n")
    return Enterprise.objects.get(uscc=CODES[0])


@pytest.mark.parametrize(
    ("expires", "state"),
    [(None, "valid"), (date(2023, 7, 10), "valid"), (date(2023, 7, 9), "lapsing"), (date(2023, 4, 10), "lapsing"), (date(2023, 4, 9), "lapsed")],
)  # fmt: skip
def test_terms_by_hand_and_by_filter(
    catalogue: Any, enterprise: Any, expires: date | None, state: str
) -> None:
    """Today is 10 April 2023; ninety days on it is 9 July."""
    title = Title.objects.create(
        enterprise=enterprise(), title="专精特新", source="titles", as_of=date(2023, 1, 1), expires_on=expires
    )
    assert terms.term(expires).state == state
    assert [s for s in terms.WORDS if Title.objects.filter(terms.standing(s), pk=title.pk).exists()] == [
        state
    ]


def test_the_list_is_filtered_by_term(firm: Enterprise, signed_in: Any) -> None:
    Title.objects.create(
        enterprise=firm,
        title="专精特新",
        source="titles",
        as_of=date(2023, 1, 1),
        expires_on=date(2023, 5, 1),
    )
    client = signed_in("director", org="gxj")
    assert firm.name in client.get("/enterprises/?term=lapsing").content.decode()
    assert firm.name not in client.get("/enterprises/?term=lapsed").content.decode()


def test_an_award_is_owed_until_it_is_known_to_be_paid(
    firm: Enterprise, tmp_path: Path, signed_in: Any, actor: Any
) -> None:
    """One bureau grants, the treasury pays by a list of its own, which says nothing of the title and takes nothing from it."""

    def take_titles(text: str, source: str) -> None:
        path = tmp_path / f"{source}.csv"
        path.write_text(text, encoding="utf-8")
        assert command.import_file(path, "titles", SYSTEM, source=source, period="2022").rejected == 0

    def open_awards() -> list[tuple[str, str, str]]:
        found = owed.collect(firm, actor("director", org="gxj"))
        return [(o.what, o.word, o.detail) for o in found if "奖励" in o.what]

    head = "统一社会信用代码,称号,有效期至,奖励金额(万元)\n"
    take_titles(f"{head}{CODES[0]},专精特新,2026-05-01,50\n{CODES[0]},创新型企业,2026-05-01,\n", "titles")
    assert open_awards() == [("奖励：专精特新 50 万元", "兑现情况未报送", "没有来源说明已兑现多少。")]
    head = "统一社会信用代码,称号,已拨付金额(万元)\n"
    take_titles(f"{head}{CODES[0]},专精特新,20\n", "market")
    assert open_awards() == [("奖励：专精特新 50 万元", "未兑现", "已兑现：20 万元")]
    page = signed_in("enterprise", enterprise=firm).get(firm.get_absolute_url()).content.decode()
    assert "奖励：专精特新" in page
    assert "2026年5月1日" in page
    take_titles(f"{head}{CODES[0]},专精特新,50\n", "district")
    assert open_awards() == []


def test_owed_names_matters_titles_and_stale_data_each_with_its_step(
    firm: Enterprise, signed_in: Any, actor: Any
) -> None:
    Title.objects.create(
        enterprise=firm,
        title="专精特新",
        source="titles",
        as_of=date(2023, 1, 1),
        expires_on=date(2023, 3, 1),
    )
    firm.filings.update(as_of=date(2022, 1, 1))
    matter = casework.open_matter(
        actor=SYSTEM,
        kind="data_dispute",
        title="营业收入有误",
        enterprise=firm,
        fields={"firm": firm.pk, "field": "revenue"},
    )
    reader = actor("chain_office", org="gxj-chain")
    found = owed.collect(firm, reader)
    assert [(o.light, o.url) for o in found] == [
        ("red", "#titles"), ("amber", "/imports/new/"), ("amber", matter.get_absolute_url()),
    ]  # fmt: skip
    page = signed_in("chain_office", org="gxj-chain").get(firm.get_absolute_url()).content.decode()
    assert "营业收入有误" in page
    # Who may not see matters is told of none.
    assert not any("营业收入" in o.what for o in owed.collect(firm, actor("statistician", org="tjj")))


def test_people_are_masked_everywhere_until_asked_for(firm: Enterprise, signed_in: Any) -> None:
    client = signed_in("data_officer", org="gxj-data")
    whole = ("张三丰", "13812341234", "李四")
    for where in (firm.get_absolute_url(), f"/enterprises/{firm.pk}/changes/", "/enterprises/", "/enterprises/?format=csv",
                  f"/api/v1/enterprises/{firm.pk}", "/search?q=云溪甲", f"/enterprises/{firm.pk}/personal/"):  # fmt: skip
        answer = client.get(where)
        text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        assert not [w for w in whole if w in text], where
    assert firm.name not in client.get("/search?q=13812341234").content.decode()
    assert "138****1234" in client.get(firm.get_absolute_url()).content.decode()
    before = Event.objects.count()
    assert client.post(f"/enterprises/{firm.pk}/personal/", {"reason": ""}).status_code == 422
    assert Event.objects.count() == before
    answer = client.post(f"/enterprises/{firm.pk}/personal/", {"reason": "走访前联系"})
    assert all(w in answer.content.decode() for w in whole)
    assert answer.headers["Cache-Control"] == "no-store"
    event = Event.objects.get(verb="sensitive_shown")
    assert (event.subject, event.data["reason"]) == (firm.ref, "走访前联系")
    # Seen once: the page hides them again.
    assert "13812341234" not in client.get(firm.get_absolute_url()).content.decode()


def test_auditors_read_who_looked_others_do_not(firm: Enterprise, signed_in: Any) -> None:
    signed_in("data_officer", org="gxj-data").post(
        f"/enterprises/{firm.pk}/personal/", {"reason": "走访前联系"}
    )
    auditor = signed_in("auditor", org="gxj")
    page = auditor.get("/accesses/").content.decode()
    assert "走访前联系" in page
    assert "走访前联系" not in auditor.get("/accesses/?verb=sensitive_exported").content.decode()
    assert "走访前联系" in b"".join(auditor.get("/accesses/?format=csv").streaming_content).decode()
    assert signed_in("data_officer", org="gxj-data").get("/accesses/").status_code == 404


def test_a_post_without_the_verb_cannot_ask(firm: Enterprise, signed_in: Any) -> None:
    assert (
        signed_in("statistician", org="tjj")
        .post(f"/enterprises/{firm.pk}/personal/", {"reason": "x"})
        .status_code
        == 404
    )
    assert not Event.objects.filter(verb="sensitive_shown").exists()


def test_an_enterprise_sees_its_own_people(firm: Enterprise, signed_in: Any) -> None:
    assert (
        "13812341234"
        in signed_in("enterprise", enterprise=firm).get(firm.get_absolute_url()).content.decode()
    )


def test_files_of_the_whole_register(firm: Enterprise, actor: Any) -> None:
    """Whole only for a post with the verb, and then recorded."""
    columns, rows = dataset.get("enterprises").export(actor("director", org="gxj"))
    assert next(rows)[columns.index("phone")] == "138****1234"
    assert not Event.objects.filter(verb="sensitive_exported").exists()
    columns, rows = dataset.get("enterprises").export(actor("data_officer", org="gxj-data"))
    assert next(rows)[columns.index("phone")] == "13812341234"
    assert Event.objects.get(verb="sensitive_exported").data["columns"] == [
        "contact",
        "legal_representative",
        "phone",
    ]


def test_who_is_gone_is_hidden_at_first_and_the_list_says_so(
    firm: Enterprise, tmp_path: Path, signed_in: Any
) -> None:
    take(tmp_path / "b.csv", f"{HEAD}{CODES[1]},云溪乙有限公司,东岸区,注销,2022-12-31,,,\n")
    gone = Enterprise.objects.get(uscc=CODES[1])
    assert (gone.status, gone.status_on) == ("deregistered", date(2022, 12, 31))
    client = signed_in("director", org="gxj")
    first = client.get("/enterprises/").content.decode()
    assert "云溪甲" in first
    assert "云溪乙" not in first
    assert "不含已注销" in first
    for where in ("/enterprises/?there=", "/enterprises/?there=no", "/enterprises/?status=deregistered"):
        assert "云溪乙" in client.get(where).content.decode(), where


def test_names_status_and_place_over_time(
    firm: Enterprise, tmp_path: Path, actor: Any, signed_in: Any
) -> None:
    east, west = actor("district_officer", area="449801"), actor("district_officer", area="449802")
    assert [known.changes(firm, a, masked()) != [] for a in (east, west)] == [True, False]
    take(tmp_path / "b.csv", f"{HEAD}{CODES[0]},云溪甲改名有限公司,西岭区,吊销,2023-02-01,王五,,\n")
    firm.refresh_from_db()
    assert firm.former_names == ["云溪甲有限公司"]
    # The new district sees all of it, the old one nothing any more.
    assert [known.changes(firm, a, masked()) != [] for a in (east, west)] == [False, True]
    rows = known.changes(firm, west, masked())
    told = {(r.field, r.before, r.after, str(r.on)) for r in rows if r.before}
    assert ("企业名称", "云溪甲有限公司", "云溪甲改名有限公司", "2023-04-10") in told
    assert ("经营状态", "在业", "吊销", "2023-02-01") in told or any(
        r.after and str(r.on) == "2023-02-01" for r in rows
    )
    assert any(r.after == "王*" for r in rows)
    page = (
        signed_in("district_officer", area="449802").get(f"/enterprises/{firm.pk}/changes/").content.decode()
    )
    assert "云溪甲改名有限公司" in page
    assert (
        signed_in("district_officer", area="449801").get(f"/enterprises/{firm.pk}/changes/").status_code
        == 404
    )


def test_completeness_counts_what_the_catalogue_expects(firm: Enterprise, tmp_path: Path, actor: Any) -> None:
    path = tmp_path / "f.csv"
    path.write_text(f"uscc,employees,revenue\n{CODES[0]},7,5\n", encoding="utf-8")
    command.import_file(path, "filings", SYSTEM, source="tax", period="2022")
    found = known.completeness(firm, actor("director", org="gxj"))
    assert found is not None
    assert (found.year, found.known) == (2022, 2)
    assert found.expected - found.known == len(found.missing)
