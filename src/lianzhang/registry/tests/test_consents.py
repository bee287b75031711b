"""What is delivered for use by consent is used while a consent covers it, and nowhere a moment longer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from lianzhang.engines.tables import make_uscc
from lianzhang.kernel import events, time
from lianzhang.kernel.imports import command, deliver
from lianzhang.kernel.imports.dataset import get as dataset
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import SYSTEM, Actor
from lianzhang.registry import consents
from lianzhang.registry.models import Consent, Enterprise, Filing, RuleTag, YearFacts
from lianzhang.registry.services import consenting, merging
from lianzhang.registry.services.consenting import Evidence, Terms
from lianzhang.registry.services.errors import Refused
from lianzhang.registry.statistics import sources

pytestmark = pytest.mark.django_db
CODES = [make_uscc("91", "449900", f"MC{i:06d}") for i in range(2)]
CANARY = 86420135790.0
TERMS = Terms("张三", "融资对接", date(2023, 1, 1))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def take(folder: Path, name: str, text: str, **more: Any) -> Any:
    path = folder / f"{len(text)}-{name}.csv"
    path.write_text(text, encoding="utf-8")
    report = command.import_file(path, name, SYSTEM, **more)
    assert report.rejected == 0, report.problems
    return report


@pytest.fixture
def firm(catalogue: Any, tmp_path: Path) -> Enterprise:
    """Revenue and profit of 2022 by consent of grid, employees by the market office."""
    take(tmp_path, "enterprises", f"uscc,name,district,employees\n{CODES[0]},云溪甲有限公司,东岸区,80\n{CODES[1]},云溪乙有限公司,西岭区,90\n",
         source="market", period="2022")  # fmt: skip
    take(
        tmp_path,
        "filings",
        f"uscc,revenue,profit\n{CODES[0]},{CANARY:.0f},1234567\n",
        source="grid",
        period="2022",
        use="consented",
    )
    return Enterprise.objects.get(uscc=CODES[0])


def shown(firm: Enterprise) -> dict[str, Any]:
    row = YearFacts.objects.get(enterprise=firm, year=2022)
    firm.refresh_from_db()
    return {"revenue": row.revenue, "profit": row.profit, "employees": row.employees, "listed": firm.revenue}


ALL = {"revenue": CANARY, "profit": 1234567.0, "employees": 80.0, "listed": CANARY}
NONE = {"revenue": None, "profit": None, "employees": 80.0, "listed": None}


@pytest.fixture
def agent(actor: Callable[..., Actor], firm: Enterprise) -> Actor:
    return actor("enterprise", username="agent", enterprise=firm)


def client_of(who: Actor) -> Client:
    client = Client()
    client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["django_language"] = "en"
    return client


def text_of(answer: Any) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def everywhere(firm: Enterprise, who: Actor) -> str:
    """Pages, files, API and search as a client reads them."""
    client = client_of(who)
    addresses = (
        firm.get_absolute_url(), f"/enterprises/{firm.pk}/source/2022/revenue/", f"/enterprises/{firm.pk}/changes/", "/enterprises/?there=",
        "/enterprises/?format=csv", f"/api/v1/enterprises/{firm.pk}", "/search?q=云溪", f"/compare/?id={firm.pk}&id={firm.pk + 1}",
        f"/compare/?id={firm.pk}&id={firm.pk + 1}&format=csv", "/statistics/?measure=revenue&year=2022", "/statistics/?measure=revenue&year=2022&format=csv",
        "/consents/", "/consents/?format=csv", "/plants/", "/",
    )  # fmt: skip
    return "\n".join(text_of(client.get(where)) for where in addresses)


MARKS = (
    "86420135790",
    "86,420,135,790",
    "864.2",
    "8,642,013",
    "8642013",
    "1234567",
    "1,234,567",
    "123.5",
    "123.46",
)


def test_without_a_consent_it_is_held_and_with_one_it_is_used(firm: Enterprise, agent: Actor) -> None:
    assert shown(firm) == NONE
    assert consents.held_of(firm, agent) == [("2022", "grid", ["profit", "revenue"])]
    part = consenting.grant(
        actor=agent, enterprise=firm, terms=Terms("张三", "融资", date(2023, 1, 1), fields=("revenue",))
    )
    assert shown(firm) == {**NONE, "revenue": CANARY, "listed": CANARY}
    whole = consenting.grant(actor=agent, enterprise=firm, terms=TERMS)
    assert shown(firm) == ALL
    consenting.withdraw(actor=agent, consent=part, reason="不再需要")
    assert shown(firm) == ALL
    consenting.withdraw(actor=agent, consent=whole, reason="不再需要")
    assert shown(firm) == NONE
    assert Filing.objects.get(use="consented").held == {"revenue": CANARY, "profit": 1234567.0}
    assert list(events.verify()) == []


@pytest.mark.parametrize(
    "role", ["director", "chain_office", "data_officer", "statistician", "district_officer", "enterprise"]
)
def test_after_the_withdrawal_nobody_finds_it_anywhere(
    role: str, firm: Enterprise, agent: Actor, actor: Callable[..., Actor], tmp_path: Path
) -> None:
    where: dict[str, Any] = {
        "district_officer": {"org": "gxj-449801", "area": "449801"},
        "enterprise": {"enterprise": firm},
    }
    who = actor(role, username="reader", **where.get(role, {"org": "gxj"}))
    consent = consenting.grant(actor=agent, enterprise=firm, terms=TERMS)
    before = everywhere(firm, who)
    assert [m for m in MARKS if m in before], "the marks would be seen"
    assert sources.rows("revenue", 2022, "administrative").rows
    consenting.withdraw(actor=agent, consent=consent, reason="撤回")
    after = everywhere(firm, who)
    assert [m for m in MARKS if m in after] == []
    assert sources.rows("revenue", 2022, "administrative").rows == []
    for account in (who, SYSTEM):
        header, rows = dataset("filings").export(account)
        assert str(CANARY) not in str([header, *rows])


def test_what_the_agent_of_another_enterprise_may(
    firm: Enterprise, agent: Actor, actor: Callable[..., Actor]
) -> None:
    consent = consenting.grant(actor=agent, enterprise=firm, terms=TERMS)
    other = actor("enterprise", username="other", enterprise=Enterprise.objects.get(uscc=CODES[1]))
    for write in (
        lambda: consenting.grant(actor=other, enterprise=firm, terms=TERMS),
        lambda: consenting.withdraw(actor=other, consent=consent, reason="x"),
    ):
        with pytest.raises(Refused):
            write()
    client = client_of(other)
    for where in (
        f"/consents/{consent.pk}/",
        f"/consents/{consent.pk}/paper/",
        f"/enterprises/{firm.pk}/consent/",
    ):
        assert client.get(where).status_code == 404
    assert "融资对接" not in client.get("/consents/").content.decode()
    assert "融资对接" in client_of(agent).get("/consents/").content.decode()
    far = actor("district_officer", username="far", org="gxj-449802", area="449802")
    assert not Consent.objects.visible_to(far).exists()


def test_terms_have_days(firm: Enterprise, agent: Actor) -> None:
    consenting.grant(
        actor=agent,
        enterprise=firm,
        terms=Terms("张三", "融资", date(2023, 4, 11), date(2023, 4, 20), fields=("revenue",)),
    )
    seen = []
    for day in ("2023-04-10", "2023-04-11", "2023-04-20", "2023-04-21"):
        time.set_clock(f"{day}T09:00:00+08:00", "frozen")
        consents.ends_and_begins()
        seen.append(shown(firm)["revenue"])
    assert seen == [None, CANARY, CANARY, None]


def test_the_source_may_state_it_until_it_is_withdrawn(
    firm: Enterprise, agent: Actor, tmp_path: Path
) -> None:
    """What an enterprise filed itself is used; a withdrawal ends that too."""
    take(tmp_path, "filings", f"uscc,revenue\n{CODES[0]},777\n", source="enterprise", period="2022")
    assert shown(firm)["revenue"] == 777
    consent = consenting.grant(
        actor=agent, enterprise=firm, terms=Terms("张三", "融资", date(2023, 1, 1), source="enterprise")
    )
    assert shown(firm)["revenue"] == 777
    consenting.withdraw(actor=agent, consent=consent, reason="撤回")
    assert shown(firm)["revenue"] is None


def test_a_delivery_repeated_is_unchanged_and_undone_leaves_nothing(
    firm: Enterprise, agent: Actor, tmp_path: Path
) -> None:
    text = f"uscc,revenue,profit\n{CODES[0]},{CANARY:.0f},1234567\n"
    again = take(tmp_path, "filings", text, source="grid", period="2022", use="consented")
    assert again.counts == {"created": 0, "updated": 0, "unchanged": 1}
    consenting.grant(actor=agent, enterprise=firm, terms=TERMS)
    later = take(
        tmp_path, "filings", f"uscc,revenue\n{CODES[0]},5\n", source="grid", period="2022", use="consented"
    )
    assert shown(firm)["revenue"] == 5
    for number in (later.import_id, again.import_id):
        deliver.undo(Import.objects.get(pk=number), SYSTEM)
    assert shown(firm) == ALL


def test_a_new_enterprise_by_consent_is_known_and_its_figures_wait(catalogue: Any, tmp_path: Path) -> None:
    take(
        tmp_path,
        "enterprises",
        f"uscc,name,district,revenue\n{CODES[0]},云溪甲有限公司,东岸区,99\n",
        source="grid",
        period="2022",
        use="consented",
    )
    firm = Enterprise.objects.get(uscc=CODES[0])
    assert (firm.name, firm.revenue, firm.registered) == ("云溪甲有限公司", None, True)
    assert not YearFacts.objects.exists()
    # Another source's word of that year is written as the first one.
    take(tmp_path, "filings", f"uscc,revenue\n{CODES[0]},12\n", source="tax", period="2022")
    assert YearFacts.objects.get().revenue == 12


def test_tags_follow(firm: Enterprise, agent: Actor) -> None:
    consent = consenting.grant(actor=agent, enterprise=firm, terms=TERMS)
    assert RuleTag.objects.filter(enterprise=firm, tag="large").exists()
    consenting.withdraw(actor=agent, consent=consent, reason="撤回")
    assert not RuleTag.objects.filter(enterprise=firm, tag="large").exists()


def test_a_consent_of_either_entry_is_of_the_firm(
    firm: Enterprise, agent: Actor, actor: Callable[..., Actor]
) -> None:
    office = actor("chain_office", org="gxj-chain")
    twin = Enterprise.objects.get(uscc=CODES[1])
    paper = Evidence("授权书.pdf", [b"%PDF-1.7 x"])
    consenting.grant(actor=office, enterprise=twin, terms=TERMS, evidence=paper)
    assert shown(firm) == NONE
    merge = merging.merge(actor=office, absorbed=twin, into=firm, reason="同一企业")
    assert shown(firm)["revenue"] == CANARY
    merging.unmerge(actor=office, merge=merge, reason="查证有误")
    assert shown(firm) == NONE


def test_an_office_keeps_the_paper(firm: Enterprise, actor: Callable[..., Actor]) -> None:
    office = actor("data_officer", org="gxj-data")
    with pytest.raises(Refused, match="paper"):
        consenting.grant(actor=office, enterprise=firm, terms=TERMS)
    for bad in (Evidence("x.exe", [b"MZ\x00"]), Evidence("", [b"%PDF-"]), Evidence("a.pdf", [])):
        with pytest.raises(Refused):
            consenting.grant(actor=office, enterprise=firm, terms=TERMS, evidence=bad)
    client = client_of(office)
    given = {
        "given_by": "张三",
        "position": "总经理",
        "source": "",
        "purpose": "融资",
        "since": "2023-01-01",
        "until": "",
    }
    assert client.post(f"/enterprises/{firm.pk}/consent/", given).status_code == 422
    paper = SimpleUploadedFile("授权书.pdf", b"%PDF-1.7 x")
    sent = client.post(f"/enterprises/{firm.pk}/consent/", {**given, "paper": paper})
    row = Consent.objects.get()
    assert sent.headers["Location"] == row.get_absolute_url()
    answer = client.get(f"/consents/{row.pk}/paper/")
    assert text_of(answer) == "%PDF-1.7 x"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "授权书.pdf" in client.get(row.get_absolute_url()).content.decode()
    assert client.post(f"/consents/{row.pk}/withdraw/", {"reason": ""}).status_code == 422
    assert client.post(f"/consents/{row.pk}/withdraw/", {"reason": "企业来函"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.withdrawn_reason) == ("withdrawn", "企业来函")
    assert client.post(f"/consents/{row.pk}/withdraw/", {"reason": "再次"}).status_code == 422


@pytest.mark.parametrize(
    "terms",
    [Terms("", "x", date(2023, 1, 1)), Terms("x", "", date(2023, 1, 1)), Terms("x", "x", date(2023, 1, 2), date(2023, 1, 1)),
     Terms("x", "x", date(2023, 1, 1), source="nowhere"), Terms("x", "x", date(2023, 1, 1), fields=("nothing",)), Terms("x" * 81, "x", date(2023, 1, 1))],
)  # fmt: skip
def test_terms_that_say_nothing_are_refused(terms: Terms, firm: Enterprise, agent: Actor) -> None:
    with pytest.raises(Refused):
        consenting.grant(actor=agent, enterprise=firm, terms=terms)
    assert not Consent.objects.exists()
