"""From filings to what is shown: which source wins per field, and what the others said.

Per source the last word counts, and keeps the date of the delivery that first said it. Between sources the rank of
the catalogue decides, then the later date. Statistical returns never enter: they are shown apart to statisticians.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from lianzhang.city import services as city
from lianzhang.city.models import Area, Industry
from lianzhang.kernel import bulk
from lianzhang.registry import merged
from lianzhang.registry.models import Enterprise, Filing, YearFacts
from lianzhang.registry.models.year import TYPED
from lianzhang.registry.names import index

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
    "status_on",
    "legal_representative",
    "contact",
    "phone",
    "former_codes",
)
BATCH = 400


@dataclass(frozen=True, slots=True)
class Word:
    """The value one source holds true, and the filing that first said so."""

    value: Any
    filing: int
    source: str
    as_of: date
    own: bool = True


class Said(NamedTuple):
    """A filing without the weight of a model: a city's roster has hundreds of thousands of them."""

    pk: int
    source: str
    as_of: date
    values: dict[str, Any]
    own: bool = True  # False: said of an entry that was merged into this one


class Year(NamedTuple):
    """What the newest figures of an enterprise are read from."""

    year: int
    revenue: float | None
    employees: float | None


Words = dict[str, dict[tuple[str, bool], Word]]


def words(filings: Iterable[Said]) -> Words:
    """field → (source, whether said of this entry itself) → its last word, from filings in order of delivery."""
    out: Words = defaultdict(dict)
    for filing in filings:
        key = (filing.source, filing.own)
        for name, value in filing.values.items():
            before = out[name].get(key)
            if before is None or before.value != value:
                out[name][key] = Word(value, filing.pk, filing.source, filing.as_of, filing.own)
    return out


def resolve(said: Words, rank: dict[str, int]) -> tuple[dict[str, Any], dict[str, int], dict[str, list[Any]]]:
    """(values, filing behind each, conflicts: what other sources said that differs). What was said of the entry itself
    stands before what was said of one merged into it, whatever the ranks."""
    values, origin, conflicts = {}, {}, {}
    for name, by_source in said.items():
        if len(by_source) == 1:
            (word,) = by_source.values()
            values[name], origin[name] = word.value, word.filing
            continue
        order = sorted(
            by_source.values(),
            key=lambda w: (not w.own, rank.get(w.source, 99), -w.as_of.toordinal(), -w.filing),
        )
        values[name], origin[name] = order[0].value, order[0].filing
        others = [[w.source, w.value, w.filing] for w in order[1:] if w.value != order[0].value]
        if others:
            conflicts[name] = others
    return values, origin, conflicts


def settled(
    filings: list[Said], rank: dict[str, int]
) -> tuple[dict[str, Any], dict[str, int], dict[str, list[Any]]]:
    """What `resolve` says of filings in order of delivery; a single one, as most are, is right by itself."""
    if len(filings) == 1:
        (only,) = filings
        return dict(only.values), dict.fromkeys(only.values, only.pk), {}
    return resolve(words(filings), rank)


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


@dataclass(frozen=True)
class Around:
    """What every projection looks up: the rank of each source, the places, the codes of industries."""

    rank: dict[str, int]
    places: Places
    industries: set[str]

    @classmethod
    def known(cls) -> Around:
        """As the catalogue has it now."""
        return cls(city.ranks(), Places.known(), set(Industry.objects.values_list("code", flat=True)))


STANDING = (
    "name", "former_names", "district_id", "area_path", "street", "address", "longitude", "latitude", "industry_id", "products",
    "established", "status", "status_on", "legal_representative", "contact", "phone", "former_codes", "registered", "origin", "conflicts",
)  # fmt: skip
LATEST = ("size", "latest_year", "revenue", "employees")


