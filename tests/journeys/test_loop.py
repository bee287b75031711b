"""The first whole loop: what breaks → who goes there → who judges → what was saved, counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from lianzhang.casework.models import Matter
from lianzhang.city.services import actor_of_user
from lianzhang.domains.chains.models import Chain, Scenario, ScenarioLoss, ScenarioRun, Situation
from lianzhang.domains.chains.situations import report as reports
from lianzhang.kernel import events
from lianzhang.kernel.scope import Actor

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef0123456789abcdef"
SCENARIO_TITLE = "甲机密停产"


@dataclass
class Person:
    """Somebody at his desk: what he may do, and his browser."""

    actor: Actor
    client: Client

    def move(self, matter: Matter, move: str, **data: Any) -> Any:
        """Press the button of a move on the matter's page."""
        version = Matter.objects.get(pk=matter.pk).version
        return self.client.post(f"/matters/{matter.pk}/moves/{move}/", {"version": version, **data})


@dataclass
class Town:
    chain_office: Person
    director: Person
    liaison: Person
    other_liaison: Person
    desk: Person
    firms: list[Any]
    owners: list[Person]
    stranger: Person
    scenario: Scenario


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the program's clock."""
    return lambda text: monkeypatch.setenv("LIANZHANG_NOW", f"2023-04-{text}:00+08:00")


@pytest.fixture
def person(account: Callable[..., Any]) -> Callable[..., Person]:
    def make(role: str, **where: Any) -> Person:
        user, client = account(role, **where), Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return Person(actor_of_user(user), client)

    return make


@pytest.fixture
def town(person: Callable[..., Person], enterprise: Callable[..., Any], at: Callable[[str], None]) -> Town:
    """Two enterprises that a scenario hits (3.65 m and 1.825 m yuan a year), a third one that has nothing to do with it."""
    at("10T09:00")
    firms = [enterprise("东岸精密有限公司"), enterprise("西岭电机有限公司", district="449802")]
    other = enterprise("无关纸业有限公司")
    scenario = Scenario.objects.create(
        title=SCENARIO_TITLE, stops=[{"kind": "district", "id": "449802", "label": "西岭区"}], loss=0.5
    )
    run = ScenarioRun.objects.create(
        scenario=scenario, finished=True, engine_version="network 1.0", by_chain=[{"code": "smart_equipment"}]
    )
    for rank, (firm, yuan) in enumerate(zip(firms, (3_650_000.0, 1_825_000.0), strict=True), 1):
        ScenarioLoss.objects.create(
            run=run, enterprise=firm, rank=rank, shock=0, down=0.5, up=0, loss=0.5, revenue=yuan * 2, yuan=yuan,
            low=yuan * 0.5, high=yuan * 1.5, cause="essential",
        )  # fmt: skip
    return Town(
        chain_office=person("chain_office", org="gxj-chain"),
        director=person("director", org="gxj"),
        liaison=person("liaison", username="liaison-a"),
        other_liaison=person("liaison", username="liaison-b"),
        desk=person("desk_officer", org="gxj-equipment"),
        firms=firms,
        owners=[person("enterprise", username=f"owner{i}", enterprise=f) for i, f in enumerate(firms)],
        stranger=person("enterprise", username="stranger", enterprise=other),
        scenario=scenario,
    )


@pytest.fixture
def opened(town: Town) -> Situation:
    """The situation as the chain office opens it from the answer to the what-if question."""
    form = {
        "scenario": town.scenario.pk, "key": KEY, "title": "智能装备供应受阻", "chain": "smart_equipment", "cause": "input_shortage",
        "level": "general", "days": 10, "plan": "联络员到户", "firm": [f.pk for f in town.firms],
    }  # fmt: skip
    answer = town.chain_office.client.post("/situations/open/", form)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    again = town.chain_office.client.post("/situations/open/", form)
    assert again.headers["Location"] == answer.headers["Location"]
    return Situation.objects.get()


def child(situation: Situation, firm: Any) -> Matter:
    return Matter.objects.get(parent=situation.matter, enterprise=firm)


def totals(town: Town, situation: Situation, day: int) -> dict[str, Any]:
    return reports.build(
        town.chain_office.actor, Situation.objects.get(pk=situation.pk), date(2023, 4, day)
    ).totals


def test_the_form_tells_what_it_will_set_going(town: Town) -> None:
    page = town.chain_office.client.post("/situations/open/", {"scenario": town.scenario.pk}).content.decode()
    assert page.count('name="firm"') == 2
    assert "东岸精密有限公司" in page
    assert Situation.objects.count() == 0
    assert town.chain_office.client.get("/situations/open/?scenario=99999").status_code == 404
    assert town.liaison.client.get(f"/situations/open/?scenario={town.scenario.pk}").status_code == 404


def test_nothing_is_opened_when_nobody_is_chosen(town: Town) -> None:
    form = {
        "scenario": town.scenario.pk,
        "key": KEY,
        "title": "x",
        "chain": "smart_equipment",
        "cause": "other",
        "level": "major",
        "days": 10,
    }
    assert town.chain_office.client.post("/situations/open/", form).status_code == 422
    assert Matter.objects.count() == 0


def test_a_situation_has_a_matter_for_each_enterprise(town: Town, opened: Situation) -> None:
    first, second = (child(opened, f) for f in town.firms)
    assert Matter.objects.count() == 3
    # Balanced: the second enterprise goes to the liaison who has nothing yet.
    assert {first.owner_id, second.owner_id} == {town.liaison.actor.user_id, town.other_liaison.actor.user_id}
    # 3.65 m a year ÷ 365 × 10 days.
    assert first.fields["output_at_risk"] == 100_000
    assert opened.matter.fields["output_at_risk"] == 150_000
    assert first.fields["obstacle"] == "input"
    # Neither enterprise stands in a segment: the district's bureau stands behind.
    assert [c.organisation.code for c in first.co_handlers.all()] == ["gxj-449801"]
    assert SCENARIO_TITLE not in first.title + first.text
    assert list(events.verify()) == []


