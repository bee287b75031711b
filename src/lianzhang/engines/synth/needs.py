"""What each firm buys: a few products of a few sectors, in the mean what the input-output table says."""

from dataclasses import dataclass

import numpy as np

from .reference import Reference

GOODS = 102
"""Sectors 001 … 102 are goods and utilities; services are not part of supply links."""
_TRIFLE = 0.001
"""Inputs below this part of a trade's purchases may be missed when few firms make the trade."""


@dataclass(frozen=True)
class Needs:
    """Purchases: P pairs of a buyer and a product.

    `amount` is the yearly purchase in yuan, `local` the part meant for local makers before balancing.
    """

    buyer: np.ndarray
    product: np.ndarray
    sector: np.ndarray
    amount: np.ndarray
    local: np.ndarray


@dataclass(frozen=True)
class Products:
    """The product list: codes, sector of each, local output of each (yuan)."""

    codes: tuple[str, ...]
    sector: np.ndarray
    output: np.ndarray


def product_table(ref: Reference, made: dict[str, float]) -> Products:
    """List all goods classes of non-zero weight with the local output of each."""
    weight = ref.recipe.sectors["class_weight"]
    codes = tuple(
        code
        for code in sorted(ref.class_sector)
        if ref.class_sector[code] < GOODS and weight.get(code, 1.0) > 0
    )
    sector = np.array([ref.class_sector[code] for code in codes])
    return Products(codes, sector, np.array([made.get(code, 0.0) for code in codes]))


def draw_needs(
    rng: np.random.Generator,
    ref: Reference,
    products: Products,
    sector: np.ndarray,
    output: np.ndarray,
    local_share: np.ndarray,
) -> Needs:
    """Draw the purchases of every firm (sector index, output in yuan, wished local share 0..1).

    An input sector is kept with probability min(1, need ÷ τ), τ chosen per firm so that small firms keep
    four sectors and the largest fifty; what is kept is divided by its probability and scaled to
    the firm's total, so that expectations stay those of the table.
    """
    buyer, supplier, amount = _sectors_bought(rng, ref, sector, output)
    pairs = [
        _products_bought(rng, products, index, buyer[at], sector[buyer[at]], amount[at], output[buyer[at]])
        for index in range(GOODS)
        if len(at := np.flatnonzero(supplier == index))
    ]
    who, what, much = (np.concatenate(part) for part in zip(*pairs, strict=True))
    domestic = ref.io.domestic[products.sector[what], sector[who]]
    local = np.where(products.output[what] > 0, much * domestic * local_share[who], 0.0)
    return Needs(who, what, products.sector[what], much, local)


def _sectors_bought(
    rng: np.random.Generator, ref: Reference, sector: np.ndarray, output: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    need = ref.io.need[:GOODS, :][:, sector].T * output[:, None]
    wanted = np.clip(3.0 + 9.0 * np.log10(output / output.min()), 4.0, 50.0)
    low, high = np.zeros(len(output)), need.max(1) * GOODS
    for _ in range(60):
        middle = (low + high) / 2
        more = np.minimum(1.0, need / np.maximum(middle, 1e-9)[:, None]).sum(1) > wanted
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    chance = np.minimum(1.0, need / np.maximum(high, 1e-9)[:, None])
    kept = rng.random(need.shape) < chance
    kept[np.arange(len(output)), need.argmax(1)] = True
    amount = np.where(kept, need / np.where(chance > 0, chance, 1.0), 0.0)
    _cover_cells(amount, need, sector, output)
    amount *= (need.sum(1) / amount.sum(1))[:, None]
    buyer, supplier = np.nonzero(amount)
    return buyer, supplier, amount[buyer, supplier]


def _cover_cells(amount: np.ndarray, need: np.ndarray, sector: np.ndarray, output: np.ndarray) -> None:
    """Give inputs that no firm of a trade happened to keep to the largest firm of the trade, trifles apart."""
    for trade in np.unique(sector):
        members = np.flatnonzero(sector == trade)
        whole = need[members].sum(0)
        missing = (amount[members].sum(0) == 0) & (whole > _TRIFLE * whole.sum())
        amount[members[output[members].argmax()], missing] = whole[missing]


def _products_bought(
    rng: np.random.Generator,
    products: Products,
    index: int,
    buyer: np.ndarray,
    buyer_sector: np.ndarray,
    amount: np.ndarray,
    size: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Split purchases from one sector over classes: buyers of one trade share a taste (Gumbel top-k)."""
    pool = np.flatnonzero(products.sector == index)
    weight = np.log(products.output[pool] + 0.03 * products.output[pool].sum() / len(pool) + 1.0)
    trades, trade = np.unique(buyer_sector, return_inverse=True)
    taste = rng.normal(0.0, 1.2, (len(trades), len(pool)))
    keys = weight + taste[trade] + rng.gumbel(0.0, 1.0, (len(buyer), len(pool)))
    count = np.minimum(len(pool), 1 + rng.poisson(1.4 * np.log10(size / 2.0e7 + 1.0)))
    order = np.argsort(-keys, axis=1)[:, : int(count.max())]
    chosen = np.arange(order.shape[1])[None, :] < count[:, None]
    part = np.where(chosen, rng.exponential(1.0, order.shape) + 0.15, 0.0)
    part *= (amount / part.sum(1))[:, None]
    row, column = np.nonzero(chosen)
    return buyer[row], pool[order[row, column]], part[row, column]
