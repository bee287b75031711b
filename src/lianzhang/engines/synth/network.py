"""The supply network of the demonstration city: needs → links → balanced values → outside purchases."""

from dataclasses import dataclass

import numpy as np

from .balance import Balanced, balance, regional_flows
from .links import Makers, best, candidates, draw_links, first_values
from .needs import GOODS, Needs, Products, draw_needs, product_table
from .reference import Reference
from .streams import stream

_BUYER_CAP = 0.97
"""Largest part of a purchase that may come from local makers."""
_FIRST_DRAW = 0.95
"""Part of the links that gravity draws; the rest fills pairs of sectors that fall short."""
_TRIFLE = 3e-6
"""Flows between sectors below this part of the whole may stay short."""
_PLANT_PART = 0.06
"""Largest part of the flow between two sectors that a planted need may be (more in a smaller city)."""


@dataclass(frozen=True)
class Network:
    """Links (supplier, buyer, product index, yuan) and what stays outside, per need (yuan)."""

    products: Products
    needs: Needs
    supplier: np.ndarray
    buyer: np.ndarray
    product: np.ndarray
    value: np.ndarray
    outside: np.ndarray
    flows: Balanced
    planted: np.ndarray


def draw_network(
    ref: Reference,
    seed: int,
    sector: np.ndarray,
    output: np.ndarray,
    made: list[tuple[tuple[str, float], ...]],
    scale: float,
) -> Network:
    """Draw the network of firms with `sector` index, `output` (yuan) and products `made` (code, share)."""
    plan = ref.recipe.network
    firm = np.array([index for index, own in enumerate(made) for _ in own])
    code = [product for own in made for product, _ in own]
    value = np.array([output[index] * share for index, own in enumerate(made) for _, share in own])
    totals: dict[str, float] = {}
    for product, amount in zip(code, value, strict=True):
        totals[product] = totals.get(product, 0.0) + float(amount)
    products = product_table(ref, totals)
    place = {product: index for index, product in enumerate(products.codes)}
    makers = Makers(firm, np.array([place[product] for product in code]), value)
    rng = stream(seed, "links")
    spread = plan["local_concentration"]
    local_share = rng.beta(plan["local_share"] * spread, (1 - plan["local_share"]) * spread, len(output))
    needs = draw_needs(stream(seed, "needs"), ref, products, sector, output, local_share)
    planted = _plant(stream(seed, "near-site"), ref, makers, needs, sector, scale)
    needs.local[planted] = 0.0
    target = regional_flows(ref.io.need, ref.io.domestic, sector, output, local_share)[:GOODS, :GOODS]
    links = _FIRST_DRAW * plan["degree"] * len(output)
    maker, pair, balanced = _links(
        rng, makers, needs, (products.sector, sector), links, target, plan["sales_cap"]
    )
    bought = np.bincount(pair, balanced.value, len(needs.amount))
    return Network(
        products,
        needs,
        makers.firm[maker],
        needs.buyer[pair],
        makers.product[maker],
        balanced.value,
        needs.amount - bought,
        balanced,
        planted,
    )


def _links(
    rng: np.random.Generator,
    makers: Makers,
    needs: Needs,
    sectors: tuple[np.ndarray, np.ndarray],
    links: float,
    target: np.ndarray,
    sales_cap: float,
) -> tuple[np.ndarray, np.ndarray, Balanced]:
    """Draw links and balance them; pairs of sectors that stay short get further makers, four times."""
    found = candidates(makers, needs)
    size = len(target)
    from_sector = sectors[0][makers.product[found.maker]]
    to_sector = sectors[1][needs.buyer[found.pair]]
    cell = from_sector * size + to_sector
    hit, chance = draw_links(rng, makers, needs, found, min(links, 0.6 * len(cell)), cell)
    for further in (4, 8, 16, 32, 0):
        rows = np.flatnonzero(hit)
        maker, pair = found.maker[rows], found.pair[rows]
        balanced = balance(
            first_values(makers, needs, found, rows, chance),
            (from_sector[rows], to_sector[rows]),
            target,
            (maker, sales_cap * makers.value),
            (pair, _BUYER_CAP * needs.amount),
        )
        short = ((balanced.achieved < 0.97 * target) & (target > _TRIFLE * target.sum())).ravel()
        hit[best(cell, chance, short[cell] & ~hit, further)] = True
    return maker, pair, balanced


def _plant(
    rng: np.random.Generator, ref: Reference, makers: Makers, needs: Needs, sector: np.ndarray, scale: float
) -> np.ndarray:
    """Choose needs of firms in the first group of sectors (vehicles) that several local firms could serve and let all be bought outside.

    These are the known truths for near-site search. None is so large that its pair of sectors could not
    reach its flow without it. Returns rows of `needs`, ascending.
    """
    group = ref.recipe.sectors["groups"][0]["codes"]
    vehicle = np.isin(np.array(ref.io.codes)[sector[needs.buyer]], group)
    makers_of = np.bincount(makers.product, minlength=int(needs.product.max()) + 1)
    fits = np.flatnonzero(
        vehicle & (makers_of[needs.product] >= 3) & (needs.sector >= 50) & (needs.sector < 97)
    )
    cell = needs.sector[fits] * len(ref.io.codes) + sector[needs.buyer[fits]]
    whole = np.bincount(cell, needs.amount[fits])
    fits = fits[needs.amount[fits] < _PLANT_PART * min(scale, 1.0) ** -0.8 * whole[cell]]
    wanted = ref.recipe.count(ref.recipe.network["near_site"], scale)
    largest = fits[np.argsort(-needs.amount[fits], kind="stable")][: 6 * wanted]
    return np.sort(rng.choice(largest, min(wanted, len(largest)), replace=False))
