"""From filings to what is shown: which source wins per field, and what the others said.

Per source the last word counts, and keeps the date of the delivery that first said it. Between sources the rank of
the catalogue decides, then the later date. Statistical returns never enter: they are shown apart to statisticians.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from lianzhang.city.models import Area, Industry, Source
from lianzhang.kernel import bulk
from lianzhang.registry.models import Enterprise, Filing, YearFacts
from lianzhang.registry.models.year import TYPED

IDENTITY = (
    "name",
    "former_names",
    "district",
    "street",
    "address",
    "longitude",
    "latitude",
    "industry_code",
    "products",
    "established",
    "status",
)
BATCH = 400


@dataclass(frozen=True, slots=True)
class Word:
    """The value one source holds true, and the filing that first said so."""

    value: Any
    filing: int
    source: str
    as_of: date


class Said(NamedTuple):
    """A filing without the weight of a model: a city's roster has hundreds of thousands of them."""

    pk: int
    source: str
    as_of: date
    values: dict[str, Any]


class Year(NamedTuple):
    """What the newest figures of an enterprise are read from."""

    year: int
    revenue: float | None
    employees: int | None


def ranks() -> dict[str, int]:
    """Rank of each source; the lower wins. A source without entry ranks last."""
    return dict(Source.objects.values_list("code", "rank"))


def words(filings: Iterable[Said]) -> dict[str, dict[str, Word]]:
    """field → source → its last word, from filings in order of delivery."""
    out: dict[str, dict[str, Word]] = defaultdict(dict)
    for filing in filings:
        for name, value in filing.values.items():
            before = out[name].get(filing.source)
            if before is None or before.value != value:
                out[name][filing.source] = Word(value, filing.pk, filing.source, filing.as_of)
    return out


def resolve(
    said: dict[str, dict[str, Word]], rank: dict[str, int]
) -> tuple[dict[str, Any], dict[str, int], dict[str, list[Any]]]:
    """(values, filing behind each, conflicts: what other sources said that differs)."""
    values, origin, conflicts = {}, {}, {}
    for name, by_source in said.items():
        if len(by_source) == 1:
            (word,) = by_source.values()
            values[name], origin[name] = word.value, word.filing
            continue
        order = sorted(
            by_source.values(), key=lambda w: (rank.get(w.source, 99), -w.as_of.toordinal(), -w.filing)
        )
        values[name], origin[name] = order[0].value, order[0].filing
        others = [[w.source, w.value, w.filing] for w in order[1:] if w.value != order[0].value]
        if others:
            conflicts[name] = others
    return values, origin, conflicts


Touched = dict[int, set[str]]
"""enterprise → the periods (empty: standing facts) in which something was delivered or taken back."""


@dataclass(frozen=True)
class Places:
    """Where enterprises lie: areas by code, streets by their district and name."""

    areas: dict[str, tuple[int, str]]
    streets: dict[tuple[int | None, str], str]

    @classmethod
    def known(cls) -> Places:
        """All areas of the catalogue."""
        rows = list(Area.objects.all())
        streets = {
            (a.parent_id, a.zh): a.path for a in rows if a.level in (Area.Level.STREET, Area.Level.PARK)
        }
        return cls({a.code: (a.pk, a.path) for a in rows}, streets)

    def of(self, district: str, street: str) -> tuple[int | None, str]:
        """(district, path down to the street or park where the catalogue has one of that name there, else to the district)."""
        pk, path = self.areas.get(district, (None, ""))
        return pk, self.streets.get((pk, street.strip()), path)


def project(touched: Touched) -> None:
    """Compute anew what is shown of these enterprises in these periods."""
    rank = ranks()
    places = Places.known()
    industries = set(Industry.objects.values_list("code", flat=True))
    ordered = sorted(touched)
    for i in range(0, len(ordered), BATCH):
        _project_chunk({pk: touched[pk] for pk in ordered[i : i + BATCH]}, rank, places, industries)


