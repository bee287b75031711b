"""Awards that came with a title: what was granted, what of it has been paid, as far as any source said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianzhang.city.words import in_words
from lianzhang.kernel import memo
from lianzhang.kernel.prepared import prepared
from lianzhang.kernel.scope import Actor, entries_of
from lianzhang.kernel.web import figures
from lianzhang.registry.models import Enterprise, Title
from lianzhang.registry.owed import Owed

Key = tuple[str, str]
"""(title, batch)"""


@dataclass
class Award:
    """An amount in yuan and what was paid of it (None: nobody said)."""

    amount: float
    paid: float | None

    @property
    def open(self) -> bool:
        """Whether something is known to be unpaid, or nobody said that it was paid."""
        return self.paid is None or self.paid < self.amount


@prepared
def _rows(actor: Actor, entries: Sequence[int]) -> QuerySet[Any]:
    said = Q(award__isnull=False) | Q(paid__isnull=False)
    rows = Title.objects.visible_to(actor).filter(said, enterprise_id__in=entries).exclude(use="statistical")
    return rows.order_by("id").values_list("title", "batch", "award", "paid")


def awards_of(enterprise: Enterprise, actor: Actor) -> dict[Key, Award]:
    """Of each title the last amount and the last payment that were told, each by itself: the list of a bureau grants,
    that of the treasury pays."""

    def ask() -> dict[Key, Award]:
        amounts: dict[Key, float] = {}
        paid: dict[Key, float] = {}
        for title, batch, amount, sum_paid in _rows(actor, entries=entries_of(enterprise.pk)):
            key = (title, batch)
            if amount is not None:
                amounts[key] = amount
            if sum_paid is not None:
                paid[key] = sum_paid
        return {key: Award(amount, paid.get(key)) for key, amount in amounts.items()}

    return memo.once(f"registry.awards.{enterprise.pk}.{actor.key}", ask)


def owed(enterprise: Enterprise, actor: Actor) -> Iterable[Owed]:
    """Awards that are not, not wholly, or as far as is known not paid."""
    for (title, _batch), award in sorted(awards_of(enterprise, actor).items()):
        if award.open:
            told = {"title": in_words(title), "amount": _money(award.amount)}
            yield Owed(
                _("Award of %(title)s: %(amount)s") % told, detail=paid_so_far(award), url="#titles",
                word=_("not paid") if award.paid is not None else _("payment not reported"), action=_("See the titles"),
            )  # fmt: skip


def paid_so_far(award: Award) -> str:
    """What was paid, in words; that nobody said is not that nothing was."""
    if award.paid is None:
        return _("No source says what was paid.")
    return _("Paid so far: %(paid)s") % {"paid": _money(award.paid)}


def _money(value: float) -> str:
    shown = figures.money(value)
    return shown.text if shown else ""
