"""What came of the disputes about an enterprise, as it stands beside its values."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lianzhang.casework.models import Dispute, Matter
from lianzhang.casework.services.disputing import VERB
from lianzhang.kernel import time
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.registry import contests
from lianzhang.registry.contests import Contests, Mark
from lianzhang.registry.models import Enterprise

ANSWERED = ("replied", "revisit", "closed")


def register() -> None:
    """Tell the registry what came of disputes."""
    contests.set_provider(of)


def of(enterprise: Enterprise, actor: Actor) -> Contests:
    """The newest dispute of each value, for one reader."""
    found = {row.about: row for row in _disputes(actor, entries=entries_of(enterprise.pk))}
    ids = [row.matter_id for row in found.values()]
    open_to = set(Matter.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    marks = {about: mark for about, row in found.items() if (mark := _mark(row, enterprise, actor, open_to))}
    own = actor.scope.kind != "enterprise" or enterprise.pk in actor.scope.enterprises()
    return Contests(marks, (lambda about: address(enterprise, about)) if actor.can(VERB) and own else None)


@prepared
def _disputes(actor: Actor, entries: Sequence[int]) -> QuerySet[Dispute]:
    rows = Dispute.objects.visible_to(actor).filter(enterprise_id__in=entries)
    return rows.select_related("matter").order_by("pk")


def address(enterprise: Enterprise, about: str) -> str:
    """Where a value is said to be wrong."""
    return f"{reverse('casework:dispute', args=[enterprise.pk])}?{urlencode({'about': about})}"


def _mark(row: Dispute, enterprise: Enterprise, actor: Actor, open_to: set[int]) -> Mark | None:
    """Being verified, corrected, kept; nothing of one that was withdrawn or whose result nobody gave."""
    matter = row.matter
    url = matter.get_absolute_url() if matter.pk in open_to else ""
    outcome = matter.fields.get("outcome") if matter.state in ANSWERED else None
    on = matter.changed_at.astimezone(time.zone()).date()
    if outcome == "kept":
        return Mark("grey", _("verified and kept"), url, on)
    if outcome == "corrected":
        now = contests.value(enterprise, row.about, actor)
        same = now is not None and now.shown == row.shown
        return (
            Mark("amber", _("to be corrected by the source"), url, on)
            if same
            else Mark("green", _("corrected"), url, on)
        )
    return Mark("amber", _("being verified"), url) if matter.is_open else None
