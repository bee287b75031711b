"""Random points inside polygons (longitude, latitude in degrees)."""

import numpy as np


def inside(points: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """Return which `points` (n×2) lie in the closed `ring` (k×2), by counting crossings."""
    x, y = points[:, 0, None], points[:, 1, None]
    x0, y0 = ring[:-1, 0], ring[:-1, 1]
    x1, y1 = ring[1:, 0], ring[1:, 1]
    span = (y0 > y) != (y1 > y)
    cut = x0 + (y - y0) * (x1 - x0) / np.where(y1 == y0, 1.0, y1 - y0)
    return (np.sum(span & (x < cut), axis=1) % 2).astype(bool)


def draw_inside(rng: np.random.Generator, ring: np.ndarray, count: int) -> np.ndarray:
    """Return `count` points uniform in the ring by rejection from its bounding box."""
    low, high = ring.min(0), ring.max(0)
    found = np.empty((0, 2))
    while len(found) < count:
        trial = rng.uniform(low, high, (2 * count + 16, 2))
        found = np.vstack([found, trial[inside(trial, ring)]])
    return found[:count]
