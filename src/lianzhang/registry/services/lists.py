"""Writes of shared lists: made, put in, taken out, noted, each step with who and when, and each can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from lianzhang.city.models import Membership, Organisation
from lianzhang.city.services import actor_of_membership, in_language, memberships_of, roles
from lianzhang.kernel import events, time
from lianzhang.kernel.bulk import parts
from lianzhang.kernel.scope import Actor
from lianzhang.registry.models import Enterprise, FirmList, ListChange, ListMember
from lianzhang.registry.services.errors import Refused

VERB = "list.edit"
NAME, PURPOSE, NOTE, MOST = 80, 300, 300, 10_000
Kind, Share = ListChange.Kind, FirmList.Share


@dataclass(frozen=True)
class About:
    """What a list is for and who else reads it. with_role, with_office: a role's code, an office's code."""

    name: str
    purpose: str
    share: str = Share.NOBODY
    with_role: str = ""
    with_office: str = ""


@transaction.atomic
def make(
    *, actor: Actor, about: About, firms: Iterable[tuple[int, str]] = (), taken_from: str = ""
) -> FirmList:
    """A new list of one's own with these enterprises (id, note). taken_from: the query of the list page it is a snapshot
    of. Raises Refused."""
    if not actor.can(VERB) or actor.user is None:
        raise Refused(_("Your post may not make lists."))
    row = FirmList(owner=actor.user, taken_from=taken_from[:1000])
    _describe(row, about)
    row.save()
    events.record(actor, row.ref, "list_made", {"name": row.name, "share": row.share})
    _put(actor, row, list(firms))
    return row


@transaction.atomic
def change(*, actor: Actor, row: FirmList, about: About) -> None:
    """Another name, purpose or circle of readers; what is the same already leaves no event. Raises Refused."""
    found = _mine(actor, row)
    before = model_to_dict(found, exclude=["changed_at"])
    _describe(found, about)
    if model_to_dict(found, exclude=["changed_at"]) == before:
        return
    found.save()
    events.record(actor, found.ref, "list_changed", {"name": found.name, "share": found.share})


@transaction.atomic
def add(*, actor: Actor, row: FirmList, firms: Iterable[tuple[int, str]]) -> int:
    """Put enterprises in (id, note), as far as the actor sees them; returns how many were not on it. Raises Refused."""
    return _put(actor, _mine(actor, row), list(firms))


@transaction.atomic
def remove(*, actor: Actor, row: FirmList, member_ids: Iterable[int]) -> int:
    """Take members out, as far as the actor sees them; returns how many. Raises Refused."""
    found = _mine(actor, row)
    rows = _seen(actor, found, member_ids)
    if rows:
        step = _step(actor, found, Kind.REMOVED, "list_removed", len(rows))
        _close(rows, step)
    return len(rows)


@transaction.atomic
def annotate(*, actor: Actor, row: FirmList, member_ids: Iterable[int], note: str) -> None:
    """Another note beside members whom the actor sees. Raises Refused."""
    found = _mine(actor, row)
    note = _bounded(note, NOTE, _("The note"))
    rows = _seen(actor, found, member_ids)
    if not rows:
        raise Refused(_("Select the enterprises first."))
    step = _step(actor, found, Kind.NOTED, "list_noted", len(rows))
    _close(rows, step)
    again = [ListMember(list=found, enterprise_id=pk, note=note, added=step) for _member, pk in rows]
    ListMember.objects.bulk_create(again, batch_size=500)


@transaction.atomic
def undo(*, actor: Actor, step: ListChange) -> None:
    """Take a step back: who was put in goes, who was taken out comes again with the note of then. Raises Refused."""
    found = _mine(actor, step.list)
    if ListChange.objects.filter(undoes=step).exists():
        raise Refused(_("This step was taken back already."))
    back = _step(actor, found, Kind.UNDONE, "list_undone", 0, step)
    here = ListMember.objects.filter(list=found, removed__isnull=True)
    put_in = ListMember.objects.filter(list=found, added=step).order_by()
    then = Q(added=step) if step.kind == Kind.NOTED else Q(enterprise__in=put_in.values("enterprise"))
    here.filter(then).update(removed=back)
    gone = ListMember.objects.filter(list=found, removed=step).exclude(
        enterprise__in=here.order_by().values("enterprise")
    )
    again = [ListMember(list=found, enterprise_id=m.enterprise_id, note=m.note, added=back) for m in gone]
    ListMember.objects.bulk_create(again, batch_size=500)


@transaction.atomic
def delete(*, actor: Actor, row: FirmList) -> None:
    """Nobody reads it any more; the owner can bring it back. Raises Refused."""
    found = _mine(actor, row)
    FirmList.objects.filter(pk=found.pk).update(deleted_at=time.now())
    events.record(actor, found.ref, "list_deleted", {})


@transaction.atomic
def restore(*, actor: Actor, row: FirmList) -> None:
    """Bring a deleted list back. Raises Refused."""
    found = _mine(actor, row, deleted=True)
    FirmList.objects.filter(pk=found.pk).update(deleted_at=None)
    events.record(actor, found.ref, "list_restored", {})


@transaction.atomic
def take_over(*, actor: Actor, row: FirmList) -> None:
    """Keep a list that one reads and that a former colleague kept. Raises Refused."""
    found = _locked(actor, row)
    if found is None or actor.user is None or not may_take_over(actor, found):
        raise Refused(_("Only a list that a former colleague of your office kept can be taken over."))
    before, found.owner = found.owner_id, actor.user
    found.save(update_fields=["owner"])
    events.record(actor, found.ref, "list_taken_over", {"from": before})


def may_take_over(actor: Actor, row: FirmList) -> bool:
    """Whether who keeps the list had a post in the actor's office, and can change it no more: the account is closed, or no
    post of today may."""
    if not actor.can(VERB) or actor.scope.org_id is None or row.owner_id in actor.person_ids:
        return False
    if not Membership.objects.filter(user=row.owner_id, organisation=actor.scope.org_id).exists():
        return False
    posts = memberships_of(row.owner) if row.owner.is_active else ()
    return not any(actor_of_membership(row.owner, post).can(VERB) for post in posts)


def _locked(actor: Actor, row: FirmList, *, deleted: bool = False) -> FirmList | None:
    """The list, locked, if the actor reads it."""
    rows = FirmList.objects.visible_to(actor).filter(pk=row.pk, deleted_at__isnull=not deleted)
    return FirmList.objects.select_for_update().filter(pk__in=rows.order_by().values("pk")).first()


def _mine(actor: Actor, row: FirmList, *, deleted: bool = False) -> FirmList:
    """The list, locked, if it is the actor's to change."""
    found = _locked(actor, row, deleted=deleted)
    if found is None or not actor.can(VERB) or found.owner_id not in actor.person_ids:
        raise Refused(_("Only who keeps the list may change it."))
    return found


