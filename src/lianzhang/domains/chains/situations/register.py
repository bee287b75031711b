"""What situations offer to the rest of the program: navigation, search, references, panels."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianzhang.domains.chains.models import Situation
from lianzhang.domains.chains.situations import panels as made
from lianzhang.kernel import panels, refs
from lianzhang.kernel import search as kernel
from lianzhang.kernel.keys import number
from lianzhang.kernel.scope import Actor
from lianzhang.kernel.web import nav


def register() -> None:
    """Join; called once when the app is ready."""
    nav.register(
        nav.NavItem(
            "act", _("Situations"), "chains:situations", "flag", verb="situation.view", order=20, phone=True
        )
    )
    nav.register(
        nav.NavItem(
            "account",
            _("Daily reports"),
            "chains:situation_reports",
            "report-analytics",
            verb="report.view",
            order=10,
        )
    )
    kernel.register(kernel.Finder("situations", _("Situations"), find, order=15))
    refs.register("situation", resolve)
    panels.register("cockpit", made.situations_panel)
    panels.register("cockpit", made.own_panel)
    panels.register("chain", made.chain_panel)
    panels.register("enterprise", made.enterprise_panel)


def find(text: str, actor: Actor) -> Iterator[kernel.Hit]:
    """Situations whose title or number holds the text."""
    named = Q(matter__title__icontains=text) | Q(matter__number__istartswith=text)
    for s in Situation.objects.visible_to(actor).filter(named).select_related("matter")[: kernel.LIMIT]:
        yield kernel.Hit(reverse("chains:situation", args=[s.pk]), s.matter.title, s.matter.number)


def resolve(key: str, actor: Actor) -> refs.Target | None:
    """The situation behind `situation:ID`."""
    found = Situation.objects.visible_to(actor).select_related("matter").filter(pk=number(key)).first()
    return refs.Target(str(found.matter), found.get_absolute_url()) if found else None
