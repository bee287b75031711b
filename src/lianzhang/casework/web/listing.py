"""The list of matters: columns, filters in words, order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianzhang.casework import processes, selectors
from lianzhang.casework.models import Matter
from lianzhang.casework.sentence import state_title
from lianzhang.city.models import Area
from lianzhang.kernel import refs, time
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Column, Filter, Listing
from lianzhang.kernel.web import dates
from lianzhang.kernel.web.lights import light

Query = QuerySet[Matter]


def kind_title(matter: Matter) -> str:
    """The kind of a matter in the reader's language."""
    return processes.title_of(processes.process(matter.kind, matter.process_version_id), matter.kind)


def office(matter: Matter) -> str | None:
    """Who leads it: the office, else the person."""
    return (matter.lead_org.label if matter.lead_org else None) or (
        matter.owner.name if matter.owner else None
    )


def _due(matter: Matter) -> Any:
    """The due day; marked where it is past."""
    if not matter.is_open or matter.due_at is None:
        return None
    return (
        light("red", dates.due_day(matter.due_at))
        if matter.due_at < time.now()
        else dates.due_day(matter.due_at)
    )


def _matter(matter: Matter) -> str:
    """The title with the enterprise it is about: what tells two matters of a kind apart."""
    return f"{matter.title} · {matter.enterprise.name}" if matter.enterprise else matter.title


DUE = Column("due", gettext_lazy("Due"), _due, sort="due_at", export=lambda m: m.due_at)
STATE = Column("state", gettext_lazy("State"), state_title, sort="state")
NARROW: Sequence[Column] = (Column("title", gettext_lazy("Matter"), _matter, sort="title"), DUE, STATE)
WIDE: Sequence[Column] = (
    Column("number", gettext_lazy("Number"), lambda m: m.number, sort="number"),
    Column("title", gettext_lazy("Matter"), lambda m: m.title, sort="title"),
    DUE,
    STATE,
    Column("enterprise", gettext_lazy("Enterprise"), lambda m: m.enterprise.name if m.enterprise else None),
    Column("office", gettext_lazy("Led by"), office, sort="lead_org__order"),
    Column("kind", gettext_lazy("Kind"), kind_title, sort="kind"),
    Column("area", gettext_lazy("District"), lambda m: m.area.label if m.area else None, sort="area__order"),
    Column("opened", gettext_lazy("Opened on"), lambda m: m.opened_at, sort="opened_at", kind="datetime"),
    Column("changed", gettext_lazy("Changed on"), lambda m: m.changed_at, sort="changed_at", kind="datetime"),
    Column("closed", gettext_lazy("Closed on"), lambda m: m.closed_at, kind="datetime"),
)


def filters(actor: Actor) -> list[Filter]:
    """The filters of the list for one reader."""
    return [
        Filter("whose", _("Whose"), _whose(actor), lambda q, v: q.filter(_WHOSE[v](actor))),
        Filter("closed", _("Open or closed"), lambda: [("no", _("open")), ("yes", _("closed"))], _by_closed),
        Filter("due", _("Time"), lambda: [("late", _("late")), ("today", _("due today"))], _by_due),
        Filter("kind", _("Kind"), processes.kinds, lambda q, v: q.filter(kind=v)),
        Filter("state", _("State"), _states, _by_state),
        Filter("district", _("District"), _districts, lambda q, v: q.filter(area_path__contains=f"/{v}/")),
        Filter("chain", _("Chain"), _chains(actor), lambda q, v: q.filter(fields__chain=v)),
        Filter("changed", _("Changed"), lambda: [("recent", _("since the last working day"))], _by_change),
    ]


_WHOSE: dict[str, Callable[[Actor], Q]] = {
    "waiting": selectors.waiting_for,
    "mine": selectors.of_person,
    "office": selectors.of_office,
}


def _whose(actor: Actor) -> Callable[[], list[tuple[str, Any]]]:
    choices = [("waiting", _("waiting for me")), ("mine", _("led by me"))]
    if actor.scope.org_id:
        choices.append(("office", _("my office")))
    return lambda: choices


def _by_closed(query: Query, value: str) -> Query:
    return query.filter(closed_at__isnull=value == "no")


def _by_due(query: Query, value: str) -> Query:
    if value == "late":
        return query.filter(selectors.late())
    start = time.now().astimezone(time.zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    return query.filter(closed_at__isnull=True, due_at__gte=start, due_at__lt=start + timedelta(days=1))


def _by_change(query: Query, value: str) -> Query:
    return query.filter(changed_at__gte=selectors.since_last_working_day())


def _states() -> list[tuple[str, str]]:
    """States of all kinds; equal titles of one id stand once."""
    found: dict[str, str] = {}
    for kind, _title in processes.kinds():
        for name, state in processes.process(kind).states.items():
            found.setdefault(name, processes.title_of(state, name))
    return list(found.items())


def _by_state(query: Query, value: str) -> Query:
    return query.filter(state=value)


def _districts() -> list[tuple[str, str]]:
    return [(a.code, a.label) for a in Area.objects.filter(level=Area.Level.DISTRICT)]


def _chains(actor: Actor) -> Callable[[], list[tuple[str, str]]]:
    """Chains that a visible matter names; their ids are the catalogue's."""

    def choices() -> list[tuple[str, str]]:
        rows = Matter.objects.visible_to(actor).filter(fields__has_key="chain").order_by()
        codes = sorted({str(code) for code in rows.values_list("fields__chain", flat=True).distinct()[:100]})
        named = {code: refs.resolve(f"chain:{code}", actor) for code in codes}
        return [(code, target.label if target else code) for code, target in named.items()]

    return choices


def listing(
    actor: Actor, columns: Sequence[Column] = NARROW, url: Callable[[Any], str] | None = None
) -> Listing:
    """The declaration of the list for one reader."""
    return Listing(
        code="matters",
        columns=columns,
        filters=filters(actor),
        search=["number", "title", "enterprise__name"],
        default_sort="due",
        url=url or (lambda m: m.get_absolute_url()),
        empty_title=_("No matter stands here"),
        empty_text=_(
            "What waits for you or your office appears here by itself. Remove a filter to see more."
        ),
    )
