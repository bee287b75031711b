"""Output and value added of firms, raked until every published margin holds exactly."""

import numpy as np

from .raking import keep_above, rake
from .reference import Reference
from .sectors import sector_targets


def rake_outputs(
    ref: Reference, sizes: np.ndarray, sector: np.ndarray, district: np.ndarray, scale: float
) -> np.ndarray:
    """Return outputs (yuan) whose sums by sector, by district and of the largest firms are the recipe's.

    No firm falls below the statistical line; in a small city, where margins and line may contradict, the
    line and the total hold and margins are approached. A sector without a firm loses its target to the others.
    """
    recipe = ref.recipe
    total = recipe.sizes["total"] * scale
    targets = sector_targets(ref, total)
    targets[np.bincount(sector, minlength=len(targets)) == 0] = 0.0
    targets *= total / targets.sum()
    share = np.array([recipe.districts["output_share"][place.name] for place in ref.districts])
    share = np.where(np.bincount(district, minlength=len(share)) > 0, share, 0.0)
    top = recipe.count(recipe.sizes["top"], scale)
    leaders = np.ones(len(sizes), int)
    leaders[np.argsort(-sizes, kind="stable")[:top]] = 0
    part = recipe.sizes["top_share"]
    floor = recipe.sizes["floor"]
    raked = rake(
        sizes,
        [
            (sector, targets),
            (leaders, total * np.array([part, 1.0 - part])),
            (district, total * share / share.sum()),
        ],
        bound=lambda values: np.maximum(values, floor * 1.0005),
    )
    return keep_above(raked, floor)


def value_added(
    rng: np.random.Generator, ref: Reference, output: np.ndarray, sector: np.ndarray, district: np.ndarray
) -> np.ndarray:
    """Return value added: national ratio of the sector × firm noise; the total is what the national
    ratios imply (nothing fitted), the share of the recipe's group of districts is fitted."""
    plain = output * ref.io.ratios["value_added"][sector]
    noisy = plain * rng.lognormal(0.0, 0.2, len(output))
    group = ref.recipe.districts["va_group"]
    member = np.array([place.name in group["districts"] for place in ref.districts])[district]
    part = np.array([1.0 - group["share"], group["share"]])
    if member.all() or not member.any():
        return noisy * plain.sum() / noisy.sum()
    return rake(noisy, [(member.astype(int), plain.sum() * part)], rounds=1)