@dataclass(slots=True)
class Shown:
    """What is shown of an enterprise, without the weight of a model; the columns in the order of COLUMNS."""

    id: int
    uscc: str
    name: str = ""
    former_names: list[str] = field(default_factory=list)
    district_id: int | None = None
    area_path: str = ""
    street: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    industry_id: str | None = None
    products: list[str] = field(default_factory=list)
    established: date | None = None
    status: str = "unknown"
    status_on: date | None = None
    legal_representative: str = ""
    contact: str = ""
    phone: str = ""
    former_codes: list[str] = field(default_factory=list)
    registered: bool = False
    origin: dict[str, int] = field(default_factory=dict)
    conflicts: dict[str, list[Any]] = field(default_factory=dict)
    size: str = "unknown"
    latest_year: int | None = None
    revenue: float | None = None
    employees: float | None = None

    def values(self, columns: Iterable[str]) -> list[Any]:
        """A row of these columns."""
        return [getattr(self, name) for name in columns]

    @property
    def found_by(self) -> index.Entry:
        """What an enterprise is found by: nothing while no delivery in force names it."""
        return (
            (self.id, [self.name, *self.former_names], self.address) if self.registered else (self.id, [], "")
        )


COLUMNS = ("id", "uscc", *STANDING, *LATEST)


def project(touched: Touched, around: Around | None = None) -> None:
    """Compute anew what is shown of these enterprises in these periods."""
    around = around or Around.known()
    groups = merged.groups(touched)
    for root, entries in groups.items():  # what is said of one entry of a firm changes what is shown of all
        periods = set().union(*(touched.get(pk, ()) for pk in (root, *entries)))
        touched = {**touched, **{pk: periods for pk in (root, *entries)}}
    ordered = sorted(touched)
    for i in range(0, len(ordered), BATCH):
        _project_chunk({pk: touched[pk] for pk in ordered[i : i + BATCH]}, groups, around)
    _settle(groups)


def _settle(groups: dict[int, list[int]]) -> None:
    """Entries merged into another one lie where it lies, are not shown by themselves, and lend it their names and codes."""
    for root in Enterprise.objects.filter(pk__in=list(groups)):
        absorbed = Enterprise.objects.filter(pk__in=groups[root.pk])
        names, codes = set(root.former_names), set(root.former_codes)
        for entry in absorbed:
            names |= {entry.name, *entry.former_names} - {""}
            codes |= {entry.uscc, *entry.former_codes}
        former, old = sorted(names - {root.name}), sorted(codes - {root.uscc})
        bulk.update_rows(Enterprise, ("former_names", "former_codes"), [[former, old, root.pk]])
        absorbed.update(registered=False, district_id=root.district_id, area_path=root.area_path)
        shown = (root.pk, [root.name, *former] if root.registered else [], root.address)
        index.put([shown, *((pk, [], "") for pk in groups[root.pk])])


def is_year(period: str) -> bool:
    """Whether a period is a calendar year: only years have facts that are shown."""
    return len(period) == 4 and period.isdigit()


def _filings(touched: Touched, groups: dict[int, list[int]]) -> dict[tuple[int, str], list[Said]]:
    """(enterprise, period) → what was said of it and of the entries merged into it, in order of delivery."""
    shown_under = {pk: root for root, entries in groups.items() if root in touched for pk in entries}
    said: dict[tuple[int, str], list[Said]] = defaultdict(list)
    periods = set().union(*touched.values())
    filings = Filing.objects.filter(enterprise_id__in=[*touched, *shown_under], period__in=periods)
    rows = filings.exclude(use="statistical").order_by("id")
    for pk, period, number, source, as_of, values in rows.values_list(
        "enterprise_id", "period", "id", "source", "as_of", "values"
    ):
        if not values:
            continue  # all of it is held: see `consents`
        if pk in touched:
            said[pk, period].append(Said(number, source, as_of, values))
        if pk in shown_under:
            said[shown_under[pk], period].append(Said(number, source, as_of, values, own=False))
    return said


def _project_chunk(touched: Touched, groups: dict[int, list[int]], around: Around) -> None:
    said = _filings(touched, groups)
    absorbed = {pk for entries in groups.values() for pk in entries}
    _write_years(touched, {key: rows for key, rows in said.items() if key[0] not in absorbed}, around.rank)
    refresh_latest([pk for pk, said_of in touched.items() if said_of != {""}])
    standing, names = [], []
    wanted = Enterprise.objects.filter(pk__in=[pk for pk, said_of in touched.items() if "" in said_of])
    for shown in _shown(wanted.values_list(*COLUMNS)):
        before = shown.found_by
        identity(shown, said.get((shown.id, ""), []), around)
        if shown.found_by != before:
            names.append(shown.found_by)
        standing.append([*shown.values(STANDING), shown.id])
    bulk.update_rows(Enterprise, STANDING, standing)
    index.put(names)


