"""Posts: given, agreed to by the security administrator where they carry sensitive verbs, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lianzhang.city import separation
from lianzhang.city.administration.agreements import agreed
from lianzhang.city.administration.reach import require
from lianzhang.city.models import Area, Membership, Organisation
from lianzhang.city.services import roles
from lianzhang.kernel import events, time
from lianzhang.kernel.accounts import policy
from lianzhang.kernel.scope import Actor


@dataclass(frozen=True)
class NewPost:
    """A post to be given: a role of the catalogue, where it holds, from when to when (both days included)."""

    role: str
    organisation: Organisation | None = None
    area: Area | None = None
    enterprise_id: int | None = None
    title: str = ""
    since: date | None = None
    until: date | None = None
    reason: str = ""


def add_post(*, actor: Actor, user: Any, new: NewPost) -> Membership:
    """Give a post. With sensitive verbs it waits for the security administrator, unless the system itself gives it.

    Raises PermissionDenied (without the verb, or to oneself), ValueError with words: unknown role, missing place, days
    that do not follow, or an administrator's role beside another one.
    """
    require(actor, "user.manage", user)
    role = _checked(new)
    waits = actor.role != "system" and bool(sensitive(role))
    with transaction.atomic():
        _close_expired(user)
        _keep_apart(user, new.role)
        _not_twice(user, new)
        post = Membership.objects.create(
            user=user, role=new.role, scope_kind=role["scope"], organisation=new.organisation, area=new.area,
            enterprise_id=new.enterprise_id, post=new.title.strip()[:80] or role["title"]["zh"], since=new.since, until=new.until,
            reason=new.reason.strip()[:200], proposed_by=actor.user,
            state=Membership.State.PENDING if waits else Membership.State.IN_FORCE,
        )  # fmt: skip
        verb = "post_proposed" if waits else "post_given"
        events.record(actor, f"user:{user.pk}", verb, described(post))
    return post


def _not_twice(user: Any, new: NewPost) -> None:
    """A form sent twice gives one post."""
    same = user.memberships.filter(
        role=new.role, organisation=new.organisation, area=new.area, enterprise_id=new.enterprise_id, since=new.since, until=new.until,
        acting_for=None, ended_at=None,
    )  # fmt: skip
    if same.exclude(state=Membership.State.REFUSED).exists():
        raise ValueError(_("the person holds this post already"))


def decide(*, actor: Actor, post: Membership, yes: bool, note: str = "") -> None:
    """The security administrator agrees to a post that waits, or refuses it.

    Raises PermissionDenied: without the verb, for one's own post, for one that one proposed. ValueError: it does not wait.
    """
    if not actor.can("post.approve") or actor.user_id in (post.user_id, post.proposed_by_id):
        raise PermissionDenied("post.approve")
    if not yes and not note.strip():
        raise ValueError(_("say why"))
    state = Membership.State.IN_FORCE if yes else Membership.State.REFUSED
    with transaction.atomic():
        changed = Membership.objects.filter(pk=post.pk, state=Membership.State.PENDING).update(state=state)
        if not changed:
            raise ValueError(_("the post does not wait for an answer any more"))
        data = described(post) | ({"note": note.strip()} if note.strip() else {})
        events.record(actor, f"user:{post.user_id}", "post_agreed" if yes else "post_refused", data)


def end_post(*, actor: Actor, post: Membership) -> None:
    """End a post now. Who may give it may end it; the security administrator may end sensitive ones.

    An administrator's post in force ends with the agreement of another of the three.
    """
    if not (actor.can("post.approve") and sensitive(roles().get(post.role, {}))):
        require(actor, "user.manage", post.user)
    if not post.administrator or post.state != Membership.State.IN_FORCE:
        return finish(actor, post, "post_ended")
    with agreed(actor, post.user, "end_post", f"{post.post} ({post.pk})"):
        finish(actor, post, "post_ended")


def finish(actor: Actor, post: Membership, verb: str) -> None:
    """End a post, and with it every standing in for it, with an event. Raises ValueError if it is over."""
    moment = timezone.now()
    with transaction.atomic():
        if not Membership.objects.filter(pk=post.pk, ended_at=None).update(ended_at=moment):
            raise ValueError(_("the post has ended already"))
        Membership.objects.filter(acting_for=post, ended_at=None).update(ended_at=moment)
        events.record(actor, f"user:{post.user_id}", verb, described(post))


def sensitive(role: dict[str, Any]) -> list[str]:
    """The verbs of a role that the policy calls sensitive, where they reach further than the person's own enterprise."""
    watched = set(policy.in_force().sensitive_verbs)
    held = (entry.partition("@") for entry in role.get("verbs", []))
    return sorted(
        {
            verb
            for verb, _at, kinds in held
            if verb in watched and (kinds or role.get("scope")) != "enterprise"
        }
    )


def described(post: Membership) -> dict[str, Any]:
    """A post as events tell it."""
    about = {
        "post": post.pk, "role": post.role, "title": post.post, "organisation": post.organisation.code if post.organisation else None,
        "area": post.area.code if post.area else None, "enterprise": post.enterprise_id,
        "since": post.since.isoformat() if post.since else None, "until": post.until.isoformat() if post.until else None,
        "reason": post.reason,
    }  # fmt: skip
    return {name: value for name, value in about.items() if value not in (None, "")}


def _checked(new: NewPost) -> dict[str, Any]:
    role = roles().get(new.role)
    if role is None:
        raise ValueError(_("“%(value)s” is no role of the catalogue") % {"value": new.role[:40]})
    place = {
        "org": new.organisation,
        "institution": new.organisation,
        "area": new.area,
        "enterprise": new.enterprise_id,
    }
    if role["scope"] in place and place[role["scope"]] is None:
        wanted = {
            "org": _("an organisation"),
            "institution": _("an organisation"),
            "area": _("an area"),
            "enterprise": _("an enterprise"),
        }
        raise ValueError(_("this role holds in one place: name %(what)s") % {"what": wanted[role["scope"]]})
    if new.since and new.until and new.until < new.since:
        raise ValueError(_("the last day lies before the first"))
    return role


def _close_expired(user: Any) -> None:
    """Administrators' posts whose days are over give way to the next one."""
    over = user.memberships.filter(ended_at=None, until__lt=time.today()).exclude(administrator="")
    over.update(ended_at=timezone.now())


def _keep_apart(user: Any, role: str) -> None:
    kind = separation.administrator_of(role)
    if not kind:
        return
    open_posts = user.memberships.filter(ended_at=None).exclude(state=Membership.State.REFUSED)
    others = [separation.administrator_of(r) for r in open_posts.values_list("role", flat=True)]
    if any(others):
        raise ValueError(
            _(
                "system, security and audit administrator are three people: this person holds such a post already"
            )
        )


def verbs_of(role: str) -> list[str]:
    """The verbs of a role of the catalogue; none for an unknown one."""
    return roles().get(role, {}).get("verbs", [])