def _describe(row: FirmList, about: About) -> None:
    row.name = _bounded(about.name, NAME, _("The name"), needed=True)
    row.purpose = _bounded(about.purpose, PURPOSE, _("The purpose"), needed=True)
    if about.share not in Share.values:
        raise Refused(_("Choose with whom the list is shared."))
    row.share, row.share_role, row.share_org = about.share, "", None
    if about.share == Share.ROLE:
        if about.with_role not in readers():
            raise Refused(_("Choose the role with which the list is shared."))
        row.share_role = about.with_role
    if about.share == Share.OFFICE:
        row.share_org = Organisation.objects.filter(code=about.with_office).first()
        if row.share_org is None:
            raise Refused(_("Choose the office with which the list is shared."))
    row.changed_at = time.now()


def role_word(code: str) -> str:
    """A role in the reader's language."""
    role = roles().get(code)
    return in_language(role["title"]) if role else code


def readers() -> list[str]:
    """Codes of the roles that read lists."""
    return [
        code
        for code, role in roles().items()
        if any(v.partition("@")[0] == "list.view" for v in role["verbs"])
    ]


def _bounded(text: str, most: int, what: str, *, needed: bool = False) -> str:
    text = text.replace("\x00", "").strip()
    if needed and not text:
        raise Refused(_("%(what)s is missing.") % {"what": what})
    if len(text) > most:
        raise Refused(_("%(what)s is longer than %(n)s characters.") % {"what": what, "n": most})
    return text


def _put(actor: Actor, row: FirmList, firms: list[tuple[int, str]]) -> int:
    if len(firms) > MOST:
        raise Refused(_("At most %(n)s enterprises at a time.") % {"n": MOST})
    notes = {pk: _bounded(note, NOTE, _("The note")) for pk, note in firms}
    visible = Enterprise.objects.registered().visible_to(actor)
    fresh: list[int] = []
    for part in parts(sorted(notes), 900):
        here = set(
            ListMember.objects.filter(list=row, enterprise__in=part, removed__isnull=True).values_list(
                "enterprise_id", flat=True
            )
        )
        fresh += [pk for pk in visible.filter(pk__in=part).values_list("pk", flat=True) if pk not in here]
    if fresh:
        step = _step(actor, row, Kind.ADDED, "list_added", len(fresh))
        rows = [ListMember(list=row, enterprise_id=pk, note=notes[pk], added=step) for pk in sorted(fresh)]
        ListMember.objects.bulk_create(rows, batch_size=500)
    return len(fresh)


def _step(
    actor: Actor, row: FirmList, kind: str, verb: str, count: int, undoes: ListChange | None = None
) -> ListChange:
    made = ListChange.objects.create(list=row, kind=kind, by=actor.user, undoes=undoes)
    FirmList.objects.filter(pk=row.pk).update(changed_at=time.now())
    told = {"step": made.pk, "count": count} | ({"undoes": undoes.pk} if undoes else {})
    events.record(actor, row.ref, verb, told)
    return made


def _seen(actor: Actor, row: FirmList, member_ids: Iterable[int]) -> list[tuple[int, int]]:
    """(member, enterprise) of those on the list whom the actor sees."""
    out: list[tuple[int, int]] = []
    rows = ListMember.objects.visible_to(actor).filter(list=row, removed__isnull=True)
    for part in parts(sorted(set(member_ids)), 900):
        out += rows.filter(pk__in=part).values_list("pk", "enterprise_id")
    return out


def _close(rows: list[tuple[int, int]], step: ListChange) -> None:
    for part in parts([pk for pk, _enterprise in rows], 900):
        ListMember.objects.filter(pk__in=part).update(removed=step)
