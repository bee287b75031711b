"""The list and the search are read from an index on both databases: nothing is sorted, no table walked through."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict

from lianzhang.engines.tables import make_uscc
from lianzhang.kernel import bulk, tables
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import Enterprise
from lianzhang.registry.names import index
from lianzhang.registry.web.listing import listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def firms(catalogue: Any) -> None:
    from lianzhang.city.models import Area

    districts = list(Area.objects.filter(level="district"))
    Enterprise.objects.bulk_create(
        Enterprise(
            uscc=make_uscc("91", "449900", f"MP{n:06d}"), name=f"云溪{chr(0x4E00 + n % 1500)}{chr(0x5000 + n % 1300)}有限公司",
            registered=True, district=(d := districts[n % len(districts)]), area_path=d.path, revenue=n * 1e5 or None,
            employees=n % 500, size="above" if n % 9 == 0 else "below", status="active",
        )
        for n in range(3000)
    )  # fmt: skip
    index.rebuild()
    bulk.take_stock()
    if connection.vendor == "postgresql":  # three thousand rows are so few that it would rather sort them
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")


def plan(query: str) -> str:
    declared, params = listing(SYSTEM), QueryDict(query)
    rows = Enterprise.objects.registered().visible_to(SYSTEM).select_related("district", "industry")
    ordered, _ = tables.ordered(declared, params, tables.narrowed(declared, params, rows))
    return str(ordered[:51].explain())


@pytest.mark.parametrize(
    "query",
    ["", "sort=-revenue", "sort=name", "sort=-name", "sort=-uscc", "sort=district", "sort=-district", "sort=-employees",
     "district=449801", "size=above", "status=active"],
)  # fmt: skip
def test_a_page_is_read_in_its_order(firms: None, query: str) -> None:
    found = plan(query)
    # Names and codes are unique or nearly: to put the key behind them costs nothing.
    few = (
        "Presorted Key: registry_enterprise.name" in found
        or "Presorted Key: registry_enterprise.uscc" in found
    )
    assert few or "Sort" not in found, found
    assert "TEMP B-TREE" not in found, found
    assert "ndex" in found or "INDEX" in found


@pytest.mark.parametrize("query", ["q=云溪一机", "q=yun xi yi", "q=91449900MP0001", "q=一倀", "q=yjx"])
def test_a_search_asks_the_index_of_names(firms: None, query: str) -> None:
    found = plan(query)
    if connection.vendor == "postgresql":
        assert "registry_name_index_" in found, found
        assert "Seq Scan on registry_enterprise" not in found
    else:
        assert "registry_name_index VIRTUAL TABLE" in found or "uscc" in found, found
        assert "SCAN registry_enterprise\n" not in found + "\n"


def test_nobody_pages_through_millions(firms: None, signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "DEEPEST", 400)
    monkeypatch.setattr(tables, "DEEP", 100)
    monkeypatch.setattr(tables, "COUNT_LIMIT", 50)
    client = signed_in("chain_office")
    shown = client.get("/enterprises/?page=9999&rows=50").context["table"]
    assert (shown.page.number, shown.page.next_url, len(shown.rows)) == (8, None, 50)
    near = client.get("/enterprises/?page=3&rows=50").context["table"]
    monkeypatch.setattr(tables, "DEEP", 10**6)
    same = client.get("/enterprises/?page=3&rows=50").context["table"]
    assert [r.url for r in near.rows] == [r.url for r in same.rows]


@pytest.mark.parametrize(
    "query",
    ["there=yes", "district=449801&there=yes", "district=449801&size=below&there=yes", "size=above&there=yes", "industry=36&there=yes"],
)  # fmt: skip
def test_rows_are_counted_without_being_read(firms: None, query: str) -> None:
    if (
        connection.vendor != "sqlite"
    ):  # whether PostgreSQL reads the rows too depends on when it last cleaned up
        return
    declared, params = listing(SYSTEM), QueryDict(query)
    rows = tables.narrowed(declared, params, Enterprise.objects.registered().visible_to(SYSTEM))
    assert "COVERING INDEX" in rows.order_by().values("pk").explain()


@pytest.mark.parametrize("path", ["/449800/449801/", "/449800/", "/", "/449800/449801"])
def test_below_a_path_is_what_begins_with_it(firms: None, path: str) -> None:
    """Also where the path is a part of another one (44980 of 449801)."""
    asked = Enterprise.objects.order_by("pk").values_list("pk", flat=True)
    Enterprise.objects.filter(pk__in=asked[:3]).update(area_path="/449800/4498010/")
    found = set(asked.filter(area_path__below=path))
    assert found == {e.pk for e in Enterprise.objects.all() if e.area_path.startswith(path)}
    assert found
