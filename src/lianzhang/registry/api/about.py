"""GET of what else is known of one enterprise: changes, what is owed, group, tags."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.registry import groups, known, owed, selectors, sensitive, tags
from lianzhang.registry.api.reading import LARGEST, actor_with
from lianzhang.registry.api.schemas import ProblemOut
from lianzhang.registry.api.shapes import ChangeOut, GroupOut, OwedOut, TagOut
from lianzhang.registry.groups import Tie
from lianzhang.registry.models import Enterprise, ManualTag

router = Router(tags=["enterprises"])
REFUSALS: dict[int, Any] = {401: ProblemOut, 404: ProblemOut}


def _firm(actor: Actor, pk: int) -> Enterprise:
    found = selectors.enterprise_for(actor, pk) if 0 < pk < LARGEST else None
    if found is None:
        raise Http404
    return found


@router.get(
    "/{int:pk}/changes",
    response={200: list[ChangeOut], **REFUSALS},
    summary="Names, status and place over time",
)
def enterprise_changes(request: HttpRequest, pk: int) -> Any:
    """As each source told them, newest first."""
    actor = actor_with(request, "filing.view")
    firm = _firm(actor, pk)
    rows = known.changes(firm, actor, sensitive.sight_of(actor, firm))
    return [
        {"on": c.on, "field": c.field, "before": c.before, "after": c.after, "source": c.source, "uscc": c.code} for c in rows
    ]  # fmt: skip


@router.get(
    "/{int:pk}/owed", response={200: list[OwedOut], **REFUSALS}, summary="What is open about an enterprise"
)
def enterprise_owed(request: HttpRequest, pk: int) -> Any:
    """Promised replies, titles soon over, stale data; the most urgent first."""
    actor = actor_with(request, "enterprise.view")
    rows = owed.collect(_firm(actor, pk), actor)
    return [
        {"what": o.what, "detail": o.detail, "due": o.due, "light": o.light, "word": o.word} for o in rows
    ]


@router.get(
    "/{int:pk}/group", response={200: GroupOut, **REFUSALS}, summary="Parent companies and subsidiaries"
)
def enterprise_group(request: HttpRequest, pk: int) -> Any:
    """As delivered; of subsidiaries those one may see."""
    actor = actor_with(request, "enterprise.view")
    firm = _firm(actor, pk)
    return {
        "parents": [_tie(t, t.row.parent_id) for t in groups.parents(firm, actor)],
        "subsidiaries": [_tie(t, t.row.enterprise_id) for t in groups.subsidiaries(firm, actor)],
    }


def _tie(tie: Tie, pk: int | None) -> dict[str, Any]:
    row = tie.row
    return {
        "name": tie.name, "id": pk if tie.url else None, "share": row.share, "since": row.since, "until": row.until,
        "source": row.source, "as_of": row.as_of,
    }  # fmt: skip


@router.get("/{int:pk}/tags", response={200: list[TagOut], **REFUSALS}, summary="Tags of an enterprise")
def enterprise_tags(request: HttpRequest, pk: int) -> Any:
    """By rule in three values, and by hand as far as one may see those."""
    actor = actor_with(request, "enterprise.view")
    firm = _firm(actor, pk)
    by_hand = ManualTag.objects.visible_to(actor).filter(enterprise_id__in=entries_of(firm.pk))
    return [
        *({"code": v.code, "label": v.label, "by_hand": False, "holds": v.holds, "rule": v.rule} for v in tags.verdicts(firm, actor)),
        *({"code": t.word, "label": t.word, "by_hand": True, "holds": True, "rule": t.reason} for t in by_hand),
    ]  # fmt: skip
