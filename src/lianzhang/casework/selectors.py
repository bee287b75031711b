"""Reads of matters; each starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Q, QuerySet, Value

from lianzhang.casework.models import Attachment, CoHandler, Matter
from lianzhang.casework.people import functional_roles, is_asker
from lianzhang.city.services import calendar_exceptions
from lianzhang.kernel import memo, time
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor, entries_of

NOTHING = Q(pk__in=[])
SATURDAY, LONGEST_HOLIDAY = 5, 31
#: What is due first stands first; matters without a running clock last.
FIRST_DUE = F("due_at").asc(nulls_last=True)


def matters(actor: Actor) -> QuerySet[Matter]:
    """The matters this actor may see, with what a list shows."""
    related = ("enterprise", "area", "lead_org", "owner")
    return Matter.objects.visible_to(actor).select_related(*related)


def matter_for(actor: Actor, pk: int) -> Matter | None:
    """One matter the actor may see."""
    query = matters(actor).select_related("parent", "opened_by").prefetch_related("co_handlers__organisation")
    return query.filter(pk=pk).first()


def waiting_for(actor: Actor, roles: frozenset[str] | None = None) -> Q:
    """The open matters whose next step is this person's: by lead, as the asker, asked for an opinion, or by post."""
    if is_asker(actor):
        return Q(closed_at__isnull=True, waits_for="asker", enterprise_id__in=actor.scope.enterprises())
    own, org = actor.person_ids, actor.scope.org_id
    office = Q(owner__isnull=True, lead_org_id=org) if org else NOTHING
    found = (Q(owner_id__in=own) | office) & Q(waits_for__in=("lead", ""))
    found |= Q(waits_for="asker", enterprise__isnull=True, opened_by_id__in=own)
    if org:
        asked = CoHandler.objects.filter(organisation_id=org, state=CoHandler.State.REQUESTED)
        found |= Q(pk__in=asked.values("matter_id"))
    roles = functional_roles(actor) if roles is None else roles
    if roles and "city" in actor.kinds("matter.view"):
        found |= Q(waits_for__in=roles)
    elif roles and org:
        found |= Q(waits_for__in=roles, lead_org_id=org)
    return found & Q(closed_at__isnull=True)


MANY, MANY_FOR = 1_000, 60
"""So many matters that wait for one person are not counted again for so many seconds: nobody sees one more or less."""


def waiting_and_late(actor: Actor) -> tuple[int, int]:
    """How many matters wait for this person, and how many of them are past their time: every page tells it."""
    key = f"casework.waiting.{actor.key}"
    known: tuple[int, int] | None = cache.get(key)
    if known is not None:
        return known
    found = _waiting_and_late(actor, functional_roles(actor), now=time.now())
    counts = found[0] if found else (0, 0)
    if counts[0] >= MANY:
        cache.set(key, counts, MANY_FOR)
    return counts


@prepared
def _waiting_and_late(actor: Actor, roles: frozenset[str], now: datetime) -> Any:
    waiting = (
        Matter.objects.visible_to(actor).filter(waiting_for(actor, roles)).order_by().annotate(one=Value(1))
    )
    counts = waiting.values("one").annotate(all=Count("pk"), late=Count("pk", filter=late(now)))
    return counts.values_list("all", "late")


def of_person(actor: Actor) -> Q:
    """Matters this person leads."""
    return Q(owner_id__in=actor.person_ids) if actor.user_id else NOTHING


def of_office(actor: Actor) -> Q:
    """Matters this person's office leads or was asked about."""
    org = actor.scope.org_id
    if org is None:
        return NOTHING
    return Q(lead_org_id=org) | Q(pk__in=CoHandler.objects.filter(organisation_id=org).values("matter_id"))


def late(now: datetime | None = None) -> Q:
    """Open matters past their time."""
    return Q(closed_at__isnull=True, due_at__lt=now or time.now())


def since_last_working_day() -> datetime:
    """The beginning of the working day before today in the city's zone: on a Monday, of Friday."""
    kinds, local = dict(calendar_exceptions()), time.now().astimezone(time.zone())
    day = local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for _back in range(LONGEST_HOLIDAY):
        if (
            kinds.get(day.date().isoformat(), "holiday" if day.weekday() >= SATURDAY else "workday")
            == "workday"
        ):
            break
        day -= timedelta(days=1)
    return day


def files(actor: Actor, matter: Matter) -> list[Attachment]:
    """The files of a visible matter that this actor may open."""
    query = Attachment.objects.visible_to(actor).of(matter.pk, asker=is_asker(actor))
    return list(query.select_related("uploaded_by"))


def file_for(actor: Actor, matter_id: int, pk: int) -> Attachment | None:
    """One file, if the actor may open it."""
    query = Attachment.objects.visible_to(actor).of(matter_id, asker=is_asker(actor))
    return query.filter(pk=pk).first()


def of_enterprise(actor: Actor, enterprise_id: int, limit: int = 20) -> list[Matter]:
    """The matters of an enterprise that the actor may see: open ones first, by due time."""
    entries = entries_of(enterprise_id)
    return memo.once(
        f"casework.of.{enterprise_id}.{limit}.{actor.key}",
        lambda: _of_enterprise(actor, limit, entries=entries),
    )


@prepared
def _of_enterprise(actor: Actor, limit: int, entries: Sequence[int]) -> QuerySet[Matter]:
    query = matters(actor).filter(enterprise_id__in=entries)
    return query.order_by(F("closed_at").desc(nulls_first=True), FIRST_DUE)[:limit]
