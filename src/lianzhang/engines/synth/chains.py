"""Which firms belong to which chain, and who leads it."""

import numpy as np

from .reference import Reference, Segment


def match(class_code: str, segment: Segment) -> bool:
    """Tell whether a class stands under one of the segment's prefixes."""
    return class_code.startswith(segment.prefixes)


def members(ref: Reference, chain: str, classes: list[str], positions: tuple[str, ...]) -> np.ndarray:
    """Return the indices of firms whose main class stands in the chain's segments at `positions`."""
    prefixes = tuple(
        prefix
        for segment in ref.segments
        if segment.chain == chain and segment.position in positions
        for prefix in segment.prefixes
    )
    return np.array([i for i, code in enumerate(classes) if prefixes and code.startswith(prefixes)], int)


def draw_anchors(
    ref: Reference, classes: list[str], revenue: np.ndarray, scale: float
) -> dict[str, list[int]]:
    """Return the anchors of each chain: the largest firms of its middle and lower segments.

    A firm leads one chain only; chains choose in the order of the recipe, and a manufacturing chain
    chooses among industrial firms.
    """
    taken: set[int] = set()
    result = {}
    for chain, number in ref.recipe.anchors.items():
        pool = members(ref, chain, classes, ("mid", "down"))
        ordered = pool[np.argsort(-revenue[pool], kind="stable")]
        maker = ref.chains[chain].kind == "manufacturing"
        free = [
            int(firm)
            for firm in ordered
            if int(firm) not in taken and (not maker or "13" <= classes[firm][:2] <= "46")
        ]
        result[chain] = free[: ref.recipe.count(number, min(scale, 1.0))]
        taken.update(result[chain])
    return result
