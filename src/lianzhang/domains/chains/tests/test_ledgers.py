"""Ledgers of purchases: created, updated, unchanged, rejected, undone, two sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lianzhang.domains.chains.models import OutsidePurchase, SupplyLink
from lianzhang.kernel.imports import dataset
from lianzhang.kernel.imports import deliver as kernel
from lianzhang.kernel.models import Import
from lianzhang.kernel.scope import SYSTEM

HEADER = "supplier_uscc,buyer_uscc,product_code,value(元),period"
pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(enterprise: Callable[..., Any]) -> tuple[str, str]:
    return enterprise("云溪甲厂").uscc, enterprise("云溪乙厂").uscc


def counted() -> list[tuple[Any, ...]]:
    rows = SupplyLink.objects.filter(counted=True).order_by("supplier_id", "buyer_id", "product_code")
    return list(rows.values_list("supplier_id", "buyer_id", "product_code", "value", "source", "as_of"))


def test_created_unchanged_updated(deliver: Callable[..., Any], pair: tuple[str, str]) -> None:
    a, b = pair
    assert deliver("supply_links", HEADER, [(a, b, "3611", 100, 2022)]).counts["created"] == 1
    before = counted()
    assert deliver("supply_links", HEADER, [(a, b, "3611", 100, 2022)]).counts["unchanged"] == 1
    assert counted() == before
    assert deliver("supply_links", HEADER, [(a, b, "3611", 120, 2022)]).counts["updated"] == 1
    assert [row[3] for row in counted()] == [120]
    assert SupplyLink.objects.count() == 3, "every word is kept"
    assert SupplyLink.objects.filter(current=True).count() == 1


def test_another_product_or_year_is_another_link(deliver: Callable[..., Any], pair: tuple[str, str]) -> None:
    a, b = pair
    rows = [
        (a, b, "3611", 100, 2022),
        (a, b, "3612", 7, 2022),
        (a, b, "3611", 90, 2021),
        (b, a, "3611", 1, 2022),
    ]
    assert deliver("supply_links", HEADER, rows).counts["created"] == 4
    assert len(counted()) == 4


def test_undo_leaves_what_the_other_deliveries_say(
    deliver: Callable[..., Any], pair: tuple[str, str]
) -> None:
    a, b = pair
    first = deliver("supply_links", HEADER, [(a, b, "3611", 100, 2022), (b, a, "3612", 5, 2022)])
    only_first = counted()
    second = deliver("supply_links", HEADER, [(a, b, "3611", 120, 2022)])
    kernel.undo(Import.objects.get(pk=second.import_id), SYSTEM)
    assert counted() == only_first
    again = deliver("supply_links", HEADER, [(a, b, "3611", 100, 2022)])
    assert again.counts["unchanged"] == 1
    kernel.undo(Import.objects.get(pk=first.import_id), SYSTEM)
    assert [row[3] for row in counted()] == [100], "the equal second word stands when the first is taken back"
    kernel.undo(Import.objects.get(pk=again.import_id), SYSTEM)
    assert SupplyLink.objects.count() == 0


def test_of_two_sources_one_counts_and_both_stay(deliver: Callable[..., Any], pair: tuple[str, str]) -> None:
    a, b = pair
    deliver("supply_links", HEADER, [(a, b, "3611", 100, 2022)], source="enterprise")
    report = deliver("supply_links", HEADER, [(a, b, "3611", 130, 2022)], source="tax")
    assert [(p.severity, p.code) for p in report.problems] == [("warning", "conflict_with_other_source")]
    assert [(row[3], row[4]) for row in counted()] == [(130, "tax")], "tax has the better rank"
    assert SupplyLink.objects.filter(current=True).count() == 2
    kernel.undo(Import.objects.get(pk=report.import_id), SYSTEM)
    assert [(row[3], row[4]) for row in counted()] == [(100, "enterprise")]


def test_a_statistical_link_is_kept_but_enters_no_sum(
    deliver: Callable[..., Any], pair: tuple[str, str]
) -> None:
    a, b = pair
    assert (
        deliver("supply_links", HEADER, [(a, b, "3611", 100, 2022)], use="statistical").counts["created"] == 1
    )
    assert counted() == []
    deliver("supply_links", HEADER, [(a, b, "3611", 70, 2022)])
    assert [row[3] for row in counted()] == [70]


def test_unknown_ends_and_missing_period_are_refused(
    deliver: Callable[..., Any], pair: tuple[str, str]
) -> None:
    from lianzhang.engines.tables import make_uscc

    a, b = pair
    stranger = make_uscc("91", "449900", "MA999999")
    report = deliver(
        "supply_links",
        HEADER,
        [(a, stranger, "3611", 1, 2022), (stranger, b, "3611", 1, 2022), (a, b, "3611", 1, 2022)],
    )
    assert (report.accepted, report.rejected) == (1, 2)
    assert {p.code for p in report.problems} == {"unknown_enterprise"}
    report = deliver("supply_links", HEADER, [(a, b, "3611", 1, "")], period=None)
    assert [p.code for p in report.problems] == ["missing_required"]


def test_a_link_with_itself_is_kept(deliver: Callable[..., Any], pair: tuple[str, str]) -> None:
    assert deliver("supply_links", HEADER, [(pair[0], pair[0], "3611", 3, 2022)]).counts["created"] == 1


def test_outside_purchases_and_both_exports(deliver: Callable[..., Any], pair: tuple[str, str]) -> None:
    a, b = pair
    deliver("outside_purchases", "uscc,product_code,value(万元)", [(a, "3973", 2)])
    assert OutsidePurchase.objects.get().value == 20_000
    columns, rows = dataset.get("outside_purchases").export(SYSTEM)
    assert [dict(zip(columns, row, strict=True))["value"] for row in rows] == [20_000]
    deliver("supply_links", HEADER, [(a, b, "3611", 100, 2022)])
    columns, rows = dataset.get("supply_links").export(SYSTEM)
    shown = dict(zip(columns, next(iter(rows)), strict=True))
    assert (shown["supplier_uscc"], shown["buyer_uscc"], shown["value"], shown["provenance"]) == (
        a,
        b,
        100,
        "synthetic",
    )


def test_a_dry_run_writes_nothing(deliver: Callable[..., Any], pair: tuple[str, str]) -> None:
    assert deliver("supply_links", HEADER, [(*pair, "3611", 100, 2022)], dry=True).counts["created"] == 1
    assert SupplyLink.objects.count() == 0