def _project_chunk(touched: Touched, rank: dict[str, int], places: Places, industries: set[str]) -> None:
    said: dict[tuple[int, str], list[Said]] = defaultdict(list)
    periods = set().union(*touched.values())
    filings = Filing.objects.filter(enterprise_id__in=touched, period__in=periods).exclude(use="statistical")
    for pk, period, *rest in filings.order_by("id").values_list(
        "enterprise_id", "period", "id", "source", "as_of", "values"
    ):
        said[pk, period].append(Said(*rest))
    _write_years(touched, said, rank)
    known: dict[int, list[Year]] = defaultdict(list)
    years = YearFacts.objects.filter(enterprise_id__in=touched).order_by("year")
    for pk, *rest in years.values_list("enterprise_id", "year", "revenue", "employees"):
        known[pk].append(Year(*rest))
    standing, lately = [], []
    for enterprise in Enterprise.objects.filter(pk__in=touched):
        before = [getattr(enterprise, n) for n in _LATEST]
        _latest(enterprise, known[enterprise.pk])
        if "" in touched[enterprise.pk]:
            _identity(enterprise, said[enterprise.pk, ""], rank, places, industries)
            standing.append([*(getattr(enterprise, n) for n in _STANDING), enterprise.pk])
        after = [getattr(enterprise, n) for n in _LATEST]
        if after != before:
            lately.append([*after, enterprise.pk])
    bulk.update_rows(Enterprise, _STANDING, standing)
    bulk.update_rows(Enterprise, _LATEST, lately)


def _write_years(touched: Touched, said: dict[tuple[int, str], list[Said]], rank: dict[str, int]) -> None:
    """Replace the yearly facts of the touched periods."""
    by_period: dict[str, list[int]] = defaultdict(list)
    for pk, periods in touched.items():
        for period in periods:
            if len(period) == 4 and period.isdigit():
                by_period[period].append(pk)
    for period, ids in by_period.items():
        YearFacts.objects.filter(enterprise_id__in=ids, year=int(period)).delete()
        rows = [_year(pk, said[pk, period], rank) for pk in ids if said.get((pk, period))]
        bulk.insert_rows(
            YearFacts, ("enterprise_id", *TYPED, "other", "origin", "conflicts"), rows, {"year": int(period)}
        )


_STANDING = (
    "name", "former_names", "district_id", "area_path", "street", "address", "longitude", "latitude", "industry_id", "products",
    "established", "status", "registered", "origin", "conflicts",
)  # fmt: skip
_LATEST = ("size", "latest_year", "revenue", "employees")


def _identity(
    e: Enterprise,
    filings: list[Said],
    rank: dict[str, int],
    places: Places,
    industries: set[str],
) -> None:
    values, e.origin, e.conflicts = resolve(words(filings), rank)
    e.registered = "name" in values
    if not e.registered:
        return
    names = {w.value for w in _all_names(filings)} - {values["name"]}
    e.name = values["name"]
    e.former_names = sorted(names | set(values.get("former_names") or []))
    e.street, e.address = values.get("street", ""), values.get("address", "")
    e.district_id, e.area_path = places.of(values.get("district", ""), e.street)
    e.longitude, e.latitude = values.get("longitude"), values.get("latitude")
    code = values.get("industry_code")
    e.industry_id = code if code in industries else None
    e.products = values.get("products") or []
    e.established = date.fromisoformat(values["established"]) if values.get("established") else None
    e.status = values.get("status", Enterprise.Status.UNKNOWN)


def _all_names(filings: list[Said]) -> list[Word]:
    return [Word(f.values["name"], f.pk, f.source, f.as_of) for f in filings if "name" in f.values]


def _year(enterprise_id: int, filings: list[Said], rank: dict[str, int]) -> list[Any]:
    """A row of resolved yearly facts in the order of the columns."""
    values, origin, conflicts = resolve(words(filings), rank)
    typed = [values.pop(n, None) for n in TYPED]
    return [enterprise_id, *typed, values, origin, conflicts]


def _latest(e: Enterprise, years: list[Year]) -> None:
    """The newest year with a revenue decides the size (legal line of 20 million yuan)."""
    e.latest_year = e.revenue = e.employees = None
    e.size = Enterprise.Size.UNKNOWN
    for year in years:
        if year.employees is not None:
            e.employees = year.employees
        if year.revenue is not None:
            e.latest_year, e.revenue = year.year, year.revenue
            e.size = Enterprise.Size.ABOVE if year.revenue >= 20_000_000 else Enterprise.Size.BELOW
