"""A register of any size and nothing else: enterprises and yearly figures for measuring lists, search and loading.

Rows are drawn in chunks and written as they come, so that three million take no more memory than thousands. A name is
made from the number of its enterprise by a permutation of all brands, which keeps names unique without remembering them.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np

from .codes import fictitious_uscc
from .reference import Reference
from .streams import stream

CHUNK = 50_000
_SPREAD = 0.6180339887
STANDS = {
    "status_open": 0.87,
    "status_deregistered": 0.07,
    "status_revoked": 0.03,
    "status_suspended": 0.02,
    "status_moved": 0.01,
}
"""Shares of what the registers say of an enterprise."""
RENAMED = 0.06
"""Share of enterprises that had another name before."""
ROSTER = (
    "uscc",
    "name",
    "former_names",
    "district",
    "street",
    "address",
    "industry_code",
    "established",
    "status",
)
YEARLY = ("uscc", "name", "revenue", "employees", "tax")


@dataclass(frozen=True)
class Written:
    """Files of a register: the roster, and per year the figures."""

    roster: Path
    years: dict[int, Path]


def write_registry_only(
    ref: Reference, out: Path, firms: int, years: Sequence[int], seed: int = 1
) -> Written:
    """Write `firms` enterprises as `registry.csv` and their figures (revenue and tax in ten thousand yuan) of each of
    `years` as `figures_<year>.csv` into `out`; UTF-8. Raises ValueError when there are fewer names than firms."""
    brands = Brands(ref)
    if not 0 < firms <= brands.count:
        raise ValueError(f"between 1 and {brands.count} firms can be named, {firms} were asked for")
    out.mkdir(parents=True, exist_ok=True)
    written = Written(out / "registry.csv", {year: out / f"figures_{year}.csv" for year in years})
    _write(written.roster, [ref.layout["fields"][f] for f in ROSTER], _roster(ref, brands, firms, seed))
    head = [_head(ref, f) for f in YEARLY]
    for year, path in written.years.items():
        _write(path, head, _figures(ref, brands, firms, year, seed))
    return written


class Brands:
    """All brands in a fixed scattered order: three characters first, then four."""

    def __init__(self, ref: Reference) -> None:
        words = ref.names
        self._parts = (words["first"], words["second"], words["third"])
        self._short = len(words["first"]) * len(words["second"]) * len(words["third"])
        self._pair = len(words["first"]) * len(words["second"])
        self.count = self._short + self._pair**2
        self._place = ref.recipe.city["short"]
        self._words = words

    def name(self, number: int, division: str) -> str:
        """The name of enterprise `number` in a division of industry: unique among all numbers."""
        first, second, third = self._parts
        if number < self._short:
            a, b, c = _mixed(_scattered(number, self._short), (len(first), len(second), len(third)))
            brand = first[a] + second[b] + third[c]
        else:
            at = _scattered(number - self._short, self._pair**2)
            a, b, c, d = _mixed(at, (len(first), len(second), len(first), len(second)))
            brand = first[a] + second[b] + first[c] + second[d]
        choices = self._words["words"].get(division, self._words["words"]["x"])
        pattern = self._words["patterns"]["brand_first" if number % 7 == 0 else "place_first"]
        word = choices[number % len(choices)]
        return pattern.format(place=self._place, brand=brand, word=word, form=self._words["forms"][0])


def _scattered(number: int, modulus: int) -> int:
    """A permutation of 0…modulus−1 under which neighbours lie far apart."""
    step = int(modulus * _SPREAD)
    while gcd(step, modulus) != 1:
        step += 1
    return number * step % modulus


def _mixed(number: int, bases: Sequence[int]) -> list[int]:
    """The digits of a number in mixed bases."""
    digits = []
    for base in bases:
        number, rest = divmod(number, base)
        digits.append(rest)
    return digits


def _write(path: Path, head: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow(head)
        writer.writerows(rows)


def _head(ref: Reference, field: str) -> str:
    unit = f"({ref.layout['units']['money']})" if field in ("revenue", "tax") else ""
    return ref.layout["fields"][field] + unit


def _classes(ref: Reference, rng: np.random.Generator, count: int) -> list[str]:
    """Industry classes, all alike."""
    codes = sorted(ref.classes)
    return [codes[int(i)] for i in rng.integers(len(codes), size=count)]


def _roster(ref: Reference, brands: Brands, firms: int, seed: int) -> Iterator[Sequence[object]]:
    phrases, area = ref.layout["phrases"], ref.recipe.city["uscc_area"]
    first, second = ref.names["first"], ref.names["second"]
    shares = np.array([ref.recipe.districts["small_share"][place.name] for place in ref.districts])
    for start in range(0, firms, CHUNK):
        count = min(CHUNK, firms - start)
        rng = stream(seed, f"registry {start}")
        classes = _classes(ref, rng, count)
        district = rng.choice(len(shares), count, p=shares / shares.sum())
        street, number, road = (
            rng.random(count),
            rng.integers(1, 900, count),
            rng.integers(0, (len(first), len(second)), (count, 2)),
        )
        year = 2022 - np.minimum(rng.gamma(2.0, 4.0, count).astype(int), 38)
        month, day = rng.integers(1, 13, count), rng.integers(1, 29, count)
        status = rng.choice([phrases[s] for s in STANDS], count, p=list(STANDS.values()))
        renamed = rng.random(count) < RENAMED
        for i in range(count):
            place = ref.districts[district[i]]
            along = place.streets[int(street[i] * len(place.streets))]
            address = ref.recipe.city["name"] + phrases["address"].format(
                district=place.name,
                street=along,
                number=number[i],
                park=first[road[i, 0]] + second[road[i, 1]] + phrases["road"],
            )
            number_of = start + i
            # Under the brand of the enterprise as far from the other end: nobody bears it today unless all are named.
            former = brands.name(brands.count - 1 - number_of, classes[i][:2]) if renamed[i] else ""
            yield (
                fictitious_uscc(number_of + 1, area), brands.name(number_of, classes[i][:2]), former, place.name, along, address,
                classes[i], f"{year[i]}-{month[i]:02d}-{day[i]:02d}", status[i],
            )  # fmt: skip


def _figures(ref: Reference, brands: Brands, firms: int, year: int, seed: int) -> Iterator[Sequence[object]]:
    area = ref.recipe.city["uscc_area"]
    for start in range(0, firms, CHUNK):
        count = min(CHUNK, firms - start)
        classes = _classes(ref, stream(seed, f"registry {start}"), count)
        rng = stream(seed, f"figures {year} {start}")
        revenue = np.round(rng.lognormal(np.log(300), 1.8, count), 1)
        people = np.maximum(np.round(revenue / 60 * rng.lognormal(0, 0.5, count)), 1).astype(int)
        tax = np.round(revenue * rng.uniform(0.005, 0.06, count), 2)
        for i in range(count):
            name = brands.name(start + i, classes[i][:2])
            yield fictitious_uscc(start + i + 1, area), name, revenue[i], people[i], tax[i]
