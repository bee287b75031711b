"""What a delivery is compared with tells nobody a statistical return: no “unchanged”, no doubt, no count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from world import World

from lianzhang.domains.chains.models import SupplyLink
from lianzhang.kernel.imports.tests.bench import upload
from lianzhang.kernel.keys import key_of

pytestmark = [pytest.mark.django_db, pytest.mark.attack("S1")]
SECRET = 777_123.0


def said(row: Any) -> tuple[Any, ...]:
    """What the report of a delivery tells: its counts and every doubt."""
    return row.created, row.updated, row.unchanged, list(row.problems.values_list("code", "value", "params"))


@pytest.mark.parametrize("role", ["desk_officer", "data_officer", "chain_office"])
@pytest.mark.parametrize("source", ["statistics", "invoices"])
@pytest.mark.parametrize("use", ["administrative", "statistical"])
def test_a_statistical_link_is_told_by_no_comparison(
    role: str, source: str, use: str, world: World, client_of: Callable[[str], Client]
) -> None:
    """A guess that is right, a wrong one, and one about a link of which nothing was returned answer alike."""
    a, b = world.a.enterprise, world.b.enterprise
    common = {"period": "2022", "source": "statistics", "use": "statistical", "as_of": date(2023, 3, 1), "current": True, "counted": False}  # fmt: skip
    key = key_of(a.pk, b.pk, "3491", "2022")
    SupplyLink.objects.create(supplier=a, buyer=b, product_code="3491", key=key, value=SECRET, **common)
    client, answers = client_of(role), []
    for product, guess in (("3491", f"{SECRET:.0f}"), ("3491", "5"), ("3492", "5")):
        file = (
            f"supplier_uscc,buyer_uscc,product_code,value(元)\n{a.uscc},{b.uscc},{product},{guess}\n".encode()
        )
        row = upload(client, file, dataset="supply_links", source=source, use=use)
        answers.append(said(row))
        assert "777" not in str(said(row)[3])
    assert answers == [(1, 0, 0, [])] * 3


@pytest.mark.parametrize("role", ["desk_officer", "data_officer", "chain_office"])
def test_a_statistical_return_is_told_by_no_comparison(
    role: str, world: World, client_of: Callable[[str], Client]
) -> None:
    """A's return says 50,000,001 yuan for 2022 (see the world) and nothing for 2021."""
    a, client, counts = world.a.enterprise, client_of(role), []
    for period, guess in (("2022", 50_000_001), ("2022", 50_000_002), ("2021", 1)):
        file = f"统一社会信用代码,企业名称,营业收入(元)\n{a.uscc},{a.name},{guess}\n".encode()
        row = upload(client, file, dataset="filings", source="statistics", use="statistical", period=period)
        counts.append(said(row)[:3])
    assert counts == [(1, 0, 0)] * 3


def test_the_statistician_and_the_deliverer_are_told(
    world: World, client_of: Callable[[str], Client]
) -> None:
    a = world.a.enterprise
    file = f"统一社会信用代码,企业名称,营业收入(元)\n{a.uscc},{a.name},50000001\n".encode()
    about = {"dataset": "filings", "source": "statistics", "use": "statistical"}
    assert said(upload(client_of("statistician"), file, **about))[:3] == (0, 0, 1)
