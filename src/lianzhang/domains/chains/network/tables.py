"""The tables of a snapshot, drawn from the ledgers of one year."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from lianzhang.domains.chains.models import DivisionSector, InputRating, OutsidePurchase, SupplyLink
from lianzhang.registry import merged
from lianzhang.registry.models import Enterprise, YearFacts

Tables = dict[str, pl.DataFrame]
LINKS = {"supplier": pl.Int64, "buyer": pl.Int64, "product": pl.String, "value": pl.Float64}
OUTSIDE = {"firm": pl.Int64, "product": pl.String, "value": pl.Float64}
FIRMS = {
    "id": pl.Int64,
    "uscc": pl.String,
    "industry": pl.String,
    "district": pl.String,
    "revenue": pl.Float64,
}


def draw(period: str) -> Tables:
    """`firms`, `links`, `outside`, `ratings`: what the ledgers count for a year, money in yuan, in a fixed order.

    Firms are the registered enterprises that some link or purchase names: of others nothing is known of their
    place in the network. `product` is the class most of a firm's sales fall into, else its registered industry;
    `main_share` the part of its sales in that class.
    """
    firms = _firms(period)
    here = firms.get_column("id").implode()
    links = _links(period).filter(pl.col("supplier").is_in(here) & pl.col("buyer").is_in(here))
    outside = _outside(period).filter(pl.col("firm").is_in(here))
    named = pl.concat([links["supplier"], links["buyer"], outside["firm"]]).unique()
    firms = firms.filter(pl.col("id").is_in(named.implode()))
    firms = firms.join(_main_products(links), on="id", how="left")
    firms = firms.with_columns(product=pl.coalesce("product", "industry")).sort("id")
    return {
        "firms": firms,
        "links": links.sort("supplier", "buyer", "product"),
        "outside": outside.sort("firm", "product"),
        "ratings": _ratings(),
    }


def _frame(rows: Iterable[tuple[Any, ...]], schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _firms(period: str) -> pl.DataFrame:
    query = Enterprise.objects.registered().order_by()
    rows = query.values_list("pk", "uscc", "industry_id", "district__code")
    firms = _frame(((*row, None) for row in rows), FIRMS).drop("revenue")
    years = (
        YearFacts.objects.filter(year=int(period)).order_by()
        if period.isdigit()
        else YearFacts.objects.none()
    )
    known = _frame(
        years.values_list("enterprise_id", "revenue"), {"id": pl.Int64, "revenue": pl.Float64}
    ).with_columns(pl.when(pl.col("revenue") >= 0).then("revenue").alias("revenue"))
    return firms.join(known, on="id", how="left")


def _links(period: str) -> pl.DataFrame:
    query = SupplyLink.objects.filter(counted=True, period=period).order_by()
    rows = query.values_list("supplier_id", "buyer_id", "product_code", "value")
    return _shown(_frame(rows, LINKS), "supplier", "buyer")


def _outside(period: str) -> pl.DataFrame:
    query = OutsidePurchase.objects.filter(counted=True, period=period).order_by()
    return _shown(_frame(query.values_list("enterprise_id", "product_code", "value"), OUTSIDE), "firm")


def _shown(table: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """The table with each entry that was merged into another one replaced by that one."""
    survivors = merged.survivors()
    return table.with_columns(pl.col(c).replace(survivors) for c in columns) if survivors else table


def _main_products(links: pl.DataFrame) -> pl.DataFrame:
    sold = links.filter(pl.col("product") != "").group_by("supplier", "product").agg(pl.col("value").sum())
    whole = sold.group_by("supplier").agg(total=pl.col("value").sum())
    first = (
        sold.sort("value", "product", descending=[True, False])
        .group_by("supplier", maintain_order=True)
        .first()
    )
    joined = first.join(whole, on="supplier")
    return joined.select(
        id="supplier", product="product", main_share=pl.col("value") / pl.col("total").replace(0.0, None)
    )


def _ratings() -> pl.DataFrame:
    """supplying division, buying division, class; pairs that the survey does not rate are left out."""
    sectors = _frame(
        DivisionSector.objects.values_list("division", "sector"), {"division": pl.String, "sector": pl.String}
    )
    rated = _frame(
        InputRating.objects.values_list("supplier_sector", "buyer_sector", "rating"),
        {"supplier_sector": pl.String, "buyer_sector": pl.String, "rating": pl.Int64},
    )
    supplying = sectors.rename({"division": "supplier", "sector": "supplier_sector"})
    buying = sectors.rename({"division": "buyer", "sector": "buyer_sector"})
    joined = rated.join(supplying, on="supplier_sector").join(buying, on="buyer_sector")
    return joined.select("supplier", "buyer", "rating").sort("supplier", "buyer")
