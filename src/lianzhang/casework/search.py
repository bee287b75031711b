"""Matters by number, title or enterprise; references to a matter."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianzhang.casework import selectors
from lianzhang.casework.sentence import state_title
from lianzhang.kernel import refs
from lianzhang.kernel import search as kernel
from lianzhang.kernel.keys import number
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise
from lianzhang.registry.names.search import matching


def find(text: str, actor: Actor) -> Iterator[kernel.Hit]:
    """Matters this actor may see whose number, title or enterprise holds the text."""
    if not actor.can("matter.view"):
        return
    anywhere = (
        Q(number__istartswith=text)
        | Q(title__icontains=text)
        | Q(enterprise__in=Enterprise.objects.filter(matching(text)).order_by())
    )
    for matter in selectors.matters(actor).filter(anywhere).order_by("-changed_at")[: kernel.LIMIT]:
        detail = " · ".join(
            str(p) for p in (matter.number, state_title(matter), matter.enterprise, matter.lead_org) if p
        )
        yield kernel.Hit(matter.get_absolute_url(), matter.title, detail)


def resolve(key: str, actor: Actor) -> refs.Target | None:
    """The matter behind `matter:ID`."""
    found = selectors.matter_for(actor, number(key))
    return refs.Target(f"{found.number} {found.title}", found.get_absolute_url()) if found else None


def register() -> None:
    """Join the search and the references."""
    kernel.register(kernel.Finder("matters", _("Matters"), find, order=20))
    refs.register("matter", resolve)
