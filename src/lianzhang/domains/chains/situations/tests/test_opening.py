"""Who is charged with what when a situation is opened, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from lianzhang.casework.models import Matter
from lianzhang.casework.services import Invalid, NotPossible
from lianzhang.city.models import Organisation
from lianzhang.domains.chains.models import Chain, Placement, Scenario, Segment, Situation
from lianzhang.domains.chains.situations import selectors, services
from lianzhang.domains.chains.situations.assign import Liaisons, rear_offices
from lianzhang.domains.chains.situations.obstacles import proposed
from lianzhang.kernel.models import Event

pytestmark = pytest.mark.django_db


def test_liaisons_are_balanced(actor: Any, firms: list[Any], situation: Any) -> None:
    first, second = actor("liaison"), actor("liaison")
    situation()
    owners = list(Matter.objects.filter(kind="disruption").order_by("pk").values_list("owner_id", flat=True))
    assert owners == [first.user_id, second.user_id, first.user_id]
    # The next one goes to whoever has fewer open matters.
    assert Liaisons().choose(firms[0]).user == second.user


def test_a_liaison_of_the_district_comes_before_a_free_one(actor: Any, firms: list[Any]) -> None:
    actor("liaison", area="449802")
    here = actor("liaison", area="449801")
    chosen = Liaisons()
    assert [chosen.choose(firms[0]).user, chosen.choose(firms[1]).user] == [here.user, here.user]
    assert chosen.choose(firms[2]).user != here.user


def test_without_liaisons_the_district_leads_and_asks_nobody_behind(situation: Any) -> None:
    situation()
    first = Matter.objects.filter(kind="disruption").order_by("pk").first()
    # The largest loss is in the second district.
    assert first.lead_org.code == "gxj-449802"
    assert first.state == "assigned"
    assert first.co_handlers.count() == 0


def test_the_rear_is_the_lead_office_of_the_enterprises_chain(firms: list[Any], office: Any) -> None:
    chain = Chain.objects.get(code="smart_equipment")
    other = Chain.objects.create(
        code="other", zh="别的链", order=0, lead=Organisation.objects.get(code="gxj-data")
    )
    elsewhere = Segment.objects.create(chain=other, code="x", zh="段", position="up")
    Placement.objects.create(enterprise=firms[0], segment=elsewhere, how="person")
    for firm in firms[:2]:
        Placement.objects.create(enterprise=firm, segment=chain.segments.first(), how="person")
    found = {firm.pk: rear_offices(firms, chain)[firm.pk].code for firm in firms}
    assert list(found.values()) == ["gxj-equipment", "gxj-equipment", "gxj-449802"]
    assert rear_offices(firms, other)[firms[0].pk].code == "gxj-data"


def test_numbers_by_hand(situation: Any, actor: Any) -> None:
    row = situation(firms=2, days=10)
    found = selectors.totals(row)
    # The two largest: (3,000 + 2,000) a day × 10 days; the ends are half and double.
    assert (found.firms, found.open, found.at_risk, found.low, found.high) == (2, 2, 50_000, 25_000, 100_000)
    listed = selectors.situations(actor("director")).get()
    assert (listed.n_firms, listed.n_open, listed.n_late, listed.at_risk, listed.confirmed) == (
        2,
        2,
        0,
        50_000,
        None,
    )


def test_the_same_request_twice_opens_one(situation: Any) -> None:
    assert situation() == situation()
    assert Situation.objects.count() == 1
    assert Matter.objects.count() == 4
    assert Event.objects.filter(subject__startswith="situation:").count() == 1


def test_all_or_nothing(situation: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from lianzhang.domains.chains.situations.services import opening

    whole, calls = opening.open_child, []

    def broken(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 3:
            raise RuntimeError("the power failed")
        return whole(*args)

    monkeypatch.setattr(opening, "open_child", broken)
    with pytest.raises(RuntimeError):
        situation()
    assert (Matter.objects.count(), Situation.objects.count()) == (0, 0)


def test_a_director_starts_the_response_at_once(actor: Any, scenario: Scenario, about: Any) -> None:
    director = actor("director", org="gxj")
    row = services.open_situation(actor=director, scenario=scenario, about=about(), firms=1, key="d")
    assert row.matter.state == "responding"
    assert Matter.objects.get(parent=row.matter).state == "assigned"


def test_what_is_refused(actor: Any, office: Any, scenario: Scenario, about: Any, situation: Any) -> None:
    with pytest.raises(NotPossible):
        services.open_situation(
            actor=actor("desk_officer"), scenario=scenario, about=about(), firms=1, key="x"
        )
    for wrong, field in (
        ({"days": 0}, "days"),
        ({"firms": []}, "firms"),
        ({"title": " "}, "title"),
        ({"cause": "?"}, "cause"),
    ):
        with pytest.raises(Invalid) as refused:
            situation(**wrong)
        assert field in refused.value.problems
    scenario.runs.update(finished=False)
    with pytest.raises(Invalid):
        situation()
    assert Matter.objects.count() == 0


def test_an_enterprise_joins_later(office: Any, enterprise: Any, situation: Any, firms: list[Any]) -> None:
    row = situation(firms=2)
    late = enterprise("后来者有限公司")
    added = services.add_firm(actor=office, situation_id=row.pk, uscc=f" {late.uscc.lower()} ")
    assert (added.per_day, added.matter.fields.get("output_at_risk"), added.matter.state) == (
        None,
        None,
        "assigned",
    )
    assert selectors.totals(row).unknown == 1
    known = services.add_firm(actor=office, situation_id=row.pk, uscc=firms[0].uscc)
    assert known.per_day == 1000
    for wrong in (late.uscc, "91440000000000000X", ""):
        with pytest.raises(Invalid):
            services.add_firm(actor=office, situation_id=row.pk, uscc=wrong)


def test_what_the_enterprise_reads_names_nobody_else(situation: Any, firms: list[Any]) -> None:
    situation()
    for matter in Matter.objects.filter(kind="disruption"):
        others = [f.name for f in firms if f.pk != matter.enterprise_id]
        assert not any(name in matter.title + matter.text for name in others)


@pytest.mark.parametrize(
    ("reason", "cause", "obstacle"),
    [("essential", "energy", "input"), ("orders", "energy", "sales"), ("shock", "energy", "energy"), ("shock", "disaster", "other"), ("", "trade", "sales")],
)  # fmt: skip
def test_obstacles_are_proposed(reason: str, cause: str, obstacle: str) -> None:
    assert proposed(reason, cause) == obstacle