def test_the_whole_loop(
    town: Town, opened: Situation, at: Callable[[str], None], person: Callable[..., Person]
) -> None:
    first, second = (child(opened, f) for f in town.firms)
    by_id = {p.actor.user_id: p for p in (town.liaison, town.other_liaison)}
    front, other_front = by_id[first.owner_id], by_id[second.owner_id]
    behind = person("district_officer", org="gxj-449801", area="449801")
    lead = {"lead": "gxj-equipment", "plan": "联络员到户"}
    assert town.director.move(opened.matter, "respond", **lead).status_code == 302
    assert totals(town, opened, 10) == {
        "all": 2, "new": 2, "open": 2, "late": 0, "solved": 0, "solved_today": 0, "withdrawn": 0, "at_risk": 150_000.0,
        "confirmed": 0, "reported": 0,
    }  # fmt: skip

    at("10T10:00")
    assert front.move(first, "accept_task").status_code == 302
    version = Matter.objects.get(pk=first.pk).version
    opinion = {"version": version, "opinion": "已协调本地供应商"}
    assert behind.client.post(f"/matters/{first.pk}/opinions/give/", opinion).status_code == 302
    front.move(first, "report_recovered", note="恢复一条线", output_recovered="30000")
    assert totals(town, opened, 10)["reported"] == 30_000

    at("11T10:00")
    solved = {"reply": "已恢复供货", "output_recovered": "80000", "evidence": "送货单"}
    assert front.move(first, "resolve", **solved).status_code == 302
    assert totals(town, opened, 11)["reported"] == 80_000
    owner = town.owners[0]
    assert owner.move(first, "send_back", reason="只恢复了一半").status_code == 302
    assert totals(town, opened, 11)["confirmed"] == 0
    at("13T10:00")
    front.move(first, "resolve", **solved | {"output_recovered": "90000"})
    page = owner.client.get("/").content.decode()
    assert f"/situations/judge/{first.pk}/" in page
    version = Matter.objects.get(pk=first.pk).version
    judged = {"version": version, "satisfaction": "satisfied", "recovered": "85000", "evidence": "产量日报"}
    assert owner.client.post(f"/situations/judge/{first.pk}/", judged).status_code == 302
    assert Matter.objects.get(pk=first.pk).state == "closed"

    # The day's report: one solved with the enterprise's own figure, one open and late to be taken on.
    found = totals(town, opened, 13)
    assert (
        found["all"],
        found["new"],
        found["open"],
        found["late"],
        found["solved"],
        found["solved_today"],
    ) == (2, 0, 1, 1, 1, 1)
    assert (found["confirmed"], found["reported"]) == (85_000, 0)
    # Past days do not change: on the 11th it was sent back and open, what the liaison reported stood.
    past = totals(town, opened, 11)
    assert (past["open"], past["solved"], past["confirmed"], past["reported"]) == (2, 0, 0, 80_000)

    # It does not wind down while a matter is open; the page names it.
    def step(name: str, text: str) -> Any:
        seen = Matter.objects.get(pk=opened.matter_id).version
        who = town.director if name == "close" else town.chain_office
        return who.client.post(f"/situations/{opened.pk}/{name}/", {"version": seen, "text": text})

    refused = step("wind-down", "已全部办结")
    assert refused.status_code == 409
    assert second.number in refused.content.decode()
    assert step("report/file", "一户待办").status_code == 302
    town.chain_office.move(second, "withdraw", reason="企业未受影响")
    assert step("wind-down", "已全部办结").status_code == 302
    assert step("close", "备用供应商名单应提前更新").status_code == 302
    mother = Matter.objects.get(pk=opened.matter_id)
    assert (mother.state, mother.fields["output_recovered"]) == ("closed", 85_000)
    assert totals(town, opened, 13)["withdrawn"] == 1
    assert other_front.client.get(f"/matters/{second.pk}/").status_code == 200
    assert list(events.verify()) == []


def test_nobody_sees_what_is_not_his(town: Town, opened: Situation) -> None:
    first, second = (child(opened, f) for f in town.firms)
    day = f"/situations/{opened.pk}/report/2023-04-10/"
    pages = [f"/situations/{opened.pk}/{part}" for part in ("", "enterprises/", "history/", "report/")]
    for who in (*town.owners, town.stranger, town.liaison):
        for where in (
            "/situations/",
            *pages,
            day,
            f"{day}?format=docx",
            f"{day}?format=pdf",
            f"/matters/{opened.matter_id}/",
        ):
            assert who.client.get(where).status_code == 404, (who.actor.role, where)
    for matter in (first, second):
        assert town.stranger.client.get(f"/matters/{matter.pk}/").status_code == 404
        assert town.stranger.client.get(f"/situations/judge/{matter.pk}/").status_code == 404
        sees = [
            p
            for p in (town.liaison, town.other_liaison)
            if p.client.get(f"/matters/{matter.pk}/").status_code == 200
        ]
        assert [p.actor.user_id for p in sees] == [matter.owner_id]
    assert "西岭电机有限公司" not in town.owners[0].client.get("/").content.decode()
    for where in ("/situations/", *pages, day):
        assert town.director.client.get(where).status_code == 200, where


def test_the_chain_of_the_situation_shows_it(town: Town, opened: Situation) -> None:
    page = town.chain_office.client.get(f"/chains/{Chain.objects.get().code}/matters/").content.decode()
    assert "智能装备供应受阻" in page
