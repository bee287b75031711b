"""Local supply ratio and gap hints, worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lianzhang.domains.chains.models import SupplyLink
from lianzhang.domains.chains.selectors import gaps, partners, supply
from lianzhang.domains.chains.settings import chain_settings
from lianzhang.domains.chains.tests.town import CHIPS, EAST, STEEL, VEHICLES, WEST, M, Town
from lianzhang.kernel.scope import ANONYMOUS, SYSTEM

pytestmark = pytest.mark.django_db


def test_ratio_of_chips_by_hand(town: Town) -> None:
    needs = supply.needs_by_product(SYSTEM)
    assert needs[CHIPS].local == 20 * M
    assert needs[CHIPS].outside == 30 * M
    assert needs[CHIPS].ratio == pytest.approx(0.4)
    assert needs[STEEL].ratio == 1.0
    assert supply.need_of(["39", "31"], needs).ratio == pytest.approx((20 + 100) / (20 + 100 + 30))
    assert supply.need_of(["15"], needs).ratio is None, "nothing known is not zero"


def test_a_link_without_product_counts_as_its_suppliers(town: Town) -> None:
    SupplyLink.objects.filter(product_code=CHIPS).update(product_code="")
    assert supply.needs_by_product(SYSTEM)[CHIPS].local == 20 * M


def test_sums_hold_only_what_the_actor_may_see(town: Town, actor: Callable[..., Any]) -> None:
    east = supply.needs_by_product(actor("district_officer", area=EAST))
    west = supply.needs_by_product(actor("district_officer", area=WEST))
    assert CHIPS not in east, "all buyers of chips lie in the west"
    assert west[CHIPS].ratio == pytest.approx(0.4)
    assert supply.needs_by_product(ANONYMOUS) == {}
    assert supply.needs_by_product(actor("bank")) == {}


def test_missing_products_with_their_buyers(town: Town) -> None:
    needs = supply.needs_by_product(SYSTEM)
    found = supply.missing(SYSTEM, ["39", "08"], needs)
    assert [(m.code, m.need.outside, m.buyers) for m in found] == [("0810", 40 * M, 1), (CHIPS, 30 * M, 1)]


@pytest.mark.parametrize(
    ("ratio", "cover", "makers", "label"),
    [
        (None, None, 3, "unknown"),
        (0.049, 0.0, 0, "break"),
        (0.049, 0.1, 1, "short"),
        (0.399, 0.8, 5, "blocked"),
        (0.4, 0.8, 5, "even"),
        (0.9, 0.499, 5, "short"),
        (0.9, 1.51, 5, "long"),
        (0.9, None, 5, "even"),
    ],
)
def test_hints_by_declared_thresholds(
    catalogue: Any, ratio: float | None, cover: float | None, makers: int, label: str
) -> None:
    assert gaps.label(ratio, cover, makers, chain_settings()) == label


def test_partners_of_a_vehicle_plant(town: Town, actor: Callable[..., Any]) -> None:
    plant = town.firms["E"]
    found = partners.suppliers(plant, SYSTEM)
    assert [(p.name, p.value) for p in found] == [
        ("云溪A厂", 60 * M),
        ("云溪D厂", 30 * M),
        ("云溪B厂", 20 * M),
        ("云溪C厂", 10 * M),
    ]
    assert found[0].share == pytest.approx(0.5)
    own = actor("enterprise", enterprise=plant)
    assert [p.url for p in partners.suppliers(plant, own)] == [None] * 4, "names yes, pages no"
    assert [p.name for p in partners.customers(plant, own)] == ["云溪D厂"]
    assert [p.name for p in partners.suppliers(town.firms["F"], own)] == [], "not the links of others"
    assert town.firms["F"].industry_id == VEHICLES
