"""Writes: the whole way of a matter, and each refusal."""

from __future__ import annotations

from typing import Any

import pytest

from lianzhang.casework import services
from lianzhang.casework.models import Matter
from lianzhang.casework.services import Invalid, Missing, NotPossible, Stale
from lianzhang.kernel import events

pytestmark = pytest.mark.django_db


def test_a_dispute_goes_its_whole_way(town: Any, dispute: Any, move: Any) -> None:
    matter = dispute()
    assert (matter.number, matter.state, matter.waits_for) == ("YY2023000001", "raised", "dispatcher")
    # Monday 10 April 9:00, five working days: 11, 13, 14, 17, 18 (the 12th is a holiday of the town).
    assert matter.due_at.isoformat() == "2023-04-18T17:30:00+08:00"
    assert matter.fields["firm"] == town.firm.uscc
    move(town.chain_office, matter, "dispatch", lead="gxj-449801")
    move(town.district, matter, "take")
    move(town.district, matter, "reply", outcome="corrected", finding="已更正", basis="税务申报表")
    done = move(town.asker, matter, "accept", satisfaction="satisfied")
    assert done.state == "closed"
    assert done.closed_at is not None
    assert done.due_at is None
    assert done.version == 5
    assert list(events.verify()) == []


def test_the_new_lead_is_the_one_who_was_named(town: Any, disruption: Any, move: Any) -> None:
    matter = disruption()
    moved = move(town.chain_office, matter, "assign", lead=f"user:{town.liaison.user_id}")
    assert moved.owner_id == town.liaison.user_id
    assert moved.lead_org_id is None
    assert Matter.objects.visible_to(town.liaison).filter(pk=matter.pk).exists()
    handed = move(town.liaison, moved, "hand_over", lead="gxj-449801", reason="属地办理")
    assert handed.owner_id is None
    assert handed.lead_org.code == "gxj-449801"
    assert not Matter.objects.visible_to(town.liaison).filter(pk=matter.pk).exists()


def test_who_does_not_see_it_finds_nothing(town: Any, dispute: Any) -> None:
    matter = dispute()
    for who in (town.other_asker, town.other_district, town.desk):
        with pytest.raises(Missing):
            services.make_move(actor=who, matter_id=matter.pk, move="dispatch", version=1, data={})


def test_a_role_that_may_not_is_told_who_may(town: Any, dispute: Any, move: Any) -> None:
    matter = dispute()
    with pytest.raises(NotPossible) as refused:
        move(town.asker, matter, "dispatch", lead="gxj-449801")
    assert refused.value.code == "role"


def test_a_move_of_another_state_is_refused(town: Any, dispute: Any, move: Any) -> None:
    matter = dispute()
    move(town.chain_office, matter, "dispatch", lead="gxj-449801")
    with pytest.raises(NotPossible) as refused:
        move(town.district, matter, "reply", outcome="corrected", finding="x", basis="y")
    assert refused.value.code == "state"
    with pytest.raises(NotPossible) as refused:
        move(town.district, matter, "no_such_move")
    assert refused.value.code == "unknown_move"


def test_what_is_needed_must_be_given(town: Any, dispute: Any, move: Any) -> None:
    matter = dispute()
    with pytest.raises(Invalid) as wrong:
        move(town.chain_office, matter, "dispatch")
    assert set(wrong.value.problems) == {"lead"}
    with pytest.raises(Invalid) as wrong:
        move(town.chain_office, matter, "dispatch", lead="no-such-office", state="closed")
    assert set(wrong.value.problems) == {"lead", "state"}
    assert Matter.objects.get(pk=matter.pk).version == 1


def test_a_stale_version_tells_what_happened_since(town: Any, dispute: Any, move: Any) -> None:
    matter = dispute()
    move(town.chain_office, matter, "dispatch", lead="gxj-449801")
    with pytest.raises(Stale) as stale:
        services.make_move(
            actor=town.chain_office,
            matter_id=matter.pk,
            move="dispatch",
            version=1,
            data={"lead": "gxj-449802"},
        )
    assert stale.value.version == 2
    assert [seen.verb for seen in stale.value.since] == ["dispatch"]
    assert Matter.objects.get(pk=matter.pk).lead_org.code == "gxj-449801"


def test_the_lead_may_not_judge_and_a_limit_of_times_holds(town: Any, dispute: Any, move: Any) -> None:
    matter = dispute()
    move(town.chain_office, matter, "dispatch", lead="gxj-449801")
    move(town.district, matter, "take")
    for _round in range(2):
        move(town.district, matter, "reply", outcome="corrected", finding="a", basis="b")
        if _round == 0:
            move(town.asker, matter, "send_back", reason="数据仍不对")
    with pytest.raises(NotPossible) as refused:
        move(town.asker, matter, "send_back", reason="还是不对")
    assert refused.value.code == "max"


def test_a_guard_waits_for_the_asked_office(town: Any, disruption: Any, move: Any) -> None:
    matter = disruption()
    move(town.chain_office, matter, "assign", lead="gxj-449801")
    move(town.district, matter, "accept_task")
    version = Matter.objects.get(pk=matter.pk).version
    services.ask_opinion(
        actor=town.district, matter_id=matter.pk, version=version, orgs=["gxj-equipment"], question="可否协调"
    )
    given = {"reply": "已放行", "output_recovered": "1200000", "evidence": "放行单"}
    with pytest.raises(NotPossible) as refused:
        move(town.district, matter, "resolve", **given)
    assert refused.value.code == "guard"
    version = Matter.objects.get(pk=matter.pk).version
    services.give_opinion(actor=town.desk, matter_id=matter.pk, version=version, opinion="已发协调函")
    done = move(town.district, matter, "resolve", **given)
    assert done.state == "replied"
    assert done.fields["output_recovered"] == 1_200_000
    with pytest.raises(NotPossible):
        services.give_opinion(actor=town.desk, matter_id=matter.pk, version=done.version, opinion="再来一次")


