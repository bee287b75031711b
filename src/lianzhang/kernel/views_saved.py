"""Lists saved under a name: save, replace, delete; and what a list offers to the one who reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from lianzhang.kernel import events, time
from lianzhang.kernel.keys import number
from lianzhang.kernel.models import SavedView
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor

LONGEST, QUERY = 80, 1000
PASSING = ("page", "format", "table", "hide", "view", "without")
"""Parameters of the moment: not part of a view."""


class Refused(Exception):
    """The view cannot be saved; the text says why."""


@dataclass(frozen=True)
class Offer:
    """What a list shows of saved views: those one may open, the one that is open, and what would be saved now."""

    listing: str
    path: str
    query: str
    views: Sequence[SavedView] = ()
    mine: frozenset[int] = field(default_factory=frozenset)
    open: int = 0
    may_share: bool = False
    without: str = ""


def offer(listing: str, path: str, params: QueryDict, actor: Actor) -> Offer | None:
    """The views of a list for a signed-in reader; None for others."""
    if actor.user_id is None:
        return None
    rows = _views(actor, listing=listing, path=path)
    chosen = params.get("view", "")
    return Offer(
        listing, path, kept(params), rows, frozenset(r.pk for r in rows if r.owner_id == actor.user_id),
        number(chosen), bool(actor.scope.org_id),
        params.get("without", ""),
    )  # fmt: skip


@prepared
def _views(actor: Actor, listing: str, path: str) -> QuerySet[SavedView]:
    return SavedView.objects.visible_to(actor).filter(listing=listing, path=path)


def kept(params: QueryDict) -> str:
    """The parameters that make a view, as a query string."""
    found = params.copy()
    for name in PASSING:
        found.pop(name, None)
    return found.urlencode()


@transaction.atomic
def save(
    *, actor: Actor, listing: str, path: str, query: str, name: str, shared: bool, without: str = ""
) -> SavedView:
    """Keep a view under a name; one of the same list and name of one's own is replaced, one that says the same already is
    left. without: columns put away, by code. Raises Refused."""
    name = name.replace("\x00", "").strip()
    if actor.user_id is None:
        raise Refused(_("Sign in to save a view."))
    if not name or len(name) > LONGEST:
        raise Refused(_("Give the view a name of at most %(n)s characters.") % {"n": LONGEST})
    cleaned = kept(QueryDict(query[: 4 * QUERY]))
    if away := ",".join(code for code in without[:300].split(",") if code.isidentifier()):
        cleaned += f"{'&' if cleaned else ''}without={away}"
    if len(cleaned) > QUERY or not _is_page(path) or not listing or len(listing) > 60:
        raise Refused(_("This list cannot be saved; open it again and try once more."))
    said: dict[str, Any] = {
        "path": path,
        "query": cleaned,
        "shared_org": actor.scope.org_id if shared else None,
    }
    named: dict[str, Any] = {"owner_id": actor.user_id, "listing": listing, "name": name}
    if (same := SavedView.objects.filter(**named, **said).first()) is not None:
        return same
    row, _created = SavedView.objects.update_or_create(**named, defaults={**said, "saved_at": time.now()})
    events.record(
        actor, f"view:{row.pk}", "view_saved", {"listing": listing, "query": cleaned, "shared": shared}
    )
    return row


@transaction.atomic
def delete(*, actor: Actor, pk: int) -> SavedView | None:
    """Delete a view of one's own; None when there is none of that number."""
    row = SavedView.objects.visible_to(actor).filter(owner_id=actor.user_id, pk=pk).first()
    if row is None:
        return None
    events.record(actor, f"view:{row.pk}", "view_deleted", {"listing": row.listing})
    SavedView.objects.filter(pk=pk).delete()
    return row


def _is_page(path: str) -> bool:
    """Whether the path is a page of this program."""
    if not path.startswith("/") or path.startswith("//") or len(path) > 200:
        return False
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
