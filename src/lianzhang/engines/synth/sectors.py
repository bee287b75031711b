"""Sectors and four-digit classes of firms: large firms first, then what is left is filled up."""

import numpy as np

from .reference import Reference

INDUSTRY = slice(11, 102)
"""Sectors 012 … 102 of the table: manufacturing and utilities."""

_LARGEST = 0.45
"""Largest part of a sector's output that a single firm may take."""


def sector_targets(ref: Reference, total: float) -> np.ndarray:
    """Return output by sector (S, yuan; zero outside industry): published groups fixed, the rest
    in proportion to national output."""
    weight = np.zeros(len(ref.io.codes))
    weight[INDUSTRY] = ref.io.output[INDUSTRY]
    target, left = np.zeros_like(weight), 1.0
    for group in ref.recipe.sectors["groups"]:
        members = np.isin(ref.io.codes, group["codes"])
        target[members] = group["share"] * weight[members] / weight[members].sum()
        left -= group["share"]
        weight[members] = 0.0
    return total * (target + left * weight / weight.sum())


def fill(
    rng: np.random.Generator,
    sizes: np.ndarray,
    targets: np.ndarray,
    floors: np.ndarray | None = None,
    largest: float = 1.0,
) -> np.ndarray:
    """Assign units (descending `sizes`) to groups in proportion to what is left of each target.

    A group takes no unit far above its remainder, none above `largest` times its target and none below its
    own floor; groups with a floor are served first, for few units fit them. When nothing is left the group
    with the largest remainder takes the unit. Returns the group index of each unit.
    """
    left = targets.astype(float).copy()
    chosen = np.empty(len(sizes), int)
    draws = rng.random(len(sizes))
    lowest = np.zeros_like(left) if floors is None else floors
    ceiling = largest * targets
    favour = np.where((lowest > 0) & np.isfinite(lowest), 6.0, 1.0)
    for unit, size in enumerate(sizes):
        open_to = np.where(lowest <= size, left, 0.0)
        fits = (open_to > 0.6 * size) & (ceiling >= size)
        weight = np.where(fits, favour * np.maximum(open_to - 0.5 * size, 0.0), 0.0)
        total = weight.sum()
        if total > 0:
            group = int(np.searchsorted(np.cumsum(weight), draws[unit] * total, side="right"))
            group = min(group, len(left) - 1)
        else:
            group = int(np.argmax(np.where(lowest <= size, left, -np.inf)))
        chosen[unit] = group
        left[group] -= size
    return chosen


def draw_sectors(rng: np.random.Generator, ref: Reference, sizes: np.ndarray) -> np.ndarray:
    """Return the sector index of each firm (sizes descending, yuan)."""
    floors = np.zeros(len(ref.io.codes))
    for code, smallest in ref.recipe.sectors["min_output"].items():
        floors[ref.io.codes.index(code)] = smallest
    targets = sector_targets(ref, sizes.sum())
    floors[targets <= 0] = np.inf
    return fill(rng, sizes, targets, floors, largest=_LARGEST)


def classes_of(ref: Reference) -> dict[int, list[str]]:
    """Return the four-digit classes of each sector, in code order, those of weight zero left out."""
    weight = ref.recipe.sectors["class_weight"]
    found: dict[int, list[str]] = {}
    for code in sorted(ref.class_sector):
        if weight.get(code, 1.0) > 0:
            found.setdefault(ref.class_sector[code], []).append(code)
    return found


def draw_classes(
    rng: np.random.Generator, ref: Reference, sector: np.ndarray, sizes: np.ndarray
) -> list[str]:
    """Return the main class of each firm: shares inside a sector are lognormal times the recipe's weight."""
    result = [""] * len(sizes)
    special = ref.recipe.sectors["class_weight"]
    for index, codes in classes_of(ref).items():
        weight = rng.lognormal(0.0, 0.8, len(codes)) * [special.get(code, 1.0) for code in codes]
        members = np.flatnonzero(sector == index)
        if len(members):
            picks = fill(rng, sizes[members], sizes[members].sum() * weight / weight.sum())
            for member, pick in zip(members, picks, strict=True):
                result[member] = codes[pick]
    return result


def draw_products(
    rng: np.random.Generator, ref: Reference, sector: np.ndarray, main: list[str], sizes: np.ndarray
) -> list[tuple[tuple[str, float], ...]]:
    """Return one to three products of each firm with their shares of output; the main class leads.

    Others come from the same sector, so that sector totals stay what they are; large firms have more.
    """
    shares = {1: (1.0,), 2: (0.75, 0.25), 3: (0.6, 0.25, 0.15)}
    codes = classes_of(ref)
    result = []
    for firm, own in enumerate(main):
        others = [code for code in codes[int(sector[firm])] if code != own]
        extra = rng.random() < np.clip(0.25 + 0.12 * np.log10(sizes[firm] / sizes[-1]), 0.0, 0.8)
        count = min(1 + int(extra) + int(extra and rng.random() < 0.35), 1 + len(others))
        picks = rng.choice(len(others), count - 1, replace=False) if count > 1 else np.empty(0, int)
        result.append(tuple(zip([own, *(others[int(p)] for p in picks)], shares[count], strict=True)))
    return result
