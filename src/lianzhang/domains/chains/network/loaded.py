"""The last snapshots as networks of the engine, kept in the memory of the process that computes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from lianzhang.domains.chains.network import snapshots
from lianzhang.domains.chains.network.nodes import Nodes, nodes_of
from lianzhang.engines.network import Network, build_network
from lianzhang.engines.network.model import ESSENTIAL, NON_ESSENTIAL, Floats, Ints

ASSUMPTIONS = ("survey", "linear", "essential")
"""How inputs are taken: as the survey rates them, all in proportion to cost, all indispensable."""


@dataclass(frozen=True)
class Loaded:
    """A snapshot in memory. The first `n` nodes of every network are the firms, in the order of `ids`."""

    firms: pl.DataFrame
    links: pl.DataFrame
    outside: pl.DataFrame
    ratings: pl.DataFrame

    @property
    def n(self) -> int:
        return self.firms.height

    @cached_property
    def ids(self) -> Ints:
        """Ids of the enterprises (n,), ascending."""
        return self.firms["id"].to_numpy()

    @cached_property
    def nodes(self) -> Nodes:
        return nodes_of(self.firms, self.links, self.outside)

    @property
    def revenue(self) -> Floats:
        """Yearly revenue used (n,), in yuan: as filed, at least the sales in the links."""
        return self.nodes.revenue[: self.n]

    @cached_property
    def weights(self) -> Floats:
        """Revenue of firms, zero for their lines: what a lost level is worth, for each node."""
        return np.concatenate([self.revenue, np.zeros(len(self.nodes.revenue) - self.n)])

    def positions(self, enterprises: ArrayLike) -> Ints:
        """Position of each enterprise by its id, -1 for those outside the network."""
        ids = np.asarray(enterprises, np.int64)
        if not self.n:
            return np.full(len(ids), -1)
        at = np.minimum(np.searchsorted(self.ids, ids), self.n - 1)
        return np.where(self.ids[at] == ids, at, -1)

    @cached_property
    def networks(self) -> dict[str, Network]:
        """The network under each assumption."""
        nodes = self.nodes
        number = {code: i for i, code in enumerate(nodes.codes)}
        bought = np.array([number.get(code, -1) for code in self.outside["product"]], np.int64)
        outside = (self.positions(self.outside["firm"].to_numpy()), bought, self.outside["value"].to_numpy())
        return {
            name: build_network(
                nodes.product, nodes.revenue, nodes.supplier, nodes.customer, nodes.value,
                n_products=nodes.n_products, outside=outside, ratings=rated,
            )
            for name, rated in self._rated().items()
        }  # fmt: skip

    def _rated(self) -> dict[str, tuple[Ints, Ints, Ints]]:
        """Classes of the product pairs that links join; inside a firm everything is essential."""
        nodes = self.nodes
        pairs = np.stack(
            [nodes.product[nodes.supplier], nodes.product[nodes.customer], nodes.rated_as[nodes.customer]],
            axis=1,
        )
        inner = np.zeros(len(pairs), bool)
        inner[len(pairs) - nodes.inner :] = True
        inside = np.unique(pairs[inner], axis=0)
        pairs = np.unique(pairs[~inner & (pairs >= 0).all(axis=1)], axis=0)
        survey = {(s, b): r for s, b, r in self.ratings.iter_rows()}
        division = [code[:2] for code in nodes.codes]
        classes = [survey.get((division[s], division[b]), NON_ESSENTIAL) for s, _, b in pairs]
        supplying = np.concatenate([pairs[:, 0], inside[:, 0]])
        buying = np.concatenate([pairs[:, 1], inside[:, 1]])
        always = np.full(len(inside), ESSENTIAL)
        assumed = {
            "survey": np.array(classes, np.int64),
            "linear": np.full(len(pairs), NON_ESSENTIAL),
            "essential": np.full(len(pairs), ESSENTIAL),
        }
        return {name: (supplying, buying, np.concatenate([own, always])) for name, own in assumed.items()}


@lru_cache(maxsize=2)
def load(digest: str) -> Loaded:
    """A snapshot by its hash; the last two stay in memory, with their networks."""
    return Loaded(**snapshots.read(digest))
