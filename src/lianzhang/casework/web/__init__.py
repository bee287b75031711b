"""Pages of casework."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lianzhang.kernel.paths import path_of
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

    if not actor.can("matter.view"):
        return None
    return nav.Mine(*selectors.waiting_and_late(actor), path_of("casework:desk"))
