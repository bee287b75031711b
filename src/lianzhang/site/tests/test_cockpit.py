"""The first page of each role: what it needs, each number with its rows; nobody else's."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lianzhang.casework import services as casework
from lianzhang.city.services import roles
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(enterprise: Any, account: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A disruption that a liaison should have taken on a week ago."""
    liaison, firm = account("liaison", username="li"), enterprise("东岸精密有限公司")
    monkeypatch.setenv("LIANZHANG_NOW", "2023-04-10T09:00:00+08:00")
    matter = casework.open_matter(
        actor=SYSTEM,
        kind="disruption",
        title="供应受阻",
        fields={"obstacle": "input"},
        enterprise=firm,
        owner=liaison,
    )
    monkeypatch.setenv("LIANZHANG_NOW", "2023-04-10T09:30:00+08:00")
    from lianzhang.city.services import actor_of_user

    chain_office = actor_of_user(account("chain_office", username="co", org="gxj-chain"))
    data = {"lead": f"user:{liaison.pk}"}
    casework.make_move(actor=chain_office, matter_id=matter.pk, move="assign", version=1, data=data)
    monkeypatch.setenv("LIANZHANG_NOW", "2023-04-17T09:00:00+08:00")
    return matter


def _page(client: Any) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def _client(user: Any) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_every_role_has_a_first_page_whose_links_open(catalogue: Any, late: Any, account: Any) -> None:
    for role in roles():
        where = (
            {"enterprise": late.enterprise}
            if role == "enterprise"
            else {"area": "449801"}
            if roles()[role]["scope"] == "area"
            else {}
        )
        client = _client(account(role, username=f"x-{role}", **where))
        main = _page(client).partition("<main")[2].partition("</main")[0]
        for url in set(re.findall(r'href="(/[^"#]*)"', main)):
            assert client.get(url.replace("&amp;", "&")).status_code in (200, 302), (role, url)


def test_those_who_answer_for_all_see_what_is_late(late: Any, signed_in: Any) -> None:
    page = _page(signed_in("director", org="gxj"))
    assert 'id="late"' in page
    assert f"/matters/{late.pk}/" in page
    assert 'id="late"' not in _page(signed_in("desk_officer", org="gxj-equipment"))


def test_a_liaison_sees_his_enterprises_and_no_others(late: Any, signed_in: Any) -> None:
    mine = _page(_client(late.owner))
    assert "东岸精密有限公司" in mine
    other = _page(signed_in("liaison"))
    assert 'id="firms"' in other
    assert "东岸精密有限公司" not in other


def test_a_district_counts_what_is_its_own(late: Any, signed_in: Any) -> None:
    def numbers(area: str) -> list[str]:
        page = _page(signed_in("district_officer", org=f"gxj-{area}", area=area))
        block = page.partition('id="district"')[2].partition("</section>")[0]
        return re.findall(r'lz-stat-value">\D*?(\d+)', block)

    assert numbers("449801") == ["1", "1", "1"]
    assert numbers("449802") == ["0", "0", "0"]


def test_the_data_officer_sees_deliveries_to_mend(catalogue: Any, signed_in: Any) -> None:
    common = {"dataset": "filings", "sha256": "0" * 64, "state": Import.State.APPLIED}
    Import.objects.create(file_name="坏的.xlsx", rejected=3, **common)
    Import.objects.create(file_name="好的.xlsx", **common)
    page = _page(signed_in("data_officer", org="gxj-data"))
    assert "坏的.xlsx" in page
    assert "好的.xlsx" not in page


def test_an_enterprise_sees_its_page_and_who_has_its_matter(late: Any, signed_in: Any) -> None:
    page = _page(signed_in("enterprise", enterprise=late.enterprise))
    assert late.enterprise.get_absolute_url() in page
    assert 'id="disruptions"' in page
    assert f"/situations/judge/{late.pk}/" not in page
