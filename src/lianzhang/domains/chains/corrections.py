"""Placements corrected by hand: confirm, add, move, remove, each with a reason and an event, and each can be undone."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from lianzhang.domains.chains import placement
from lianzhang.domains.chains.models import PlacementCorrection, Segment
from lianzhang.domains.chains.services import Refused
from lianzhang.kernel import events
from lianzhang.kernel.scope import Actor, ScopedQuerySet, entries_of
from lianzhang.registry.models import Enterprise

VERB = "placement.correct"
LONGEST = 500


def confirm(*, actor: Actor, enterprise: Enterprise, segment: Segment, reason: str) -> int:
    """The enterprise belongs to the segment, whatever its codes say. Returns the change. Raises Refused."""
    return _decide(actor, enterprise, "placement_confirmed", {segment: True}, reason)


def remove(*, actor: Actor, enterprise: Enterprise, segment: Segment, reason: str) -> int:
    """It does not belong there: no delivery places it there again. Returns the change. Raises Refused."""
    return _decide(actor, enterprise, "placement_removed", {segment: False}, reason)


def move(*, actor: Actor, enterprise: Enterprise, segment: Segment, to: Segment, reason: str) -> int:
    """It belongs to another segment instead. Returns the change. Raises Refused."""
    if segment == to:
        raise Refused(_("It stands in this segment already; choose another one."))
    return _decide(actor, enterprise, "placement_moved", {segment: False, to: True}, reason)


@transaction.atomic
def undo(*, actor: Actor, enterprise: Enterprise, change: int) -> None:
    """Take a decision back: what was decided before, else what the codes say, holds again. Raises Refused."""
    _may(actor, enterprise)
    rows = _of(enterprise, actor)
    segments = [row.segment for row in rows.filter(change=change).select_related("segment__chain")]
    if not segments:
        raise Refused(_("This correction was taken back already."))
    PlacementCorrection.objects.filter(enterprise_id__in=entries_of(enterprise.pk), change=change).update(
        undone=True
    )
    named = {"segments": [_ref(segment) for segment in segments], "change": change}
    events.record(actor, enterprise.ref, "placement_undone", named)
    placement.refresh({enterprise.pk})


@transaction.atomic
def _decide(
    actor: Actor, enterprise: Enterprise, verb: str, belongs: dict[Segment, bool], reason: str
) -> int:
    _may(actor, enterprise)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why: the reason stands beside the placement and in the log."))
    if len(reason) > LONGEST:
        raise Refused(_("The reason is longer than %(n)s characters.") % {"n": LONGEST})
    standing = {row.segment_id: row for row in in_force(enterprise, actor)}
    same = [standing.get(segment.pk) for segment in belongs]
    if all(row and row.belongs == belongs[row.segment] and row.reason == reason for row in same):
        return int(same[0].change)  # type: ignore[union-attr]  # the same decision sent twice
    told = {"segments": {_ref(segment): yes for segment, yes in belongs.items()}, "reason": reason}
    change = events.record(actor, enterprise.ref, verb, told).pk
    PlacementCorrection.objects.bulk_create(
        PlacementCorrection(
            enterprise=enterprise, segment=segment, belongs=yes, reason=reason, change=change, by=actor.user
        )
        for segment, yes in belongs.items()
    )
    placement.refresh({enterprise.pk})
    return change


def in_force(enterprise: Enterprise, actor: Actor) -> list[PlacementCorrection]:
    """The decisions that hold for an enterprise, newest first, one a segment."""
    rows = _of(enterprise, actor)
    newest: dict[int, PlacementCorrection] = {}
    for row in rows.select_related("segment__chain", "by").order_by("-id"):
        newest.setdefault(row.segment_id, row)
    return list(newest.values())


def _of(enterprise: Enterprise, actor: Actor) -> ScopedQuerySet[PlacementCorrection]:
    """The decisions that hold for an enterprise and the entries merged into it."""
    rows = PlacementCorrection.objects.visible_to(actor)
    return rows.filter(enterprise_id__in=entries_of(enterprise.pk), undone=False)


def _may(actor: Actor, enterprise: Enterprise) -> None:
    """Only a post with the verb, and only for an enterprise it sees."""
    sees = Enterprise.objects.registered().visible_to(actor).filter(pk=enterprise.pk)
    if not actor.can(VERB) or not sees.exists():
        raise Refused(_("Your post may not correct where this enterprise stands."))
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)  # one decision after the other


def _ref(segment: Segment) -> str:
    return f"{segment.chain.code}/{segment.code}"
