"""A made-up town of six firms: the worked network of the engine's notes, in yuan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lianzhang.domains.chains import placement
from lianzhang.domains.chains.models import DivisionSector, InputRating, OutsidePurchase, SupplyLink
from lianzhang.domains.chains.tests.town import FIRMS, LINKS, OUTSIDE, RATINGS, SECTORS, Town
from lianzhang.kernel import time
from lianzhang.kernel.imports import command
from lianzhang.kernel.scope import SYSTEM
from lianzhang.registry.models import YearFacts


@pytest.fixture
def deliver(catalogue: Any, tmp_path: Path) -> Callable[..., Any]:
    """deliver(dataset, header, rows, source=…) imports a csv and returns the report."""

    def make(dataset: str, header: str, rows: list[Any], source: str = "invoices", **more: Any) -> Any:
        path = tmp_path / f"{dataset}{len(list(tmp_path.iterdir()))}.csv"
        lines = [",".join(str(cell) for cell in row) for row in rows]
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return command.import_file(
            path, dataset, SYSTEM, source=source, period=more.pop("period", "2022"), **more
        )

    return make


@pytest.fixture
def town(enterprise: Callable[..., Any]) -> Town:
    """The six firms with their links, purchases and ratings: E and half of the others in the western district."""
    firms = {}
    for name, (industry, revenue, district) in FIRMS.items():
        firm = enterprise(
            f"云溪{name}厂", district=district, industry=industry, revenue=revenue, latest_year=2022
        )
        YearFacts.objects.create(enterprise=firm, year=2022, revenue=revenue, output=revenue / 2)
        firms[name] = firm
    rest = {"period": "2022", "source": "invoices", "as_of": time.today()}
    for i, (a, b, value) in enumerate(LINKS):
        SupplyLink.objects.create(
            supplier=firms[a], buyer=firms[b], product_code=FIRMS[a][0], value=value, key=i, **rest
        )
    for i, (a, product, value) in enumerate(OUTSIDE):
        OutsidePurchase.objects.create(enterprise=firms[a], product_code=product, value=value, key=i, **rest)
    DivisionSector.objects.all().delete()
    InputRating.objects.all().delete()
    DivisionSector.objects.bulk_create([DivisionSector(division=d, sector=s) for d, s in SECTORS.items()])
    InputRating.objects.bulk_create(
        [InputRating(supplier_sector=a, buyer_sector=b, rating=r) for (a, b), r in RATINGS.items()]
    )
    placement.refresh()
    return Town(firms)