def test_an_asked_office_is_no_approver_of_the_matter(town: Any, disruption: Any) -> None:
    from lianzhang.casework.people import roles
    from lianzhang.city.models import Organisation

    matter = disruption(co_orgs=[Organisation.objects.get(code="gxj-equipment")])
    assert roles(town.desk, matter) == {"co"}
    assert roles(town.chain_office, matter) >= {"dispatcher", "chain_office"}
    assert roles(town.asker, matter) == {"asker"}
    assert roles(town.other_asker, matter) == frozenset()


def test_the_asker_cannot_name_a_lead_along_the_way(town: Any, disruption: Any, move: Any) -> None:
    matter = disruption()
    with pytest.raises(Invalid) as wrong:
        move(town.asker, matter, "withdraw", reason="已自行解决", lead="gxj-449802")
    assert set(wrong.value.problems) == {"lead"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"obstacle": "weather"}, "obstacle"),
        ({"output_at_risk": "约五百"}, "output_at_risk"),
        ({"output_at_risk": float("nan")}, "output_at_risk"),
        ({"output_at_risk": -1}, "output_at_risk"),
        ({"colour": "red"}, "colour"),
        ({"obstacle": ""}, "obstacle"),
    ],
)
def test_opening_values_are_checked(disruption: Any, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        disruption(fields=change)
    assert set(wrong.value.problems) == {field}
    assert Matter.objects.count() == 0


def test_an_enterprise_opens_only_its_own_disputes(town: Any, dispute: Any) -> None:
    with pytest.raises(Missing):
        dispute(actor=town.other_asker)
    with pytest.raises(NotPossible):
        services.open_matter(
            actor=town.asker, kind="disruption", title="x", fields={"obstacle": "cash"}, enterprise=town.firm
        )


def test_bulk_moves_answer_for_each_matter(town: Any, dispute: Any, move: Any) -> None:
    first, second, third = dispute(), dispute(), dispute()
    move(town.chain_office, second, "dispatch", lead="gxj-449802")
    move(town.chain_office, third, "dispatch", lead="gxj-449801")
    move(town.district, third, "take")
    outcomes = services.bulk_move(
        actor=town.chain_office, items=[(first.pk, 1), (second.pk, 1), (third.pk, 3), (999_999, 1)], move="dispatch",
        data={"lead": "gxj-449801"},
    )  # fmt: skip
    assert [o.status for o in outcomes] == ["ok", "conflict", "forbidden", "missing"]
    assert Matter.objects.get(pk=first.pk).state == "dispatched"
    only = services.bulk_move(actor=town.district, items=[(first.pk, 2)], move="take")
    assert only[0].status == "forbidden"


def test_children_keep_the_mother_open(town: Any, disruption: Any, move: Any) -> None:
    situation = services.open_matter(
        actor=town.director, kind="situation", title="物流中断",
        fields={"chain": "auto", "cause": "logistics", "level": "general"},
    )  # fmt: skip
    child = disruption(parent=situation)
    move(town.director, situation, "respond", lead="gxj-chain", plan="每日调度")
    with pytest.raises(NotPossible) as refused:
        move(town.chain_office, situation, "wind_down", summary="完")
    assert refused.value.code == "guard"
    move(town.chain_office, child, "withdraw", reason="误报")
    assert move(town.chain_office, situation, "wind_down", summary="完").state == "closing"


def test_more_time_is_granted_once_and_not_beyond(town: Any, dispute: Any) -> None:
    matter = dispute()
    args = {"actor": town.chain_office, "matter_id": matter.pk, "clock": "main", "reason": "需外部核实"}
    with pytest.raises(NotPossible):
        services.extend(version=1, to={"20": "working_day"}, **args)
    longer = services.extend(version=1, to={"8": "working_day"}, **args)
    assert longer.due_at.isoformat() == "2023-04-21T17:30:00+08:00"
    with pytest.raises(NotPossible):
        services.extend(version=2, to={"10": "working_day"}, **args)
    with pytest.raises(NotPossible):
        services.extend(**{**args, "actor": town.asker}, version=2, to={"10": "working_day"})


def test_handing_over_is_for_those_in_charge(town: Any, dispute: Any, move: Any) -> None:
    matter = dispute()
    with pytest.raises(NotPossible):
        services.hand_over(actor=town.asker, matter_id=matter.pk, version=1, to="gxj-449802", reason="x")
    with pytest.raises(Invalid):
        services.hand_over(
            actor=town.chain_office, matter_id=matter.pk, version=1, to="user:424242", reason="x"
        )
    with pytest.raises(Invalid):
        services.hand_over(
            actor=town.chain_office, matter_id=matter.pk, version=1, to="gxj-449802", reason=" "
        )
    moved = services.hand_over(
        actor=town.chain_office, matter_id=matter.pk, version=1, to="gxj-449802", reason="属地"
    )
    assert moved.lead_org.code == "gxj-449802"
    assert Matter.objects.visible_to(town.other_district).filter(pk=matter.pk).exists()


def test_a_kind_without_a_process_is_said(town: Any) -> None:
    with pytest.raises(services.UnknownKind):
        services.open_matter(actor=town.chain_office, kind="no_such_kind", title="x")
