"""The register through the eyes of the search for doubles: records, the city's own names, weights of the catalogue."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lianzhang.city.models import Area
from lianzhang.city.services import section
from lianzhang.engines.duplicates import Judgement, Names, Record, Weights, judge
from lianzhang.kernel.bulk import among, parts
from lianzhang.registry.models import Enterprise

COLUMNS = (
    "pk", "uscc", "name", "former_names", "former_codes", "address", "phone", "legal_representative", "established", "district__zh",
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """What is needed to compare: names of the city, weights, and from how many sharers on a weak key says nothing."""

    names: Names
    weights: Weights
    crowd: int

    def judge(self, a: Record, b: Record) -> Judgement:
        """The judgement of the engine under the catalogue's weights."""
        return judge(a, b, self.weights, self.names)


def comparison() -> Comparison:
    """As the catalogue in force says."""
    (row,) = section("duplicates.yaml")
    points = {p["reason"]: p["points"] for p in row["points"]}
    places = Area.objects.filter(level__in=[Area.Level.CITY, Area.Level.DISTRICT])
    names = Names(places.values_list("zh", flat=True))
    return Comparison(names, Weights(points, row["ask"], row["likely"]), row["crowd"])


def records(enterprise_ids: Iterable[int]) -> dict[int, Record]:
    """id → record, of those that are shown."""
    out: dict[int, Record] = {}
    for part in parts(sorted(enterprise_ids), 900):
        rows = Enterprise.objects.filter(among(part), registered=True)
        out.update({row[0]: record(row) for row in rows.values_list(*COLUMNS)})
    return out


def record(row: tuple[Any, ...]) -> Record:
    """A record from a row of `COLUMNS`."""
    pk, uscc, name, former_names, former_codes, address, phone, person, established, district = row
    return Record(
        pk, uscc, name, tuple(former_names), tuple(former_codes), address, phone, person, established, district or ""
    )  # fmt: skip


def digest(found: Judgement) -> str:
    """What a judgement was made on: sha256 over the reasons and their values."""
    told = [[r.kind, *r.values] for r in found.reasons]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
