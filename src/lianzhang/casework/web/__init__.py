"""Pages of casework."""

from __future__ import annotations

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import nav


def register() -> None:
    """Casework's place in the navigation, and the count of what waits for a person."""
    nav.register(
        nav.NavItem(
            "act", _("My matters"), "casework:desk", "inbox", verb="matter.view", order=10, phone=True
        )
    )
    nav.set_mine(mine)


def mine(actor: Actor) -> nav.Mine | None:
    """What waits for the person; None for those who handle no matters."""
    from lianzhang.casework import selectors
    from lianzhang.casework.models import Matter

    if not actor.can("matter.view"):
        return None
    waiting = Matter.objects.visible_to(actor).filter(selectors.waiting_for(actor)).order_by()
    found = waiting.aggregate(all=Count("pk"), late=Count("pk", filter=selectors.late()))
    return nav.Mine(found["all"], found["late"], reverse("casework:desk"))
