"""Lists of situations and of their enterprises: columns and filters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianzhang.casework.models import Matter
from lianzhang.casework.sentence import state_title
from lianzhang.city.models import Area
from lianzhang.domains.chains.models import Chain, Situation, SituationFirm
from lianzhang.domains.chains.situations import selectors
from lianzhang.kernel import time
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.tables import Column, Filter, Listing

STATUSES: dict[str, tuple[Any, Callable[[], Q]]] = {
    "open": (gettext_lazy("Open"), lambda: selectors.IS_OPEN),
    "late": (gettext_lazy("Overdue"), selectors.is_late),
    "judging": (gettext_lazy("Waiting for the judgement"), lambda: Q(matter__state__in=selectors.REPLIED)),
    "solved": (gettext_lazy("Solved"), lambda: selectors.IS_SOLVED),
    "withdrawn": (gettext_lazy("Withdrawn"), lambda: Q(matter__state=selectors.WITHDRAWN)),
    "unknown": (gettext_lazy("Without an estimate"), lambda: Q(per_day__isnull=True)),
    "reported": (
        gettext_lazy("With output recovered, not yet accepted"),
        lambda: Q(recovered__isnull=False) & ~selectors.IS_SOLVED & ~Q(matter__state=selectors.WITHDRAWN),
    ),
}


def light_of(matter: Matter) -> tuple[str, str]:
    """(colour, state in words): red past its time, amber at the asker's judgement, green when done."""
    title = state_title(matter)
    if not matter.is_open:
        return ("green" if matter.state == selectors.SOLVED else "grey"), title
    if matter.due_at is not None and matter.due_at < time.now():
        return "red", _("%(state)s, overdue") % {"state": title}
    return ("amber" if matter.waits_for in ("asker", "dispatcher", "revisit_desk") else "green"), title


def front(row: SituationFirm) -> str | None:
    """Who goes to the enterprise: the liaison, else the leading office."""
    matter = row.matter
    return matter.owner.name if matter.owner else (matter.lead_org.label if matter.lead_org else None)


FIRMS = (
    Column("firm", gettext_lazy("Enterprise"), lambda r: r.enterprise.name, sort="enterprise__name"),
    Column("number", gettext_lazy("Number"), lambda r: r.matter.number, sort="matter__number"),
    Column("district", gettext_lazy("District"), lambda r: str(r.enterprise.district or "") or None, sort="enterprise__district__order"),
    Column("front", gettext_lazy("Liaison"), front, sort="matter__owner__name"),
    Column("rear", gettext_lazy("Rear office"), lambda r: r.rear.label if r.rear else None, sort="rear__order"),
    Column("state", gettext_lazy("State"), lambda r: light_of(r.matter), sort="matter__state", kind="light", export=lambda r: light_of(r.matter)[1]),
    Column("due", gettext_lazy("Due"), lambda r: r.matter.due_at, sort="matter__due_at", kind="due"),
    Column("cause", gettext_lazy("Reason in the model"), lambda r: r.get_cause_display() or None, sort="cause"),
    Column("at_risk", gettext_lazy("Output at risk"), lambda r: r.at_risk, sort="per_day", kind="money", unit=gettext_lazy("yuan")),
    Column("recovered", gettext_lazy("Recovered"), lambda r: r.recovered, sort="recovered", kind="money", unit=gettext_lazy("yuan")),
)  # fmt: skip


def firm_listing(actor: Actor, situation: Situation) -> Listing:
    """The enterprises of a situation. A row leads to its matter where this person may open it."""
    ids = situation.firms.values("matter_id")
    reachable = set(Matter.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    return Listing(
        code="situation-firms",
        columns=FIRMS,
        filters=[
            Filter("status", _("State"), lambda: [(c, w) for c, (w, _q) in STATUSES.items()], lambda q, v: q.filter(STATUSES[v][1]())),
            Filter("district", _("District"), _districts, lambda q, v: q.filter(enterprise__district__code=v)),
            Filter("front", _("Liaison"), lambda: _fronts(situation), lambda q, v: q.filter(matter__owner_id=int(v))),
        ],
        search=["enterprise__name", "enterprise__uscc", "matter__number"],
        default_sort="-at_risk",
        url=lambda r: r.matter.get_absolute_url() if r.matter_id in reachable else "",
        empty_title=_("No enterprise matches"),
        empty_text=_("Remove a filter, or add an enterprise."),
    )  # fmt: skip


def _districts() -> list[tuple[str, str]]:
    return [(a.code, a.label) for a in Area.objects.filter(level=Area.Level.DISTRICT)]


def _fronts(situation: Situation) -> list[tuple[str, str]]:
    rows = situation.firms.filter(matter__owner__isnull=False).order_by("matter__owner__name")
    return [
        (str(pk), name) for pk, name in rows.values_list("matter__owner_id", "matter__owner__name").distinct()
    ]


SITUATIONS = (
    Column("title", gettext_lazy("Situation"), lambda s: s.matter.title, sort="matter__title"),
    Column("number", gettext_lazy("Number"), lambda s: s.matter.number, sort="matter__number"),
    Column("chain", gettext_lazy("Chain"), lambda s: s.chain.label, sort="chain__order"),
    Column("state", gettext_lazy("State"), lambda s: light_of(s.matter), sort="matter__state", kind="light", export=lambda s: light_of(s.matter)[1]),
    Column("opened", gettext_lazy("Opened on"), lambda s: s.opened_on, sort="opened_on", kind="date"),
    Column("firms", gettext_lazy("Enterprises"), lambda s: s.n_firms, sort="n_firms", kind="number"),
    Column("open", gettext_lazy("Open"), lambda s: s.n_open, sort="n_open", kind="number"),
    Column("late", gettext_lazy("Overdue"), lambda s: s.n_late, sort="n_late", kind="number"),
    Column("at_risk", gettext_lazy("Output at risk"), lambda s: s.at_risk, sort="at_risk", kind="money", unit=gettext_lazy("yuan")),
    Column("confirmed", gettext_lazy("Recovered"), lambda s: s.confirmed, sort="confirmed", kind="money", unit=gettext_lazy("yuan")),
)  # fmt: skip


def situation_listing(actor: Actor) -> Listing:
    """All situations."""
    return Listing(
        code="situations",
        columns=SITUATIONS,
        filters=[
            Filter("closed", _("Open or closed"), lambda: [("no", _("open")), ("yes", _("closed"))], lambda q, v: q.filter(matter__closed_at__isnull=v == "no")),
            Filter("chain", _("Chain"), lambda: [(c.code, c.label) for c in Chain.objects.visible_to(actor)], lambda q, v: q.filter(chain__code=v)),
        ],
        search=["matter__title", "matter__number"],
        default_sort="-opened",
        url=lambda s: s.get_absolute_url(),
        empty_title=_("No situation is open"),
        empty_text=_("A situation is opened from the answer to a what-if question."),
    )  # fmt: skip
