"""Two entries are one firm, or not after all. Nothing is overwritten: a merge is a decision on which projections follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from lianzhang.kernel import events, signals, time
from lianzhang.kernel.scope import Actor
from lianzhang.registry import consents, merged, projection
from lianzhang.registry.models import DuplicatePair, Enterprise, Filing, Merge, YearFacts
from lianzhang.registry.services.errors import Refused, said

VERB = "enterprise.merge"


@transaction.atomic
def merge(*, actor: Actor, absorbed: Enterprise, into: Enterprise, reason: str) -> Merge:
    """Show `absorbed` under `into`: facts, titles, links, matters and accounts of both under one name. Raises Refused."""
    reason = said(reason)
    absorbed, into = _locked(actor, absorbed, into)
    if absorbed.pk == into.pk:
        raise Refused(_("An enterprise cannot be merged with itself."))
    for each in (absorbed, into):
        if each.survivor_id is not None:
            raise Refused(
                _("%(name)s (%(code)s) was merged into another entry already; take that back first.")
                % {"name": each.name, "code": each.uscc}
            )
    row = Merge.objects.create(absorbed=absorbed, into=into, reason=reason, by=actor.user)
    told = {"merge": row.pk, "absorbed": absorbed.uscc, "into": into.uscc, "reason": reason}
    drafts = [events.Draft(absorbed.ref, "merged_away", told), events.Draft(into.ref, "merged_in", told)]
    events.record_many(actor, drafts)
    _judged(actor, absorbed, into, DuplicatePair.State.MERGED, reason)
    _project(merged.point({absorbed.pk, into.pk}))
    return row


@transaction.atomic
def unmerge(*, actor: Actor, merge: Merge, reason: str) -> None:
    """Show both entries by themselves again, each with everything that was ever said of it. Raises Refused."""
    reason = said(reason)
    absorbed, into = _locked(actor, merge.absorbed, merge.into)
    taken = Merge.objects.select_for_update().filter(pk=merge.pk, undone_at__isnull=True)
    if not taken.update(undone_at=time.now(), undone_by=actor.user, undone_reason=reason):
        raise Refused(_("This merge was taken back already."))
    told = {"merge": merge.pk, "absorbed": absorbed.uscc, "into": into.uscc, "reason": reason}
    drafts = [events.Draft(absorbed.ref, "merge_undone", told), events.Draft(into.ref, "merge_undone", told)]
    events.record_many(actor, drafts)
    _judged(actor, absorbed, into, DuplicatePair.State.OPEN, "")
    concerned = merged.point({absorbed.pk, into.pk})
    _project(concerned | {absorbed.pk, into.pk})


@transaction.atomic
def judge_different(*, actor: Actor, pair: DuplicatePair, reason: str) -> None:
    """The two are not the same firm: remembered with its reason, asked again only when the facts change. Raises Refused."""
    reason = said(reason)
    first, second = _locked(actor, pair.first, pair.second)
    if pair.state == DuplicatePair.State.MERGED:
        raise Refused(_("The two are merged; take that back first."))
    if pair.state == DuplicatePair.State.DIFFERENT and pair.reason == reason:
        return  # the same judgement sent twice
    told = {"first": first.uscc, "second": second.uscc, "score": pair.score, "reason": reason}
    events.record_many(actor, [events.Draft(e.ref, "judged_different", told) for e in (first, second)])
    _judged(actor, first, second, DuplicatePair.State.DIFFERENT, reason)


@transaction.atomic
def ask_again(*, actor: Actor, pair: DuplicatePair) -> None:
    """Open the question again. Raises Refused."""
    first, second = _locked(actor, pair.first, pair.second)
    if pair.state != DuplicatePair.State.DIFFERENT:
        raise Refused(_("The pair is not judged different."))
    events.record_many(
        actor, [events.Draft(e.ref, "asked_again", {"pair": pair.pk}) for e in (first, second)]
    )
    _judged(actor, first, second, DuplicatePair.State.OPEN, "")


def _locked(actor: Actor, *entries: Enterprise) -> list[Enterprise]:
    """The entries as they stand now, locked in order of id, if the actor may decide about them."""
    city = "city" in actor.kinds("enterprise.view")
    if not actor.can(VERB) or not city:
        raise Refused(_("Your post may not decide which entries are one firm."))
    ordered = sorted({e.pk for e in entries})
    found = {e.pk: e for e in Enterprise.objects.select_for_update().filter(pk__in=ordered).order_by("pk")}
    return [found[e.pk] for e in entries]


def _judged(actor: Actor, a: Enterprise, b: Enterprise, state: str, reason: str) -> None:
    low, high = sorted((a.pk, b.pk))
    open_again = state == DuplicatePair.State.OPEN
    DuplicatePair.objects.filter(first_id=low, second_id=high).update(
        state=state, reason=reason, again=False, judged_by=None if open_again else actor.user,
        judged_at=None if open_again else time.now(),
    )  # fmt: skip


def _project(entries: Iterable[int]) -> None:
    """Compute anew everything shown of these entries, and tell the others."""
    ids = sorted(entries)
    touched: projection.Touched = defaultdict(lambda: {""})
    for pk in ids:
        touched[pk].add("")
    for pk, period in Filing.objects.filter(enterprise_id__in=ids).values_list("enterprise_id", "period"):
        touched[pk].add(period)
    for pk, year in YearFacts.objects.filter(enterprise_id__in=ids).values_list("enterprise_id", "year"):
        touched[pk].add(str(year))
    projection.project(touched)
    consents.put_right(ids)
    signals.emit(signals.entries_merged, enterprise_ids=ids)
