"""How alike two entries are: a sum of points, each with its reason and both values, so that a person can check it.

Points stand for weights of evidence (log-odds, Fellegi and Sunter 1969), rounded so that they can be added in the head;
which ones, and from which sum on a pair is shown, are data of the catalogue (`duplicates.yaml`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from .names import Names, digits
from .record import Record

FAR = timedelta(days=31)
KINDS = (
    "former_code", "organisation", "name", "name_core", "former_name", "address", "phone", "legal_representative",
    "established", "other_established", "other_representative", "other_address", "other_form", "other_district", "branch",
)  # fmt: skip
"""All reasons; those that begin with `other_`, and `branch`, speak against."""


@dataclass(frozen=True)
class Weights:
    """Points of each reason, and the sums from which a pair is asked about and called likely."""

    points: Mapping[str, int]
    ask: int
    likely: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the kind, its points, and what stands at either entry (in the order of the pair)."""

    kind: str
    points: int
    values: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A pair with the sum of its points and its reasons, the weightiest first."""

    first: int
    second: int
    score: int
    reasons: tuple[Reason, ...]


def judge(a: Record, b: Record, weights: Weights, names: Names) -> Judgement:
    """Compare two entries. The same whichever comes first: the lower id is `first`. An entry with itself is refused."""
    if a.id == b.id:
        raise ValueError(f"entry {a.id} is compared with itself")
    if a.id > b.id:
        a, b = b, a
    found = [Reason(kind, weights.points.get(kind, 0), values) for kind, values in _reasons(a, b, names)]
    reasons = sorted((r for r in found if r.points), key=lambda r: (-abs(r.points), KINDS.index(r.kind)))
    return Judgement(a.id, b.id, max(0, sum(r.points for r in reasons)), tuple(reasons))


def _reasons(a: Record, b: Record, names: Names) -> Iterator[tuple[str, tuple[str, str]]]:
    if b.uscc in a.former_codes or a.uscc in b.former_codes:
        yield "former_code", (a.uscc, b.uscc)
    elif a.organisation and a.organisation == b.organisation:
        yield "organisation", (a.uscc, b.uscc)
    yield from _names(a, b, names)
    if (agree := _places(a, b, names)) is not None:
        yield ("address" if agree else "other_address"), (a.address, b.address)
    if (number := digits(a.phone)) and number == digits(b.phone):
        yield "phone", (a.phone, b.phone)
    if a.legal_representative and b.legal_representative:
        same = names.whole(a.legal_representative) == names.whole(b.legal_representative)
        kind = "legal_representative" if same else "other_representative"
        yield kind, (a.legal_representative, b.legal_representative)
    if a.established and b.established:
        dates = (a.established.isoformat(), b.established.isoformat())
        if a.established == b.established:
            yield "established", dates
        elif abs(a.established - b.established) > FAR:
            yield "other_established", dates
    if a.district and b.district and a.district != b.district:
        yield "other_district", (a.district, b.district)


def _places(a: Record, b: Record, names: Names) -> bool | None:
    """Whether both lie at one address; None where either is not known, or one only says more (a building, a room)."""
    here, there = names.address(a.address), names.address(b.address)
    if not here or not there:
        return None
    if here == there:
        return True
    return None if here.startswith(there) or there.startswith(here) else False


def _names(a: Record, b: Record, names: Names) -> Iterator[tuple[str, tuple[str, str]]]:
    """At most one reason for, of name, former name and core, and those against."""
    both = (a.name, b.name)
    if (name := names.whole(a.name)) and name == names.whole(b.name):
        yield "name", both
    elif (match := _former(a, b, names)) is not None:
        yield "former_name", match
    elif (core := names.core(a.name)) and core == names.core(b.name):
        yield "name_core", both
        forms = names.form(a.name), names.form(b.name)
        if all(forms) and forms[0] != forms[1]:
            yield "other_form", forms
    if names.branch(a.name) != names.branch(b.name):
        yield "branch", both


def _former(a: Record, b: Record, names: Names) -> tuple[str, str] | None:
    """The two writings where one's former name is a name, present or former, of the other."""
    mine = {names.core(n) or names.whole(n): n for n in (*a.former_names, a.name)}
    mine.pop("", None)  # names of which nothing is left say nothing
    for name in (b.name, *b.former_names):
        other = mine.get(names.core(name) or names.whole(name))
        if other is not None and (other != a.name or name != b.name):
            return other, name
    return None
