"""Placements corrected by hand: from the page to the event and back; what deliveries may not change; who may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lianzhang.domains.chains import corrections, placement
from lianzhang.domains.chains.models import Placement, PlacementCorrection, Segment
from lianzhang.domains.chains.services import Refused
from lianzhang.kernel import events
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm(enterprise: Callable[..., Any]) -> Any:
    """An enterprise that its industry places among the robots."""
    found = enterprise("甲", industry="3491")
    placement.refresh()
    return found


@pytest.fixture
def segment(catalogue: Any) -> Callable[[str], Segment]:
    return lambda code: Segment.objects.get(code=code)


def where(firm: Any) -> dict[str, str]:
    placed = Placement.objects.filter(enterprise=firm).select_related("segment")
    return {p.segment.code: p.how for p in placed}


def send(client: Any, firm: Any, segment: Segment, decision: str, **more: Any) -> Any:
    given = {"segment": segment.pk, "decision": decision, "reason": "走访所见", **more}
    return client.post(f"/placement/{firm.pk}/", given)


def test_a_move_by_hand_holds_against_deliveries_and_is_undone(
    firm: Any, segment: Callable[[str], Segment], signed_in: Callable[..., Any]
) -> None:
    client = signed_in("chain_office")
    robots, drives = segment("robots"), segment("drives")
    assert send(client, firm, robots, "move", to=drives.pk).status_code == 302
    assert where(firm) == {"drives": "person"}
    placement.refresh()
    assert where(firm) == {"drives": "person"}, "a delivery places it by its codes, not against a decision"
    page = client.get(f"/placement/{firm.pk}/")
    change = page.context["decisions"][0].change
    assert f"/placement/{firm.pk}/undo/{change}/" in page.content.decode()
    assert client.post(f"/placement/{firm.pk}/undo/{change}/").status_code == 302
    assert where(firm) == {"robots": "industry"}
    told = [(e.verb, e.data.get("reason")) for e in events.history(firm.ref)]
    assert told == [("placement_moved", "走访所见"), ("placement_undone", None)]
    assert not list(events.verify())


def test_undoing_the_last_word_brings_back_the_one_before(
    firm: Any, segment: Callable[[str], Segment], actor: Callable[..., Any]
) -> None:
    office, robots = actor("data_officer"), segment("robots")
    corrections.confirm(actor=office, enterprise=firm, segment=robots, reason="查实")
    change = corrections.remove(actor=office, enterprise=firm, segment=robots, reason="停产")
    assert where(firm) == {}
    corrections.undo(actor=office, enterprise=firm, change=change)
    assert where(firm) == {"robots": "person"}
    with pytest.raises(Refused):
        corrections.undo(actor=office, enterprise=firm, change=change)
    assert PlacementCorrection.objects.count() == 2, "nothing that was said is lost"


@pytest.mark.parametrize(
    "more",
    [{"reason": " "}, {"decision": "move"}, {"decision": "nonsense"}, {"segment": "99999999"}, {"segment": "x"},
     {"reason": "x" * 501}],
)  # fmt: skip
def test_a_faulty_correction_is_told_and_changes_nothing(
    firm: Any, segment: Callable[[str], Segment], signed_in: Callable[..., Any], more: dict[str, str]
) -> None:
    given = {"segment": segment("robots").pk, "decision": "remove", "reason": "走访所见"}
    answer = signed_in("chain_office").post(f"/placement/{firm.pk}/", given | more)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert where(firm) == {"robots": "industry"}


def test_moving_to_where_it_stands_is_refused(
    firm: Any, segment: Callable[[str], Segment], signed_in: Callable[..., Any]
) -> None:
    robots = segment("robots")
    assert send(signed_in("chain_office"), firm, robots, "move", to=robots.pk).status_code == 422
    assert not PlacementCorrection.objects.exists()


@pytest.mark.parametrize("role", ["director", "liaison", "district_officer", "enterprise", "bank", "auditor"])
def test_for_other_posts_there_is_no_such_page(
    firm: Any,
    segment: Callable[[str], Segment],
    signed_in: Callable[..., Any],
    actor: Callable[..., Any],
    role: str,
) -> None:
    seat = (
        {"area": "449801"}
        if role == "district_officer"
        else {"enterprise": firm}
        if role == "enterprise"
        else {}
    )
    client = signed_in(role, **seat)
    assert client.get(f"/placement/{firm.pk}/").status_code == 404
    assert send(client, firm, segment("robots"), "remove").status_code == 404
    page = client.get(f"/enterprises/{firm.pk}/").content.decode()
    assert "/placement/" not in page
    with pytest.raises(Refused):
        corrections.remove(actor=actor(role, **seat), enterprise=firm, segment=segment("robots"), reason="x")
    assert where(firm) == {"robots": "industry"}


def test_an_enterprise_off_the_register_or_missing_is_no_page(
    firm: Any, signed_in: Callable[..., Any]
) -> None:
    client = signed_in("desk_officer", org="gxj-equipment")
    assert client.get(f"/placement/{firm.pk}/").status_code == 200
    type(firm).objects.filter(pk=firm.pk).update(registered=False)
    assert client.get(f"/placement/{firm.pk}/").status_code == 404
    assert client.get("/placement/99999999/").status_code == 404


def test_the_timeline_names_the_decision_and_the_program_in_words(
    firm: Any, segment: Callable[[str], Segment], signed_in: Callable[..., Any]
) -> None:
    corrections.confirm(actor=SYSTEM, enterprise=firm, segment=segment("robots"), reason="查实")
    page = signed_in("director").get(f"/enterprises/{firm.pk}/").content.decode()
    line = page[page.index('id="history"') :]
    assert "人工确认所处环节" in line
    assert "查实" in line
    assert "placement_confirmed" not in line
    assert "system" not in line.split("</main>")[0]
