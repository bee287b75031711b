"""The enterprises of the city as one list: firms above the line first, smaller ones after."""

from dataclasses import dataclass

import numpy as np

from .codes import fictitious_uscc
from .names import Namer
from .places import Park, draw_parks, draw_sites
from .reference import Reference
from .streams import stream


@dataclass(frozen=True)
class Enterprises:
    """Columns over all enterprises (n): the first `above` stand above the statistical line.

    `district` and `park` are indices (park −1: none), `point` longitude and latitude, `established` ISO dates.
    """

    above: int
    uscc: list[str]
    name: list[str]
    former: list[str]
    classes: list[str]
    district: np.ndarray
    street: list[str]
    park: np.ndarray
    point: np.ndarray
    established: list[str]
    address: list[str]
    parks: list[Park]


def draw_enterprises(
    ref: Reference,
    seed: int,
    classes: list[str],
    district: np.ndarray,
    above: int,
    size: np.ndarray,
    latest_start: np.ndarray,
) -> Enterprises:
    """Give identities to firms with given classes, districts, sizes (yuan) and latest founding year."""
    count = len(classes)
    parks = draw_parks(stream(seed, "parks"), ref)
    sites = draw_sites(stream(seed, "sites"), ref, district, parks, in_park=0.6)
    namer = Namer(stream(seed, "names"), ref)
    name = [namer.name(code, large=size[index] > 1e9) for index, code in enumerate(classes)]
    rng = stream(seed, "lives")
    former = [namer.name(code) if rng.random() < 0.02 else "" for code in classes]
    return Enterprises(
        above=above,
        uscc=[fictitious_uscc(index + 1, ref.recipe.city["uscc_area"]) for index in range(count)],
        name=name,
        former=former,
        classes=classes,
        district=district,
        street=sites.street,
        park=sites.park,
        point=sites.point,
        established=_dates(rng, latest_start),
        address=_addresses(rng, ref, district, sites.street, sites.park, parks),
        parks=parks,
    )


def _dates(rng: np.random.Generator, latest: np.ndarray) -> list[str]:
    year = np.maximum(latest - np.floor(rng.gamma(2.0, 5.0, len(latest))).astype(int), 1984)
    month, day = rng.integers(1, 13, len(latest)), rng.integers(1, 29, len(latest))
    return [f"{y}-{m:02d}-{d:02d}" for y, m, d in zip(year, month, day, strict=True)]


def _addresses(
    rng: np.random.Generator,
    ref: Reference,
    district: np.ndarray,
    street: list[str],
    park: np.ndarray,
    parks: list[Park],
) -> list[str]:
    pattern, road = ref.layout["phrases"]["address"], ref.layout["phrases"]["road"]
    first, second = ref.names["first"], ref.names["second"]
    numbers = rng.integers(1, 400, len(street))
    picks = rng.integers(0, (len(first), len(second)), (len(street), 2))
    result = []
    for index, place in enumerate(street):
        along = first[picks[index, 0]] + second[picks[index, 1]] + road
        result.append(
            ref.recipe.city["name"]
            + pattern.format(
                district=ref.districts[district[index]].name,
                street=place,
                park=parks[park[index]].name if park[index] >= 0 else along,
                number=numbers[index],
            )
        )
    return result
