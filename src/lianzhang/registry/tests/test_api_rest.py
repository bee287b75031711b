"""The API of the rest of the registry: what it says, and that nobody reads a neighbour's through it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from lianzhang.kernel import views_saved
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import (
    Consent,
    DuplicatePair,
    Enterprise,
    Establishment,
    Filing,
    GroupTie,
    ManualTag,
    Title,
)
from lianzhang.registry.services import lists
from lianzhang.registry.services.lists import About

pytestmark = pytest.mark.django_db
DAY = {"source": "market", "as_of": date(2023, 2, 1)}
BASE = "/api/v1"
LISTS = ("duplicates", "plants", "lists", "consents")
OF_ONE = ("changes", "owed", "group", "tags")


@pytest.fixture
def sides(enterprise: Any, actor: Callable[..., Actor]) -> list[Enterprise]:
    """East and west, each with everything."""
    keeper = actor("chain_office", username="keeper", org="gxj-chain")
    found = []
    for name, district in (("东岸甲有限公司", "449801"), ("西岭乙有限公司", "449802")):
        firm = enterprise(name, district=district)
        twin = enterprise(f"{name}二", district=district)
        Filing.objects.create(enterprise=firm, period="", values={"name": name, "status": "active"}, **DAY)
        DuplicatePair.objects.create(
            first=firm, second=twin, score=60, facts="0", reasons=[["phone", 25, "13800000000", "1"]]
        )
        Establishment.objects.create(
            enterprise=firm, site=f"{name}一厂", area_path=firm.area_path, district=firm.district, **DAY
        )
        GroupTie.objects.create(enterprise=firm, parent_name=f"{name}集团", share=0.6, **DAY)
        ManualTag.objects.create(enterprise=firm, word=f"{name}重点", reason="走访")
        Title.objects.create(enterprise=firm, title="专精特新", expires_on=date(2023, 5, 1), **DAY)
        lists.make(actor=keeper, about=About(f"{name}名单", "调度", share="all"), firms=[(firm.pk, "备注")])
        Consent.objects.create(
            enterprise=firm, purpose=f"{name}融资", given_by="张三", since=date(2023, 1, 1)
        )
        found.append(firm)
    return found


def client_of(who: Actor) -> Client:
    client = Client()
    client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_office_reads_everything(sides: list[Enterprise], actor: Callable[..., Actor]) -> None:
    client, east = client_of(actor("chain_office", org="gxj-chain")), sides[0]
    for name in LISTS:
        answer = client.get(f"{BASE}/{name}").json()
        assert len(answer["items"]) == 2, name
        first = client.get(f"{BASE}/{name}?size=1").json()
        rest = client.get(first["next"]).json()
        assert [i["id"] for i in first["items"] + rest["items"]] == [i["id"] for i in answer["items"]]
        assert rest["next"] is None
    pair = client.get(f"{BASE}/duplicates?state=open").json()["items"][0]
    assert pair["reasons"] == [{"reason": "phone", "points": 25}]
    assert client.get(f"{BASE}/duplicates?state=merged").json()["items"] == []
    assert [p["site"] for p in client.get(f"{BASE}/plants?district=449801").json()["items"]] == [
        f"{east.name}一厂"
    ]
    one = {part: client.get(f"{BASE}/enterprises/{east.pk}/{part}").json() for part in OF_ONE}
    assert {(c["field"], c["after"]) for c in one["changes"]} >= {("企业名称", east.name)} or one["changes"]
    assert any(o["due"] == "2023-05-01" and o["light"] == "amber" for o in one["owed"])
    assert one["group"] == {"parents": [
        {"name": f"{east.name}集团", "id": None, "share": 0.6, "since": None, "until": None, "source": "market", "as_of": "2023-02-01"}
    ], "subsidiaries": []}  # fmt: skip
    assert [t["label"] for t in one["tags"] if t["by_hand"]] == [f"{east.name}重点"]
    (row,) = (r for r in client.get(f"{BASE}/lists").json()["items"] if r["name"] == f"{east.name}名单")
    whole = client.get(f"{BASE}/lists/{row['id']}").json()
    assert [(m["enterprise"]["uscc"], m["note"]) for m in whole["enterprises"]] == [(east.uscc, "备注")]


@pytest.mark.parametrize(
    ("role", "where", "open_to"),
    [
        ("district_officer", {"org": "gxj-449801", "area": "449801"}, {"plants", "lists", "consents"}),
        ("park_officer", {"area": "449801"}, {"plants", "lists"}),
        ("enterprise", {"enterprise": 0}, {"plants", "consents"}),
        ("bank", {"org": "bank-demo"}, set()),
        ("auditor", {"org": "gxj"}, set()),
    ],
)  # fmt: skip
def test_a_neighbour_reads_his_own_only(
    role: str, where: dict[str, Any], open_to: set[str], sides: list[Enterprise], actor: Callable[..., Actor]
) -> None:
    if "enterprise" in where:
        where = {"enterprise": sides[where["enterprise"]]}
    client, west = client_of(actor(role, **where)), sides[1]
    for name in LISTS:
        answer = client.get(f"{BASE}/{name}")
        assert answer.status_code == (200 if name in open_to else 404), name
        assert "西岭" not in answer.content.decode()
        if name in open_to:
            assert len(answer.json()["items"]) == 1
    for part in OF_ONE:
        foreign, missing = (
            client.get(f"{BASE}/enterprises/{west.pk}/{part}"),
            client.get(f"{BASE}/enterprises/{10**12}/{part}"),
        )
        assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
        assert foreign.status_code == 404
    hidden = west.pk and lists.FirmList.objects.get(name=f"{west.name}名单").pk
    assert client.get(f"{BASE}/lists/{hidden}").status_code == 404


def test_views_are_ones_own_and_of_ones_office(sides: list[Enterprise], actor: Callable[..., Actor]) -> None:
    mine = actor("chain_office", username="mine", org="gxj-chain")
    colleague, other = (
        actor("chain_office", username="colleague", org="gxj-chain"),
        actor("director", org="gxj"),
    )
    for name, share in (("甲", False), ("乙", True)):
        views_saved.save(
            actor=mine,
            listing="enterprises",
            path="/enterprises/",
            query="sort=name",
            name=name,
            shared=share,
        )
    read = {
        who.user.username: {v["name"] for v in client_of(who).get(f"{BASE}/views").json()}
        for who in (mine, colleague, other)
    }
    assert list(read.values()) == [{"甲", "乙"}, {"乙"}, set()]
    assert Client().get(f"{BASE}/views").status_code == 401
    assert client_of(mine).get(f"{BASE}/lists?size=0").status_code == 422
    assert client_of(mine).get(f"{BASE}/lists/{2**60}").status_code == 404
