"""Placement: by industry, by product, by sales; by hand stays; anchors from titles; what a delivery touches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lianzhang.domains.chains import corrections, listeners, placement
from lianzhang.domains.chains.models import Anchor, Placement, Segment
from lianzhang.kernel import time
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Title

pytestmark = pytest.mark.django_db


def where(enterprise: Any) -> dict[str, tuple[str, str]]:
    rows = Placement.objects.filter(enterprise=enterprise)
    return {p.segment.code: (p.how, p.evidence) for p in rows.select_related("segment")}


def test_a_product_outranks_the_registered_industry(enterprise: Callable[..., Any]) -> None:
    by_industry = enterprise("甲", industry="3491")
    by_product = enterprise("乙", industry="3491", products=["3491", "3812"])
    nowhere = enterprise("丙", industry="1511")
    placement.refresh()
    assert where(by_industry) == {"robots": ("industry", "3491")}
    assert where(by_product) == {"robots": ("product", "3491"), "drives": ("product", "3812")}
    assert where(nowhere) == {}


def test_what_is_sold_places_and_an_undo_takes_it_back(
    enterprise: Callable[..., Any], deliver: Callable[..., Any]
) -> None:
    from lianzhang.kernel.imports import deliver as kernel
    from lianzhang.kernel.models import Import

    seller, buyer = enterprise("甲", industry="1511"), enterprise("乙", industry="3491")
    placement.refresh()
    report = deliver(
        "supply_links",
        "supplier_uscc,buyer_uscc,product_code,value(元)",
        [(seller.uscc, buyer.uscc, "3453", 9)],
    )
    listeners.on_import_applied(None, dataset="supply_links", import_id=report.import_id)
    assert where(seller) == {"drives": ("product", "3453")}
    kernel.undo(Import.objects.get(pk=report.import_id), SYSTEM)
    listeners.on_import_undone(None, dataset="supply_links", import_id=report.import_id)
    assert where(seller) == {}


def test_what_a_person_placed_stays(enterprise: Callable[..., Any]) -> None:
    firm = enterprise("甲", industry="3491")
    corrections.confirm(
        actor=SYSTEM, enterprise=firm, segment=Segment.objects.get(code="robots"), reason="visit"
    )
    placement.refresh()
    assert where(firm) == {"robots": ("person", "visit")}


def test_anchors_are_titles_in_force_that_name_a_chain(enterprise: Callable[..., Any]) -> None:
    firms = [enterprise(name, industry="3491") for name in "甲乙丙"]
    rest = {"source": "titles", "as_of": time.today(), "title": "链主企业"}
    Title.objects.create(enterprise=firms[0], batch="智能装备", **rest)
    Title.objects.create(enterprise=firms[1], batch="别的链", **rest)
    Title.objects.create(enterprise=firms[2], level="智能装备", expires_on="2020-01-01", **rest)
    placement.refresh()
    assert [a.enterprise for a in Anchor.objects.all()] == [firms[0]]
