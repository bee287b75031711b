"""What casework knows of an enterprise, and of a person's day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from lianzhang.casework import selectors
from lianzhang.casework.models import Matter
from lianzhang.casework.sentence import state_title
from lianzhang.kernel import panels, time
from lianzhang.kernel.panels import Panel
from lianzhang.kernel.scope import Actor
from lianzhang.registry import owed
from lianzhang.registry.models import Enterprise


def register() -> None:
    """Offer the panels of the enterprise's page and of the cockpit."""
    panels.register("enterprise", matters_panel)
    panels.register("enterprise", dispute_panel)
    panels.register("cockpit", cockpit_panel)
    owed.register(owed_matters)


def matters_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """The matters of the enterprise that this person may see."""
    if not actor.can("matter.view"):
        return None
    rows = [{"matter": m, "state": state_title(m)} for m in selectors.of_enterprise(actor, enterprise.pk)]
    return Panel("matters", _("Matters"), "casework/_enterprise_matters.html", {"rows": rows}, order=60)


def owed_matters(enterprise: Enterprise, actor: Actor) -> Iterable[owed.Owed]:
    """Open matters of the enterprise, disputes among them: the reply that is owed, and by when."""
    if not actor.can("matter.view"):
        return
    late = time.now()
    for matter in selectors.of_enterprise(actor, enterprise.pk):
        if not matter.is_open:
            continue
        over = matter.due_at is not None and matter.due_at < late
        due = matter.due_at.astimezone(time.zone()).date() if matter.due_at else None
        yield owed.Owed(
            matter.title, detail=f"{matter.number} · {state_title(matter)}", due=due, light="red" if over else "amber",
            word=_t("reply late") if over else _t("reply owed"), url=matter.get_absolute_url(), action=_t("Open the matter"),
        )  # fmt: skip


def dispute_panel(enterprise: Enterprise, actor: Actor) -> Panel | None:
    """ "This is wrong": the form for the enterprise itself."""
    from lianzhang.casework.web.dispute import DisputeForm

    own = actor.scope.enterprise_id == enterprise.pk
    if not own or not actor.can("dispute.raise"):
        return None
    form = DisputeForm(auto_id="dispute-%s")
    return Panel(
        "dispute", _("Something here is wrong"), "casework/_dispute_form.html", {"form": form}, order=90
    )


def cockpit_panel(_subject: Any, actor: Actor) -> Panel | None:
    """Mine, late, changed since the last working day: each number leads to its rows."""
    if actor.is_anonymous or not actor.can("matter.view"):
        return None
    seen = Matter.objects.visible_to(actor)
    waiting = selectors.waiting_for(actor)
    desk = reverse("casework:desk")
    tiles = [
        {"label": _("Waiting for me"), "value": seen.filter(waiting).count(), "url": f"{desk}?whose=waiting"},
        {"label": _("Late"), "value": seen.filter(selectors.late()).count(), "url": f"{desk}?due=late"},
        {
            "label": _("Changed since the last working day"),
            "value": seen.filter(changed_at__gte=selectors.since_last_working_day()).count(),
            "url": f"{desk}?changed=recent",
        },
    ]
    if tiles[1]["value"]:
        tiles[1]["state"] = "red"
    first = list(selectors.matters(actor).filter(waiting).order_by(selectors.FIRST_DUE)[:5])
    context = {"tiles": tiles, "rows": [{"matter": m, "state": state_title(m)} for m in first]}
    return Panel("matters", _("My matters"), "casework/_cockpit.html", context, order=10)
