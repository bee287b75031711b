"""What the routes of the registry share: who may, pages in order of id, an enterprise by name."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from lianzhang.kernel.scope import Actor
from lianzhang.registry.api.shapes import PageQuery
from lianzhang.registry.models import Enterprise

LARGEST = 2**53


def actor_with(request: HttpRequest, verb: str) -> Actor:
    """The caller, if his post has the verb; nothing is there otherwise."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.can(verb):
        raise Http404
    return actor


def page(request: HttpRequest, rows: QuerySet, query: PageQuery) -> tuple[list[Any], str | None]:
    """Rows of a bounded page in order of id, and the address of the one after."""
    ordered = rows.order_by("pk")
    if query.after is not None:
        ordered = ordered.filter(pk__gt=query.after)
    found = list(ordered[: query.size + 1])
    if len(found) <= query.size:
        return found, None
    kept = {k: v for k, v in request.GET.items() if k != "after"}
    return found[: query.size], f"{request.path}?{urlencode({**kept, 'after': found[query.size - 1].pk})}"


def named(e: Enterprise) -> dict[str, Any]:
    """An enterprise by name; one that was merged away by the entry it is shown under."""
    shown = e.survivor or e
    return {"id": shown.pk, "uscc": shown.uscc, "name": shown.name}
