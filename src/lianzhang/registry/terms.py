"""Terms of titles: in force, soon over, over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lianzhang.kernel import memo, time
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.registry.models import Enterprise, Title

SOON = timedelta(days=90)
VALID, LAPSING, LAPSED = "valid", "lapsing", "lapsed"
LIGHT = {VALID: "green", LAPSING: "amber", LAPSED: "red"}
WORDS: dict[str, Any] = {VALID: _("in force"), LAPSING: _("lapses within 90 days"), LAPSED: _("lapsed")}


@dataclass(frozen=True)
class Term:
    """Where a title stands today."""

    state: str

    @property
    def light(self) -> str:
        """Green, amber or red."""
        return LIGHT[self.state]

    @property
    def word(self) -> Any:
        """In words."""
        return WORDS[self.state]


def term(expires_on: date | None) -> Term:
    """A title without an end is in force; on its last day it still is."""
    today = time.today()
    if expires_on is None or expires_on > today + SOON:
        return Term(VALID)
    return Term(LAPSED if expires_on < today else LAPSING)


def standing(state: str) -> Q:
    """Titles that stand so today."""
    today = time.today()
    if state == LAPSED:
        return Q(expires_on__lt=today)
    if state == LAPSING:
        return Q(expires_on__gte=today, expires_on__lte=today + SOON)
    return Q(expires_on__isnull=True) | Q(expires_on__gt=today + SOON)


@prepared
def _held(actor: Actor, entries: Sequence[int]) -> QuerySet[Title]:
    rows = Title.objects.visible_to(actor).filter(enterprise_id__in=entries, current=True)
    return rows.order_by("-granted_on", "title")


def terms_of(enterprise: Enterprise, actor: Actor) -> list[tuple[Title, Term]]:
    """The titles of a firm that the actor may see, newest first, each with its term."""

    def ask() -> list[tuple[Title, Term]]:
        return [(row, term(row.expires_on)) for row in _held(actor, entries=entries_of(enterprise.pk))]

    return memo.once(f"registry.titles.{enterprise.pk}.{actor.key}", ask)
