"""Enterprises by name, former name or code."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import refs
from lianzhang.kernel import search as kernel
from lianzhang.kernel.scope import Actor
from lianzhang.registry import merged, selectors
from lianzhang.registry.models import Enterprise


def find(text: str, actor: Actor) -> Iterator[kernel.Hit]:
    """Enterprises this actor may see whose name or code holds the text."""
    query = Enterprise.objects.registered().visible_to(actor).select_related("district", "industry")
    query = query.filter(
        Q(name__icontains=text)
        | Q(uscc__istartswith=text.replace(" ", ""))
        | Q(former_names__icontains=text)
        | Q(pk__in=merged.found(text))
    )
    for e in query.order_by("name", "pk")[: kernel.LIMIT]:
        yield kernel.Hit(
            e.get_absolute_url(), e.name, " · ".join(str(p) for p in (e.uscc, e.district, e.industry) if p)
        )


def resolve(key: str, actor: Actor) -> refs.Target | None:
    """The enterprise behind `enterprise:ID`."""
    known = key.isascii() and key.isdigit() and len(key) < 19
    found = selectors.enterprise_for(actor, int(key)) if known else None
    return refs.Target(found.name, found.get_absolute_url()) if found else None


def register() -> None:
    """Join the search and the references."""
    kernel.register(kernel.Finder("enterprises", _("Enterprises"), find, order=10))
    refs.register("enterprise", resolve)
