"""Standing in while somebody is away: a post lent to a colleague of the same house, for days, with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lianzhang.city import separation
from lianzhang.city.administration.posts import described, finish
from lianzhang.city.models import Membership
from lianzhang.kernel import events, time
from lianzhang.kernel.accounts import policy
from lianzhang.kernel.models import User
from lianzhang.kernel.scope import Actor


def own_post(actor: Actor) -> Membership | None:
    """The post one acts in, if it is one's own; a lent one is not lent onward."""
    post = next((m for m in actor.memberships if m.pk == actor.membership_id), None)
    return post if post is not None and post.acting_for_id is None else None


def objection(post: Membership | None) -> str:
    """Why a post cannot be lent, in words; empty if it can."""
    if post is None:
        return _("Choose a post of your own first: a post that you hold for somebody else is not handed on.")
    if separation.administrator_of(post.role):
        return _("Administrators' posts are not lent: another person must be given one.")
    if _house(post) is None:
        return _(
            "This post belongs to no organisation, area or enterprise, so there is no colleague to lend it to."
        )
    return ""


def colleagues(post: Membership) -> Any:
    """People who hold a post in the same house today, none of the three administrators among them."""
    house = _house(post)
    if house is None:
        return User.objects.none()
    there = Membership.objects.current(time.today()).filter(house, acting_for=None)
    people = User.objects.filter(pk__in=there.values("user_id"), is_active=True, locked_at=None)
    # Who checks or administers does not also do the work that is checked.
    apart = Membership.objects.current(time.today()).exclude(administrator="").values("user_id")
    return people.exclude(pk=post.user_id).exclude(pk__in=apart).order_by("name", "username")


def lend(*, actor: Actor, to: User, since: date, until: date, reason: str) -> Membership:
    """Lend the post one acts in. Raises PermissionDenied for a post that is not lent, ValueError with words."""
    post = own_post(actor)
    if text := objection(post):
        raise PermissionDenied(text)
    assert post is not None
    longest = policy.in_force().delegation_days
    if until < since or until < time.today():
        raise ValueError(_("the last day lies before the first, or is over"))
    if (until - since).days >= longest:
        raise ValueError(_("at most %(n)s days") % {"n": longest})
    if not reason.strip():
        raise ValueError(_("say why"))
    if not colleagues(post).filter(pk=to.pk).exists():
        raise ValueError(_("this is no colleague of the same house"))
    with transaction.atomic():
        same = Membership.objects.filter(user=to, acting_for=post, since=since, until=until, ended_at=None)
        if same.exists():
            raise ValueError(_("it is lent to this colleague for these days already"))
        lent = Membership.objects.create(
            user=to, role=post.role, scope_kind=post.scope_kind, organisation=post.organisation, area=post.area,
            enterprise_id=post.enterprise_id, post=post.post, since=since, until=until, reason=reason.strip()[:200], acting_for=post,
            proposed_by=actor.user,
        )  # fmt: skip
        events.record(actor, f"user:{post.user_id}", "post_lent", described(lent) | {"to": to.pk})
    return lent


def take_back(*, actor: Actor, post: Membership) -> None:
    """End a standing-in now: by either of the two, or by who manages accounts."""
    if post.acting_for is None:
        raise PermissionDenied("stand-in")
    if actor.user_id not in (post.user_id, post.acting_for.user_id) and not actor.can("user.manage"):
        raise PermissionDenied("stand-in")
    finish(actor, post, "post_taken_back")


def concerning(actor: Actor) -> Any:
    """Standing-in of and for the person, newest first."""
    return (
        Membership.objects.filter(Q(user_id=actor.user_id) | Q(acting_for__user_id=actor.user_id))
        .exclude(acting_for=None)
        .select_related("user", "acting_for__user", "organisation")
        .order_by("-id")
    )


def _house(post: Membership) -> Q | None:
    if post.organisation_id:
        return Q(organisation_id=post.organisation_id)
    if post.enterprise_id:
        return Q(enterprise_id=post.enterprise_id)
    if post.area_id:
        return Q(area_id=post.area_id, organisation=None)
    return None
