"""GET of duplicates, plants, shared lists, saved views and consents."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router

from lianzhang.kernel.models import SavedView
from lianzhang.registry import groups, lists, pairs
from lianzhang.registry.api.reading import LARGEST, actor_with, named, page
from lianzhang.registry.api.schemas import ProblemOut
from lianzhang.registry.api.shapes import (
    ConsentPage,
    ListOut,
    ListPage,
    PageQuery,
    PairPage,
    PairQuery,
    PlantPage,
    PlantQuery,
    ViewOut,
)
from lianzhang.registry.models import Consent, DuplicatePair, Enterprise, FirmList

REFUSALS: dict[int, Any] = {401: ProblemOut, 404: ProblemOut, 422: ProblemOut}
duplicates, plants, shared, views, consents = (
    Router(tags=[t]) for t in ("duplicates", "plants", "lists", "views", "consents")
)


@duplicates.get("", response={200: PairPage, **REFUSALS}, summary="Entries that may be one firm")
def duplicate_pairs(request: HttpRequest, query: Query[PairQuery]) -> Any:
    """Pairs found and judged, with the kinds of what speaks for and against."""
    actor = actor_with(request, "duplicate.view")
    ids = pairs.pairs(actor).order_by().values("pk")
    rows = DuplicatePair.objects.visible_to(actor).filter(pk__in=ids).select_related("first", "second")
    found, following = page(request, rows.filter(state=query.state) if query.state else rows, query)
    items = [
        {"id": p.pk, "first": _entry(p.first), "second": _entry(p.second), "score": p.score, "state": p.state, "judged_at": p.judged_at,
         "reasons": [{"reason": kind, "points": points} for kind, points, *_values in p.reasons]}
        for p in found
    ]  # fmt: skip
    return {"items": items, "next": following}


def _entry(e: Enterprise) -> dict[str, Any]:
    """An entry as it is, also one that was merged away."""
    return {"id": e.pk, "uscc": e.uscc, "name": e.name}


@plants.get("", response={200: PlantPage, **REFUSALS}, summary="Plants one may see, where they lie")
def plants_page(request: HttpRequest, query: Query[PlantQuery]) -> Any:
    """Also plants of enterprises registered elsewhere; those are named only to who may see them."""
    actor = actor_with(request, "enterprise.view")
    rows = groups.all_plants(actor)
    found, following = page(
        request, rows.filter(district__code=query.district) if query.district else rows, query
    )
    firms = {p.enterprise.survivor_id or p.enterprise_id for p in found}
    open_to = set(
        Enterprise.objects.registered().visible_to(actor).filter(pk__in=firms).values_list("pk", flat=True)
    )
    items = [
        {"id": p.pk, "site": p.site, "enterprise": named(p.enterprise) if (p.enterprise.survivor_id or p.enterprise_id) in open_to else None,
         "district": p.district.code if p.district else None, "address": p.address, "industry_code": p.industry_id, "opened": p.opened,
         "closed": p.closed, "employees": p.employees, "output": p.output, "source": p.source, "as_of": p.as_of}
        for p in found
    ]  # fmt: skip
    return {"items": items, "next": following}


def _list(row: FirmList, members: int) -> dict[str, Any]:
    return {
        "id": row.pk, "name": row.name, "purpose": row.purpose, "owner": row.owner.name, "share": row.share, "changed_at": row.changed_at,
        "members": members,
    }  # fmt: skip


@shared.get("", response={200: ListPage, **REFUSALS}, summary="Shared lists one may read")
def shared_lists(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """One's own and those shared with one's post."""
    actor = actor_with(request, "list.view")
    found, following = page(request, lists.lists(actor), query)
    counts = lists.counts(actor, found)
    return {"items": [_list(row, counts.get(row.pk, 0)) for row in found], "next": following}


@shared.get("/{int:pk}", response={200: ListOut, **REFUSALS}, summary="One shared list")
def shared_list(request: HttpRequest, pk: int) -> Any:
    """With those of its enterprises that one may see, at most 10,000."""
    actor = actor_with(request, "list.view")
    row = lists.list_for(actor, pk) if 0 < pk < LARGEST else None
    if row is None or row.deleted_at is not None:
        raise Http404
    members = list(lists.members(actor, row).select_related("enterprise__survivor", "added")[:10_000])
    told = [{"enterprise": named(m.enterprise), "note": m.note, "since": m.added.at} for m in members]
    return {**_list(row, len(members)), "enterprises": told}


@views.get("", response={200: list[ViewOut], 401: ProblemOut}, summary="Saved views one may open")
def saved_views(request: HttpRequest) -> Any:
    """One's own and those shared with one's office."""
    rows = SavedView.objects.visible_to(request.actor)[:500]  # type: ignore[attr-defined]
    return [
        {"id": v.pk, "name": v.name, "listing": v.listing, "address": v.url, "shared": v.shared_org is not None} for v in rows
    ]  # fmt: skip


@consents.get("", response={200: ConsentPage, **REFUSALS}, summary="Consents one may see")
def consents_page(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """An enterprise its own, an office those of the enterprises within its sight."""
    actor = actor_with(request, "consent.view")
    rows = Consent.objects.visible_to(actor).select_related("enterprise__survivor")
    found, following = page(request, rows, query)
    items = [
        {"id": c.pk, "enterprise": named(c.enterprise), "source": c.source, "fields": c.fields, "purpose": c.purpose, "since": c.since,
         "until": c.until, "state": c.state}
        for c in found
    ]  # fmt: skip
    return {"items": items, "next": following}
