"""Where a person stands who has no account: as legal representative, contact or telephone of an enterprise.

Looked for by the whole name or number, one of several in a cell included, however it is spaced; never by a part of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from lianzhang.city import personal
from lianzhang.kernel.models import Event, EventVault, Import, ImportProblem, RefusedRow
from lianzhang.registry import sensitive
from lianzhang.registry.models import Consent, DuplicatePair, Enterprise, Filing

SEPARATE = re.compile(r"[、,，;；/|()（）:：'\"“”‘’\s]+")
PHONE = re.compile(r"\+?[\d\s()-]{7,}")
FIELD = "registry.enterprise."


@dataclass(frozen=True)
class Standing:
    """One cell: what a source said of an enterprise in a delivery. `held`: it waits for a consent and is read by nothing."""

    filing: int
    enterprise: int
    column: str
    value: str
    source: str
    period: str
    delivery: int | None
    held: bool = False


def spelled(text: str) -> str:
    """A name or number in its one spelling: width, blanks, capitals, signs within a number and the country do not matter."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if PHONE.fullmatch(plain):
        digits = re.sub(r"\D", "", plain)
        return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    return "".join(plain.split()).casefold()


def persons(value: Any) -> set[str]:
    """Names and numbers in a cell: the whole, and each of several."""
    if not isinstance(value, str):
        return set()
    return {spelled(part) for part in (value, *SEPARATE.split(value)) if part.strip()}


def erasable() -> list[str]:
    """Personal columns that an erasure blanks; the others (as the register says why) stay."""
    blank = {row.field for row in personal.entries() if row.erase == "blank"}
    return [column for column in sensitive.columns() if FIELD + column in blank]


def find(text: str, firms: Sequence[int] = ()) -> list[Standing]:
    """Every cell in which the person stands, of these enterprises or of all, in order of delivery. Reads all of them once."""
    wanted = {spelled(text)}
    return [cell for cell in cells(firms) if wanted & persons(cell.value)]


def cells(firms: Sequence[int] = ()) -> Iterator[Standing]:
    """All personal cells of filings."""
    columns = list(sensitive.columns())
    rows = Filing.objects.filter(Q(period="") | ~Q(held={})).order_by("pk")
    if firms:
        rows = rows.filter(enterprise_id__in=firms)
    names = ("pk", "enterprise_id", "source", "period", "delivery_id", "values", "held")
    for pk, firm, source, period, delivery, values, held in rows.values_list(*names).iterator(2000):
        for said, waits in ((values, False), (held, True)):
            for column in columns:
                if said.get(column):
                    yield Standing(pk, firm, column, str(said[column]), source, period, delivery, waits)


def elsewhere(text: str) -> list[tuple[str, str]]:
    """(field of the register, where) of what else names the person and stays: rows not mended, signatures under consents."""
    wanted, out = {spelled(text)}, []
    for pk, said in Consent.objects.order_by("pk").values_list("pk", "given_by"):
        if wanted & persons(said):
            out.append(("registry.consent.given_by", f"consent {pk}"))
    rows = RefusedRow.objects.order_by("pk").values_list("delivery_id", "sheet", "row", "cells")
    for delivery, sheet, row, said in rows.iterator(2000):
        if wanted & _inside(said):
            out.append(("kernel.refusedrow.cells", f"import {delivery} {sheet}:{row}"))
    problems = ImportProblem.objects.order_by("pk").values_list("delivery_id", "row", "value")
    for delivery, number, said in problems.iterator(2000):
        if wanted & persons(said):
            out.append(("kernel.importproblem.value", f"import {delivery} row {number}"))
    return out


def of_the_same_person(found: Iterable[Standing], firm: int) -> set[str]:
    """The spellings by which the contact of an enterprise goes: name and telephone that were delivered side by side."""
    columns, own = erasable(), [c for c in found if c.enterprise == firm]
    beside = {c.filing for c in own if c.column in columns}
    paired = (c.value for c in cells([firm]) if c.filing in beside and c.column in columns)
    return set().union(*(persons(value) for value in paired))


def told_in(firms: Iterable[int], words: set[str]) -> list[int]:
    """Events of these enterprises whose personal part names one of the words."""
    subjects = [f"enterprise:{pk}" for pk in firms]
    events = Event.objects.filter(subject__in=subjects, vault__gt="").values("pk")
    rows = EventVault.objects.filter(pk__in=events, content__isnull=False).values_list("pk", "content")
    return [pk for pk, content in rows.iterator(2000) if words & _inside(content)]


def suspicions(firms: Iterable[int]) -> Any:
    """Pairs of suspected doubles that one of the enterprises is of: their reasons quote telephones."""
    ids = list(firms)
    return DuplicatePair.objects.filter(Q(first_id__in=ids) | Q(second_id__in=ids))


def written(firm: int, words: set[str]) -> set[str]:
    """The cells of an enterprise that name the person, as they were delivered: sentences quote them so."""
    return {c.value for c in cells([firm]) if words & persons(c.value)}


def without(value: Any, words: set[str], quoted: set[str]) -> Any:
    """A JSON value with every text blanked that is or holds one of the words, or quotes one of the cells."""
    if isinstance(value, dict):
        return {name: without(each, words, quoted) for name, each in value.items()}
    if isinstance(value, list):
        return [without(each, words, quoted) for each in value]
    if not isinstance(value, str):
        return value
    return "" if words & persons(value) or any(cell in value for cell in quoted) else value


def traces(firm: int) -> tuple[Any, Any]:
    """What imports kept beside the filings of an enterprise: the deliveries with their samples, and the problems told."""
    deliveries = Filing.objects.filter(enterprise_id=firm, delivery__isnull=False).values("delivery_id")
    return Import.objects.filter(pk__in=deliveries), ImportProblem.objects.filter(delivery_id__in=deliveries)


def codes(firms: Iterable[int]) -> dict[int, tuple[str, str]]:
    """(credit code, name) of enterprises."""
    rows = Enterprise.objects.filter(pk__in=list(firms)).order_by("uscc")
    return {pk: (uscc, name) for pk, uscc, name in rows.values_list("pk", "uscc", "name")}


def by_code(codes: Iterable[str]) -> dict[str, int]:
    """Ids of enterprises by their credit codes; unknown codes lack."""
    return dict(Enterprise.objects.filter(uscc__in=list(codes)).values_list("uscc", "pk"))


def _inside(content: Any) -> set[str]:
    """Names and numbers anywhere in a JSON value."""
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        return set().union(*(_inside(each) for each in content))
    return persons(content)
