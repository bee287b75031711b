"""What was delivered for statistical use neither shows nor influences outside the statistics role (S2).

Differential: every page, list, file and search is read with and without a statistical filing about one's own enterprise that
says another name, another district and a canary for every figure. Every answer must be the same, byte for byte.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tally import LONG, case, sample

sys.path.insert(0, str(Path(__file__).parents[1] / "contract"))

import world as worlds
from doors import SEATS, pages, readable
from world import World

from lianzhang.domains.chains import placement
from lianzhang.domains.chains.models import OutsidePurchase, SupplyLink
from lianzhang.kernel.keys import key_of
from lianzhang.registry import projection
from lianzhang.registry.deliveries.columns import facts
from lianzhang.registry.deliveries.titles import _mark_current
from lianzhang.registry.models import Filing, Title, YearFacts

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S2"), pytest.mark.timeout(3 * 3600 if LONG else 300)]
OTHERS = sorted(set(SEATS) - {"statistician"})
CANARY, NAME = 86420135790.0, "统计用伪名"
CHANGING = re.compile(
    r'csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|nonce="[^"]*"|[0-9a-f]{32,}'
)


@pytest.fixture
def world(enterprise: Any, account: Any) -> World:
    return worlds.build(enterprise, account)


def seat_of(role: str, world: World, account: Any) -> Client:
    seat = dict(SEATS[role])
    if seat.get("enterprise") == "a":
        seat["enterprise"] = world.a.enterprise
    client = Client()
    user = account(role, username=f"{role}-a", **seat)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def read(client: Client, addresses: list[str]) -> dict[str, tuple[int, str]]:
    """Status and words of every answer, without what is drawn anew each time."""
    out = {}
    for where in addresses:
        answer = client.get(where)
        out[where] = (answer.status_code, CHANGING.sub("", readable(answer)))
    return out


def deliver_statistics(world: World) -> None:
    """A statistical return about A: standing facts, the year that is known, and a newer one."""
    figures = {f["code"]: CANARY for f in facts() if f["type"] in ("money", "number", "int")}
    said = {
        "": {"name": NAME, "district": "449802", "street": NAME, "status": "closed"},
        "2022": figures,
        "2023": figures,
    }
    with transaction.atomic():
        for period, values in said.items():
            Filing.objects.create(
                enterprise=world.a.enterprise, period=period, source="tjj", use="statistical", as_of="2023-03-01", values=values
            )  # fmt: skip
        projection.project({world.a.enterprise.pk: set(said)})


def rebuild(world: World) -> None:
    """A register of its own filings: what is shown of A then comes from the ledger alone."""
    firm = world.a.enterprise
    standing = {
        "name": firm.name,
        "district": "449801",
        "industry_code": firm.industry_id or "3491",
        "status": "active",
    }
    with transaction.atomic():
        for period, values in (
            ("", standing),
            ("2022", {"revenue": 2.5e7, "output": 2.4e7, "employees": 120.0}),
        ):
            Filing.objects.create(
                enterprise=firm, period=period, source="tax", use="administrative", as_of="2023-02-01", values=values
            )  # fmt: skip
        projection.project({firm.pk: {"", "2022", "2023"}})
    firm.refresh_from_db()
    assert firm.registered


def deliver_links(world: World) -> None:
    """What A sells to B and buys of it, a product it never traded before among it."""
    a, b = world.a.enterprise, world.b.enterprise
    for supplier, buyer, product in ((a, b, "3491"), (b, a, "3491"), (a, b, "3492")):
        SupplyLink.objects.create(
            supplier=supplier, buyer=buyer, product_code=product, key=key_of(supplier.pk, buyer.pk, product, "2022"), **COMMON
        )  # fmt: skip
    placement.refresh()


def deliver_purchases(world: World) -> None:
    """What both buy elsewhere."""
    for side in (world.a, world.b):
        OutsidePurchase.objects.create(
            enterprise=side.enterprise, product_code="3491", key=key_of(side.enterprise.pk, "3491", "2022"), **COMMON
        )  # fmt: skip
    placement.refresh()


def deliver_titles(world: World) -> None:
    """A title that nobody else told of."""
    for side in (world.a, world.b):
        Title.objects.create(
            enterprise=side.enterprise, title=f"称号{NAME}", level=NAME, batch=NAME, source="tjj", use="statistical", as_of="2023-03-01",
            expires_on="2023-05-01",
        )  # fmt: skip
    _mark_current({world.a.enterprise.pk, world.b.enterprise.pk})


COMMON = {
    "period": "2022", "source": "statistics", "use": "statistical", "as_of": "2023-03-01", "value": CANARY, "current": True,
    "counted": False,
}  # fmt: skip
RETURNS: dict[str, Callable[[World], None]] = {
    "filings": deliver_statistics, "links": deliver_links, "purchases": deliver_purchases, "titles": deliver_titles,
}  # fmt: skip
PAIRS = [(role, what) for role in OTHERS for what in RETURNS]


@pytest.mark.parametrize(("role", "what"), sample(PAIRS, 2, "use"))
def test_every_answer_is_the_same_with_and_without_the_statistical_return(
    role: str, what: str, world: World, account: Callable[..., Any]
) -> None:
    rebuild(world)
    placement.refresh()
    client = seat_of(role, world, account)
    addresses = sample(pages(world), 30, f"use {role} {what}")
    before, again = read(client, addresses), read(client, addresses)
    steady = [where for where in addresses if before[where] == again[where]]
    assert len(steady) > 0.8 * len(addresses), sorted(set(addresses) - set(steady))
    RETURNS[what](world)
    after = read(client, steady)
    case(n=len(steady))
    assert [where for where in steady if after[where] != before[where]] == []
    carried = [
        where
        for where, (_status, text) in read(client, addresses).items()
        if str(int(CANARY)) in text or NAME in text
    ]
    assert carried == []


def test_the_statistician_does_see_it(world: World, account: Callable[..., Any]) -> None:
    """The test above would otherwise pass where nothing is shown to anybody."""
    rebuild(world)
    client = seat_of("statistician", world, account)
    where = f"/enterprises/{world.a.enterprise.pk}/"
    before = read(client, [where])
    deliver_statistics(world)
    assert read(client, [where]) != before


def test_no_projection_knows_it(world: World) -> None:
    rebuild(world)
    before = list(YearFacts.objects.order_by("enterprise", "year").values())
    kept = type(world.a.enterprise).objects.order_by("pk").values()
    enterprises = list(kept)
    deliver_statistics(world)
    shown = [
        {k: v for k, v in row.items() if k != "id"}
        for row in YearFacts.objects.order_by("enterprise", "year").values()
    ]
    assert shown == [{k: v for k, v in row.items() if k != "id"} for row in before]
    assert list(kept.all()) == enterprises
    case(n=len(enterprises))
