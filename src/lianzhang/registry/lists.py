"""Reads of shared lists: who is on them as far as the reader sees the enterprises, what changed, how two differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from lianzhang.kernel import time
from lianzhang.kernel.bulk import parts
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise, FirmList, ListChange, ListMember

SHOWN = Coalesce("enterprise__survivor_id", "enterprise_id")
STEPS, NAMED = 50, 5
"""Steps that are shown, and enterprises named in each."""


@dataclass(frozen=True)
class Step:
    """A change as a reader sees it: the enterprises he may see, by name, at most some of them; how many of those."""

    change: ListChange
    names: list[str]
    count: int
    may_undo: bool


def lists(actor: Actor) -> QuerySet[FirmList]:
    """The lists the actor may read."""
    rows = FirmList.objects.visible_to(actor).filter(deleted_at__isnull=True)
    return rows.select_related("owner", "share_org")


def list_for(actor: Actor, pk: int) -> FirmList | None:
    """One list the actor may read; one's own also when it was deleted."""
    rows = FirmList.objects.visible_to(actor).select_related("owner", "share_org")
    return rows.filter(pk=pk).first()


def own(actor: Actor) -> QuerySet[FirmList]:
    """The lists the actor may change."""
    return lists(actor).filter(owner_id__in=actor.person_ids)


def members(actor: Actor, row: FirmList, at: datetime | None = None) -> QuerySet[ListMember]:
    """Who is on it (at an instant: was then), as far as the actor sees the enterprises."""
    rows = ListMember.objects.visible_to(actor).filter(list=row)
    shown = Q(enterprise__registered=True) | Q(enterprise__survivor__isnull=False)
    if at is None:
        return rows.filter(shown, removed__isnull=True)
    return rows.filter(shown, Q(removed__isnull=True) | Q(removed__at__gt=at), added__at__lte=at)


def firms(actor: Actor, row: FirmList, at: datetime | None = None) -> set[int]:
    """Ids of the enterprises under which its members are shown."""
    return set(members(actor, row, at).order_by().values_list(SHOWN, flat=True))


def counts(actor: Actor, rows: Iterable[FirmList]) -> dict[int, int]:
    """list → how many of its members the actor sees."""
    seen = ListMember.objects.visible_to(actor).filter(list__in=list(rows), removed__isnull=True)
    shown = seen.filter(Q(enterprise__registered=True) | Q(enterprise__survivor__isnull=False))
    return dict(Counter(shown.order_by().values_list("list_id", flat=True)))


def end_of(day: date) -> datetime:
    """The last instant of a day in the city's zone."""
    start = datetime(day.year, day.month, day.day, tzinfo=time.zone())
    return start + timedelta(days=1) - timedelta(microseconds=1)


def steps(actor: Actor, row: FirmList) -> list[Step]:
    """The changes of which the actor sees somebody, the newest first. A step about others only is not told."""
    may = actor.role == "system" or (row.owner_id in actor.person_ids and row.deleted_at is None)
    seen = ListMember.objects.visible_to(actor).filter(list=row).order_by()
    total: Counter[int] = Counter()
    for column in ("added_id", "removed_id"):
        total.update(dict(seen.values_list(column).annotate(n=Count("pk", distinct=True))))
    newest = sorted((number for number in total if number is not None), reverse=True)[:STEPS]
    names = _names(seen, newest)
    changes = {c.pk: c for c in ListChange.objects.filter(list=row, pk__in=newest).select_related("by")}
    undone = set(ListChange.objects.filter(list=row).values_list("undoes_id", flat=True))
    return [Step(changes[n], names[n], total[n], may and n not in undone) for n in newest if n in changes]


def _names(seen: QuerySet[ListMember], numbers: list[int]) -> dict[int, list[str]]:
    """step → some of the enterprises it moved, the newest first."""
    names: dict[int, list[str]] = {number: [] for number in numbers}
    for column in ("added_id", "removed_id"):
        last = Window(RowNumber(), partition_by=F(column), order_by=F("id").desc())
        rows = seen.filter(**{f"{column}__in": numbers}).annotate(place=last).filter(place__lte=NAMED)
        for m in rows.select_related("enterprise__survivor").order_by("-id"):
            name, into = (m.enterprise.survivor or m.enterprise).name, names[getattr(m, column)]
            if len(into) < NAMED and name not in into:
                into.append(name)
    return names


def named(actor: Actor, text: str) -> tuple[list[tuple[int, str]], list[str], list[str]]:
    """(enterprise, note) of lines `code or name[tab note]`; lines that name nobody within sight; those that name several.

    What one may not see answers like what does not exist.
    """
    wanted: dict[str, str] = {}
    for line in text.splitlines():
        key, _tab, note = line.replace("\x00", "").strip().partition("\t")
        key = key.strip()
        if key:
            wanted.setdefault(key.upper() if key.isascii() else key, note.strip())
    visible = Enterprise.objects.registered().visible_to(actor)
    bearers: dict[str, set[int]] = {key: set() for key in wanted}
    for part in parts(sorted(wanted), 400):
        rows = visible.filter(Q(uscc__in=part) | Q(name__in=part))
        for pk, uscc, name in rows.values_list("pk", "uscc", "name"):
            for key in {uscc, name} & set(part):
                bearers[key].add(pk)
    found = [(next(iter(pks)), wanted[key]) for key, pks in bearers.items() if len(pks) == 1]
    return (
        found,
        [k for k, pks in bearers.items() if not pks],
        [k for k, pks in bearers.items() if len(pks) > 1],
    )
