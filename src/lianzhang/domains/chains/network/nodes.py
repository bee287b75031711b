"""Nodes of the engine's network: one a firm, and one a product line where a firm sells several classes of product.

The engine knows one product a node. A firm with several becomes a node that buys everything and supplies, as their
only and essential source, a node a line; the lines sell. Then a customer's shortage, the share of a market and a
missing order are counted by the product of the link, while the firm still stands or falls as one:
down, a line keeps the level of its firm; up, a firm loses the share of revenue that its lines lose.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from lianzhang.engines.network.model import Floats, Ints


@dataclass(frozen=True)
class Nodes:
    """Arrays over nodes (n + l,): the n firms in the order of their table, then the l lines.

    `product` numbers `codes`, then one inner product a firm with lines; -1 not known. `firm` the position of the
    firm a node belongs to, `rated_as` the product by which its needs are rated (of a firm its main one), `revenue`
    in yuan. `supplier`, `customer`, `value` are the links between nodes, `inner` how many of the last are inside
    a firm; `self_links` counts links of a firm with itself, left out.
    """

    codes: list[str]
    product: Ints
    firm: Ints
    rated_as: Ints
    revenue: Floats
    supplier: Ints
    customer: Ints
    value: Floats
    inner: int
    self_links: int

    @cached_property
    def n_products(self) -> int:
        """Classes of product and inner products."""
        return max(len(self.codes), int(self.product.max(initial=-1)) + 1)


def nodes_of(firms: pl.DataFrame, links: pl.DataFrame, outside: pl.DataFrame) -> Nodes:
    """Lay out firms (sorted by id) and links (supplier, buyer, product, value) of a snapshot.

    A link without a product counts as its supplier's main product. Revenue below the sales in the links, or
    unknown, is taken as the sales.
    """
    own = links.filter(pl.col("supplier") == pl.col("buyer")).height
    table = firms.with_row_index("at").select(pl.col("at").cast(pl.Int64), "id", "product", "revenue")
    sold = (
        links.filter(pl.col("supplier") != pl.col("buyer"))
        .join(table.select(supplier="id", from_firm="at", main="product"), on="supplier")
        .join(table.select(buyer="id", to_firm="at"), on="buyer")
        .with_columns(product=pl.when(pl.col("product") == "").then("main").otherwise("product"))
    )
    codes = _codes(firms, sold, outside)
    lines = _lines(sold, firms.height)
    revenue = _revenue(table, sold)
    return _laid(codes, table, sold, lines, revenue, own)


def _codes(firms: pl.DataFrame, sold: pl.DataFrame, outside: pl.DataFrame) -> list[str]:
    used = pl.concat([firms["product"], sold["product"], outside["product"]]).drop_nulls().unique()
    return used.filter(used != "").sort().to_list()


def _revenue(table: pl.DataFrame, sold: pl.DataFrame) -> Floats:
    sales = np.bincount(sold["from_firm"].to_numpy(), sold["value"].to_numpy(), table.height)
    filed = table["revenue"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return np.fmax(filed, sales)


def _lines(sold: pl.DataFrame, n: int) -> pl.DataFrame:
    """from_firm, product, share of the firm's sales, node: the lines of firms that sell several classes."""
    by = sold.group_by("from_firm", "product").agg(sales=pl.col("value").sum())
    whole = pl.col("sales").sum().over("from_firm")
    several = (pl.len().over("from_firm") > 1) & (whole > 0)
    lines = by.filter(several).with_columns(share=pl.col("sales") / whole).sort("from_firm", "product")
    return lines.with_row_index("node", offset=n).with_columns(pl.col("node").cast(pl.Int64))


def _laid(
    codes: list[str], table: pl.DataFrame, sold: pl.DataFrame, lines: pl.DataFrame, revenue: Floats, own: int
) -> Nodes:
    number = {code: i for i, code in enumerate(codes)}

    def numbers(column: pl.Series) -> Ints:
        return np.array([number.get(code, -1) for code in column], np.int64)

    main, line_firm = numbers(table["product"]), lines["from_firm"].to_numpy()
    heads = np.unique(line_firm)
    product = main.copy()
    product[heads] = len(codes) + np.arange(len(heads))
    line_revenue = revenue[line_firm] * lines["share"].to_numpy()
    sold = sold.join(lines.select("from_firm", "product", "node"), on=["from_firm", "product"], how="left")
    supplier = sold.select(pl.coalesce("node", "from_firm")).to_series().to_numpy()
    line_product = numbers(lines["product"])
    return Nodes(
        codes=codes,
        product=np.concatenate([product, line_product]),
        firm=np.concatenate([np.arange(table.height), line_firm]),
        rated_as=np.concatenate([main, line_product]),
        revenue=np.concatenate([revenue, line_revenue]),
        supplier=np.concatenate([supplier, line_firm]),
        customer=np.concatenate([sold["to_firm"].to_numpy(), lines["node"].to_numpy()]),
        value=np.concatenate([sold["value"].to_numpy(), line_revenue]),
        inner=lines.height,
        self_links=own,
    )
