"""What people send from the pages: wrong, late, twice, by the wrong hands."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from lianzhang.casework.models import Matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def replied(situation: Any, actor: Any, at: Any, move: Any) -> Matter:
    """A matter that its liaison has reported as solved, with 20,000 yuan recovered."""
    liaison = actor("liaison")
    situation(firms=1)
    at("20T10:00")
    matter = Matter.objects.get(kind="disruption")
    move(liaison, matter, "accept_task")
    return move(liaison, matter, "resolve", reply="好了", output_recovered=20_000, evidence="单据")


@pytest.fixture
def owner(replied: Matter, signed_in: Any) -> Client:
    return signed_in("enterprise", enterprise=replied.enterprise)


def _send(client: Client, matter: Matter, **data: Any) -> Any:
    given = {"version": matter.version, "satisfaction": "satisfied", "recovered": "20000", "evidence": ""}
    return client.post(f"/situations/judge/{matter.pk}/", given | data)


def test_the_form_shows_the_reported_figure_and_accepting_confirms_it(owner: Client, replied: Matter) -> None:
    page = owner.get(f"/situations/judge/{replied.pk}/").content.decode()
    assert 'name="recovered" value="2"' in page
    assert '<option value="10000" selected>' in page, "20,000 yuan, said in units of 10,000"
    assert _send(owner, replied).status_code == 302
    closed = Matter.objects.get(pk=replied.pk)
    assert (closed.state, closed.fields["output_recovered"], closed.version) == (
        "closed",
        20_000,
        replied.version + 1,
    )
    assert _send(owner, replied).status_code == 412


def test_another_figure_needs_its_evidence(owner: Client, replied: Matter) -> None:
    refused = _send(owner, replied, recovered="15000")
    assert refused.status_code == 422
    assert "evidence" in refused.context["form"].errors
    assert Matter.objects.get(pk=replied.pk).state == "replied"
    assert _send(owner, replied, recovered="15000", evidence="产量日报").status_code == 302
    assert Matter.objects.get(pk=replied.pk).fields["output_recovered"] == 15_000


def test_an_amount_is_typed_in_its_unit_and_kept_in_yuan(owner: Client, replied: Matter) -> None:
    assert _send(owner, replied, recovered="2", recovered_unit="10000").status_code == 302, "the same figure"
    assert Matter.objects.get(pk=replied.pk).version == replied.version + 1, "nothing was corrected"


def test_a_slip_of_the_unit_is_asked_back(owner: Client, replied: Matter) -> None:
    Matter.objects.filter(pk=replied.pk).update(fields=replied.fields | {"output_at_risk": 50_000})
    refused = _send(owner, replied, recovered="20,000", recovered_unit="10000", evidence="x")
    assert refused.status_code == 422
    assert "100" in refused.context["form"].errors["recovered"][0]
    assert 'value="20,000"' in refused.content.decode(), "what was typed stands there still"


@pytest.mark.parametrize("wrong", ["约一万", "-5", "NaN", "1e400"])
def test_what_is_no_amount_is_told_beside_its_field(wrong: str, owner: Client, replied: Matter) -> None:
    refused = _send(owner, replied, recovered=wrong, evidence="x")
    assert refused.status_code == 422
    assert "recovered" in refused.context["form"].errors
    assert Matter.objects.get(pk=replied.pk).version == replied.version


def test_who_read_an_older_version_is_told_and_can_send_again(owner: Client, replied: Matter) -> None:
    stale = _send(owner, replied, version=replied.version - 1)
    assert stale.status_code == 412
    assert stale.context["form"]["version"].value() == str(replied.version)


def test_offices_do_not_judge(replied: Matter, signed_in: Any) -> None:
    for role, org in (("director", "gxj"), ("chain_office", "gxj-chain")):
        assert _send(signed_in(role, org=org), replied).status_code == 404


def test_an_enterprise_is_added_from_the_page(situation: Any, signed_in: Any, enterprise: Any) -> None:
    row, client = situation(firms=1), signed_in("chain_office", org="gxj-chain")
    late = enterprise("后来者有限公司")
    where = f"/situations/{row.pk}/enterprises/add/"
    assert client.post(where, {"uscc": "不是代码"}).status_code == 422
    assert client.post(where, {"uscc": late.uscc}).status_code == 302
    assert client.post(where, {"uscc": late.uscc}).status_code == 422
    assert row.firms.count() == 2
    assert signed_in("desk_officer", org="gxj-equipment").post(where, {"uscc": late.uscc}).status_code == 404
    assert client.get(where).status_code == 405
