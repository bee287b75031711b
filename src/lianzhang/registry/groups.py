"""Plants of an enterprise, and its place in a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from lianzhang.kernel import time
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.registry.models import Enterprise, Establishment, GroupTie
from lianzhang.registry.selectors import source_labels


@dataclass(frozen=True)
class Tie:
    """One tie as a page shows it: the other end by name, linked where the actor may open it."""

    name: str
    url: str
    row: Any
    source: str
    over: bool


def plants(enterprise: Enterprise, actor: Actor) -> list[Establishment]:
    """The plants of a firm that the actor may see, open ones first."""
    found = _plants(actor, entries=entries_of(enterprise.pk))
    labels = source_labels()
    for row in found:
        row.source_label = labels.get(row.source, row.source)  # type: ignore[attr-defined]
    return sorted(found, key=lambda p: p.closed is not None)


@prepared
def _plants(actor: Actor, entries: Sequence[int]) -> QuerySet[Establishment]:
    rows = Establishment.objects.visible_to(actor).filter(enterprise_id__in=entries, current=True)
    return rows.select_related("district", "industry").order_by("closed", "site")


def all_plants(actor: Actor) -> QuerySet[Establishment]:
    """The plants in force that the actor may see, of enterprises anywhere."""
    rows = Establishment.objects.visible_to(actor).filter(current=True)
    shown = Q(enterprise__registered=True) | Q(enterprise__survivor__isnull=False)
    return rows.filter(shown).select_related("enterprise__survivor", "district", "industry")


def parents(enterprise: Enterprise, actor: Actor) -> list[Tie]:
    """To which companies it belongs or belonged, the present ones first."""
    rows = _upward(actor, entries=entries_of(enterprise.pk))
    return _ties(actor, [(r, r.parent_id, r.parent_name) for r in rows])


@prepared
def _upward(actor: Actor, entries: Sequence[int]) -> QuerySet[GroupTie]:
    return GroupTie.objects.visible_to(actor).filter(enterprise_id__in=entries, current=True)


def subsidiaries(enterprise: Enterprise, actor: Actor) -> list[Tie]:
    """Which enterprises of the register belong or belonged to it, as far as the actor may see them."""
    codes = [enterprise.uscc, *enterprise.former_codes]
    rows = _downward(actor, entries=entries_of(enterprise.pk), codes=codes)
    return _ties(actor, [(r, r.enterprise_id, r.enterprise.name) for r in rows])


@prepared
def _downward(actor: Actor, entries: Sequence[int], codes: Sequence[str]) -> QuerySet[GroupTie]:
    whole = Q(parent_id__in=entries) | Q(parent_uscc__in=codes)
    return GroupTie.objects.visible_to(actor).filter(whole, current=True).select_related("enterprise")


def _ties(actor: Actor, found: list[tuple[GroupTie, int | None, str]]) -> list[Tie]:
    if not found:
        return []
    ids = [pk for _, pk, _ in found if pk]
    visible = Enterprise.objects.registered().visible_to(actor)
    urls = {e.pk: e.get_absolute_url() for e in visible.filter(pk__in=ids)}
    labels, today = source_labels(), time.today()
    out = [
        Tie(
            name,
            urls.get(pk or 0, ""),
            row,
            labels.get(row.source, row.source),
            bool(row.until and row.until < today),
        )
        for row, pk, name in found
    ]
    return sorted(out, key=lambda t: (t.over, t.name))
