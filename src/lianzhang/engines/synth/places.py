"""Districts, fictitious parks and coordinates of firms."""

from dataclasses import dataclass

import numpy as np

from .geometry import draw_inside, inside
from .raking import fit_table
from .reference import Reference
from .sectors import fill

_PARK_RADIUS = 0.004
"""Half-width of a park in degrees, about 400 m."""


@dataclass(frozen=True)
class Park:
    """A fictitious park: name, district index, street and centre (longitude, latitude)."""

    name: str
    district: int
    street: str
    centre: tuple[float, float]


@dataclass(frozen=True)
class Sites:
    """Where firms stand: street and park index (−1: outside parks) and point per firm (n×2)."""

    street: list[str]
    park: np.ndarray
    point: np.ndarray


def draw_districts(
    rng: np.random.Generator, ref: Reference, sector: np.ndarray, sizes: np.ndarray
) -> np.ndarray:
    """Return the district index of each firm: sector × district by IPF from the recipe's affinities,
    then large firms first into what is left of each cell."""
    names = [district.name for district in ref.districts]
    share = np.array([ref.recipe.districts["output_share"][name] for name in names])
    seed = np.tile(share, (len(ref.io.codes), 1))
    for name, factors in ref.recipe.districts["affinity"].items():
        for code, factor in factors.items():
            seed[ref.io.codes.index(code), names.index(name)] *= max(factor, 1e-9)
    rows = np.bincount(sector, sizes, len(ref.io.codes))
    left = fit_table(seed, rows, share * sizes.sum())
    result = np.empty(len(sizes), int)
    for index in np.unique(sector):
        members = np.flatnonzero(sector == index)
        result[members] = fill(rng, sizes[members], left[index])
    return result


def draw_parks(rng: np.random.Generator, ref: Reference) -> list[Park]:
    """Return the recipe's number of parks in each district, inside its outline."""
    parks, used = [], set[str]()
    for index, district in enumerate(ref.districts):
        for centre in draw_inside(rng, district.ring, ref.recipe.parks_per_district):
            brand = ""
            while not brand or brand in used:
                brand = str(rng.choice(list(ref.names["first"]))) + str(rng.choice(list(ref.names["second"])))
            used.add(brand)
            word = str(rng.choice(ref.names["park_words"]))
            street = str(rng.choice(district.streets))
            parks.append(Park(brand + word, index, street, (float(centre[0]), float(centre[1]))))
    return parks


def draw_sites(
    rng: np.random.Generator, ref: Reference, district: np.ndarray, parks: list[Park], in_park: float
) -> Sites:
    """Place each firm inside its district: a share `in_park` beside a park's centre, others anywhere.

    A point that falls out of the outline is moved to the park's centre.
    """
    count = len(district)
    street, park, point = [""] * count, np.full(count, -1), np.empty((count, 2))
    for index, place in enumerate(ref.districts):
        members = np.flatnonzero(district == index)
        own = [number for number, candidate in enumerate(parks) if candidate.district == index]
        weights = rng.lognormal(0.0, 0.7, len(place.streets))
        picks = rng.choice(len(place.streets), len(members), p=weights / weights.sum())
        chosen = np.where(rng.random(len(members)) < in_park, rng.choice(own, len(members)), -1)
        free = draw_inside(rng, place.ring, len(members))
        centres = np.array([parks[number].centre for number in range(len(parks))])
        near = centres[chosen] + rng.uniform(-_PARK_RADIUS, _PARK_RADIUS, (len(members), 2))
        near = np.where(inside(near, place.ring)[:, None], near, centres[chosen])
        point[members] = np.where((chosen >= 0)[:, None], near, free)
        park[members] = chosen
        for member, pick, number in zip(members, picks, chosen, strict=True):
            street[member] = parks[number].street if number >= 0 else place.streets[pick]
    return Sites(street, park, np.round(point, 6))