def _shown(rows: Iterable[tuple[Any, ...]]) -> Iterator[Shown]:
    return (Shown(*row) for row in rows)


def _write_years(touched: Touched, said: dict[tuple[int, str], list[Said]], rank: dict[str, int]) -> None:
    """Replace the yearly facts of the touched periods."""
    by_period: dict[str, list[int]] = defaultdict(list)
    for pk, periods in touched.items():
        for period in filter(is_year, periods):
            by_period[period].append(pk)
    for period, ids in by_period.items():
        YearFacts.objects.filter(enterprise_id__in=ids, year=int(period)).delete()
        told = [(int(period), pk, said[pk, period]) for pk in ids if said.get((pk, period))]
        insert_years(told, rank)


def insert_years(rows: Iterable[tuple[int, int, list[Said]]], rank: dict[str, int]) -> None:
    """Write the resolved facts of years that have none yet: rows of (year, enterprise, filings)."""
    columns = ("year", "enterprise_id", *TYPED, "other", "origin", "conflicts")
    bulk.insert_rows(YearFacts, columns, [_year(*row, rank) for row in rows], {})


def refresh_latest(enterprise_ids: list[int]) -> None:
    """Show the newest figures of these enterprises."""
    known: dict[int, list[Year]] = defaultdict(list)
    years = YearFacts.objects.filter(enterprise_id__in=enterprise_ids).order_by("year")
    for pk, year, revenue, employees in years.values_list("enterprise_id", "year", "revenue", "employees"):
        known[pk].append(Year(year, revenue, employees))
    changed = []
    for pk, *before in Enterprise.objects.filter(pk__in=enterprise_ids).values_list("pk", *LATEST):
        after = latest(known[pk])
        if after != before:
            changed.append([*after, pk])
    bulk.update_rows(Enterprise, LATEST, changed)


def identity(e: Shown, filings: list[Said], around: Around) -> None:
    """Take over the standing facts from filings in order of delivery."""
    values, e.origin, e.conflicts = settled(filings, around.rank)
    e.registered = "name" in values
    if not e.registered:
        return
    names = {f.values["name"] for f in filings if "name" in f.values} - {values["name"]}
    e.name = values["name"]
    e.former_names = sorted(names | set(values.get("former_names") or []))
    e.street, e.address = values.get("street", ""), values.get("address", "")
    e.district_id, e.area_path = around.places.of(values.get("district", ""), e.street)
    e.longitude, e.latitude = values.get("longitude"), values.get("latitude")
    code = values.get("industry_code")
    e.industry_id = code if code in around.industries else None
    e.products = values.get("products") or []
    e.established = date.fromisoformat(values["established"]) if values.get("established") else None
    e.status = values.get("status", Enterprise.Status.UNKNOWN)
    e.status_on = date.fromisoformat(values["status_on"]) if values.get("status_on") else None
    e.legal_representative, e.contact = values.get("legal_representative", ""), values.get("contact", "")
    e.phone, e.former_codes = values.get("phone", ""), values.get("former_codes") or []


def _year(year: int, enterprise_id: int, filings: list[Said], rank: dict[str, int]) -> list[Any]:
    """A row of resolved yearly facts in the order of the columns."""
    values, origin, conflicts = settled(filings, rank)
    typed = [values.pop(n, None) for n in TYPED]
    return [year, enterprise_id, *typed, values, origin, conflicts]


def latest(years: Iterable[Year]) -> list[Any]:
    """Size, year, revenue and employees as LATEST has them: the newest year with a revenue decides the size (legal line of
    20 million yuan)."""
    size, of, revenue, employees = str(Enterprise.Size.UNKNOWN), None, None, None
    for year in years:
        if year.employees is not None:
            employees = year.employees
        if year.revenue is not None:
            of, revenue = year.year, year.revenue
            size = str(Enterprise.Size.ABOVE if year.revenue >= 20_000_000 else Enterprise.Size.BELOW)
    return [size, of, revenue, employees]
