"""A district's office delivers for its own district: it may neither move, overwrite nor sound out a neighbour's enterprise."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lianzhang.kernel.imports import dataset as datasets
from lianzhang.kernel.imports.dataset import Context
from lianzhang.kernel.scope import SYSTEM, Actor, actor_in_post
from lianzhang.registry.models import Filing

pytestmark = pytest.mark.django_db
FIGURE = 73_519_246_801.0


@pytest.fixture
def officer(actor: Any) -> Actor:
    return actor("district_officer", org="gxj-449801", area="449801")


@pytest.fixture
def foreign(enterprise: Any) -> Any:
    found = enterprise("西岭禁见有限公司", district="449802")
    Filing.objects.create(
        enterprise=found,
        period="2022",
        values={"revenue": FIGURE},
        source="statistics",
        as_of=date(2023, 3, 1),
    )
    return found


def outcome(code: str, row: dict[str, Any], actor: Actor) -> Any:
    context = Context(actor, "district", "administrative", "2022", date(2023, 4, 1))
    return datasets.get(code).classify([row], context)[0]


ROWS: dict[str, dict[str, Any]] = {
    "filings": {"revenue": 1.0},
    "titles": {"title": "专精特新", "batch": ""},
    "enterprises": {"name": "改名有限公司", "district": "449801"},
    "outside_purchases": {"product_code": "3670", "value": 1.0},
}


@pytest.mark.parametrize("code", sorted(ROWS))
def test_a_neighbours_enterprise_is_unknown_and_nothing_is_told_of_it(
    code: str, officer: Actor, foreign: Any
) -> None:
    found = outcome(code, {"uscc": foreign.uscc, **ROWS[code]}, officer)
    assert (found.status, [t.code for t in found.troubles]) == ("rejected", ["unknown_enterprise"])
    assert found.warnings == []
    assert outcome(code, {"uscc": foreign.uscc, **ROWS[code]}, SYSTEM).status != "rejected"


def test_the_city_is_still_told_of_conflicts(actor: Any, foreign: Any) -> None:
    found = outcome("filings", {"uscc": foreign.uscc, "revenue": 1.0}, actor("data_officer", org="gxj-data"))
    assert [w.params["other"] for w in found.warnings] == [FIGURE]


@pytest.mark.parametrize(
    ("district", "code"),
    [("449801", None), ("449801001", None), ("449802", "unknown_code"), (None, "missing_required")],
)
def test_a_new_enterprise_stands_in_ones_own_district(
    officer: Actor, district: str | None, code: str | None
) -> None:
    row = {"uscc": "91449900MA9999999X", "name": "新来有限公司", "district": district}
    found = outcome("enterprises", row, officer)
    assert [t.code for t in found.troubles] == ([code] if code else [])


def test_ones_own_enterprise_cannot_be_pushed_out(officer: Actor, enterprise: Any) -> None:
    own = enterprise("东岸有限公司", district="449801")
    away = outcome("enterprises", {"uscc": own.uscc, "name": own.name, "district": "449802"}, officer)
    assert [t.code for t in away.troubles] == ["unknown_code"]
    assert outcome("filings", {"uscc": own.uscc, "revenue": 1.0}, officer).status == "created"


def test_a_link_names_one_enterprise_of_ones_own(officer: Actor, enterprise: Any, foreign: Any) -> None:
    own, other = (
        enterprise("东岸有限公司", district="449801"),
        enterprise("西岭乙有限公司", district="449802"),
    )
    for supplier, status in ((own, "created"), (other, "rejected")):
        row = {"supplier_uscc": supplier.uscc, "buyer_uscc": foreign.uscc, "value": 1.0}
        assert outcome("supply_links", row, officer).status == status


@pytest.mark.parametrize(
    ("area", "status"), [("449801", "created"), ("449802", "rejected"), (None, "rejected")]
)
def test_an_indicator_is_of_ones_own_area(officer: Actor, area: str | None, status: str) -> None:
    row = {"indicator": "gdp", "period": "2022", "area": area, "value": 1.0}
    assert outcome("indicators", row, officer).status == status


def test_work_asked_for_in_a_post_that_ended_reaches_nothing(account: Any, foreign: Any) -> None:
    user = account("data_officer", org="gxj-data")
    assert (
        outcome("filings", {"uscc": foreign.uscc, "revenue": 1.0}, actor_in_post(user.pk, None)).status
        == "rejected"
    )
