"""Enterprises by name, its sound or initials, former name, road or code."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import refs
from lianzhang.kernel import search as kernel
from lianzhang.kernel.keys import number
from lianzhang.kernel.scope import Actor
from lianzhang.registry import merged, selectors
from lianzhang.registry.models import Enterprise
from lianzhang.registry.names.search import matching, resembling


def find(text: str, actor: Actor) -> Iterator[kernel.Hit]:
    """Enterprises this actor may see that hold the text: the largest first, by name where the actor may not know which is."""
    query = Enterprise.objects.registered().visible_to(actor).filter(merged.also(matching(text), text))
    knows_size = set(actor.kinds("enterprise.view")) <= set(actor.kinds("filing.view"))
    order = (F("revenue").desc(nulls_last=True), "-pk") if knows_size else ("name", "pk")
    rows = query.select_related("district", "industry").order_by(*order)
    yield from map(_hit, rows[: kernel.LIMIT])


def alike(text: str, actor: Actor) -> Iterator[kernel.Hit]:
    """Enterprises this actor may see that resemble the text: mistyped, or written as it sounds."""
    yield from map(_hit, resembling(text, actor))


def _hit(e: Enterprise) -> kernel.Hit:
    detail = " · ".join(str(p) for p in (e.uscc, e.district, e.industry) if p)
    return kernel.Hit(e.get_absolute_url(), e.name, detail)


def resolve(key: str, actor: Actor) -> refs.Target | None:
    """The enterprise behind `enterprise:ID`."""
    found = selectors.enterprise_for(actor, number(key))
    return refs.Target(found.name, found.get_absolute_url()) if found else None


def register() -> None:
    """Join the search and the references."""
    title = _("Enterprises with a similar name")
    kernel.register(kernel.Finder("enterprises", _("Enterprises"), find, order=10, otherwise=(title, alike)))
    refs.register("enterprise", resolve)
