"""The first page by role: what is late and with whom, today's enterprises, my chains, deliveries to mend, my page.

What waits for a person, what is late and what changed, as counts, comes from casework; situations from the chains.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianzhang.casework import selectors as casework
from lianzhang.casework.models import Matter
from lianzhang.casework.sentence import holder, state_title
from lianzhang.domains.chains.models import Chain, Situation
from lianzhang.kernel import panels
from lianzhang.kernel.imports.forms import dataset_word
from lianzhang.kernel.models import Import
from lianzhang.kernel.panels import Panel
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise

SHOWN = 8


def register() -> None:
    """Offer the panels of the first page."""
    for maker in (late_panel, firms_panel, chains_panel, district_panel, deliveries_panel, own_page_panel):
        panels.register("cockpit", maker)


def late_panel(_subject: Any, actor: Actor) -> Panel | None:
    """For those who answer for all matters: which are late longest, and who has them."""
    if "city" not in actor.kinds("matter.view"):
        return None
    rows = (
        casework.matters(actor)
        .filter(casework.late())
        .prefetch_related("co_handlers")
        .order_by("due_at")[:SHOWN]
    )
    found = [{"matter": m, "who": holder(m, actor), "state": state_title(m)} for m in rows]
    url = f"{reverse('casework:desk')}?due=late"
    return (
        Panel("late", _("Late longest"), "site/_late.html", {"rows": found, "url": url}, order=15)
        if found
        else None
    )


def firms_panel(_subject: Any, actor: Actor) -> Panel | None:
    """A liaison's enterprises of today: each with what comes next and when it is due."""
    if actor.scope.kind != "assigned" or not actor.can("matter.view"):
        return None
    mine = casework.matters(actor).filter(
        casework.of_person(actor), closed_at__isnull=True, enterprise__isnull=False
    )
    rows = [
        {"matter": m, "state": state_title(m), "mine": m.waits_for in ("lead", "")}
        for m in mine.order_by("due_at")[:50]
    ]
    return Panel("firms", _("My enterprises today"), "site/_firms.html", {"rows": rows}, order=5)


def chains_panel(_subject: Any, actor: Actor) -> Panel | None:
    """The chains, each with its open situations."""
    if not (actor.can("situation.view") and actor.can("chain.view")):
        return None
    rows = (
        Chain.objects.visible_to(actor)
        .annotate(open_situations=Count("situations", filter=Q(situations__in=_open_situations(actor))))
        .order_by("-open_situations", "order", "code")
    )
    return Panel("chains", _("Chains"), "site/_chains.html", {"rows": rows}, order=40)


def _open_situations(actor: Actor) -> QuerySet[Situation]:
    return Situation.objects.visible_to(actor).filter(matter__closed_at__isnull=True)


def district_panel(_subject: Any, actor: Actor) -> Panel | None:
    """For a district or park: its enterprises and its open matters, each number with its rows."""
    if actor.scope.kind != "area" or not actor.scope.area_path:
        return None
    desk = reverse("casework:desk")
    here = Matter.objects.visible_to(actor).still_open()
    tiles = [
        {"label": _("Enterprises"), "value": Enterprise.objects.registered().visible_to(actor).count(), "url": reverse("registry:enterprises")},
        {"label": _("Open matters"), "value": here.count(), "url": f"{desk}?closed=no"},
        {"label": _("Enterprises hit by a situation"), "value": here.filter(kind="disruption").count(), "url": f"{desk}?closed=no&kind=disruption"},
    ]  # fmt: skip
    return Panel("district", _("My district"), "site/_tiles.html", {"tiles": tiles}, order=30)


def deliveries_panel(_subject: Any, actor: Actor) -> Panel | None:
    """Deliveries that left something to mend: rejected rows, unread files, decisions that wait."""
    if not actor.can("import.view"):
        return None
    State = Import.State
    to_mend = Q(rejected__gt=0, state=State.APPLIED) | Q(state__in=[State.FAILED, State.READ, State.UPLOADED])
    query = Import.objects.visible_to(actor).filter(to_mend)
    context = {
        "rows": [
            {"delivery": row, "dataset": dataset_word(row.dataset)} for row in query.order_by("-id")[:SHOWN]
        ],
        "count": query.count(),
        "url": reverse("imports:deliveries"),
    }
    return (
        Panel("deliveries", _("Deliveries to mend"), "site/_deliveries.html", context, order=35)
        if context["count"]
        else None
    )


def own_page_panel(_subject: Any, actor: Actor) -> Panel | None:
    """An enterprise's way to its own page."""
    if actor.scope.kind != "enterprise":
        return None
    found = Enterprise.objects.visible_to(actor).filter(pk=actor.scope.enterprise_id or 0).first()
    return (
        Panel("own", _("My page"), "site/_own_page.html", {"enterprise": found}, order=30) if found else None
    )
