"""Who somebody is elsewhere: linked by an administrator; agents of enterprises come in with a post on the spot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lianzhang.city import enterprises
from lianzhang.city.administration.agreements import agreed
from lianzhang.city.administration.posts import described, finish
from lianzhang.city.administration.reach import is_administrator, require
from lianzhang.city.models import Membership
from lianzhang.city.services import roles
from lianzhang.kernel import events, time
from lianzhang.kernel.accounts.codes import own
from lianzhang.kernel.accounts.sso.service import Identity, Refused, Service
from lianzhang.kernel.models import ExternalIdentity, User
from lianzhang.kernel.scope import SYSTEM, Actor


def link(*, actor: Actor, user: User, provider: str, subject: str) -> ExternalIdentity:
    """Link an account. Raises PermissionDenied, ValueError if the identity belongs to another account."""
    require(actor, "user.manage", user)
    with agreed(actor, user, "link", f"{provider}: {subject.strip()}"):
        return _link(actor, user, provider, subject.strip())


def _link(actor: Actor, user: User, provider: str, subject: str) -> ExternalIdentity:
    try:
        with transaction.atomic():
            row = ExternalIdentity.objects.create(provider=provider, subject=subject, user=user)
            events.record(actor, f"user:{user.pk}", "identity_linked", {"provider": provider})
    except IntegrityError as error:
        raise ValueError(_("this id is linked with an account already")) from error
    return row


def unlink(*, actor: Actor, identity: ExternalIdentity) -> None:
    """Take a link off."""
    require(actor, "user.manage", identity.user)
    with agreed(actor, identity.user, "unlink", f"{identity.provider}: {identity.subject}"):
        events.record(actor, f"user:{identity.user_id}", "identity_unlinked", {"provider": identity.provider})
        identity.delete()


def person_of(*, service: Service, identity: Identity) -> tuple[User, Membership | None]:
    """The account of an identity, and the post to begin in (for agents). Raises Refused with the reason for the log."""
    if service.people == "enterprise":
        return _agent(service, identity)
    row = (
        ExternalIdentity.objects.filter(provider=service.code, subject=identity.subject)
        .select_related("user")
        .first()
    )
    if row is None and service.match == "username":
        row = _by_username(service, identity)
    if row is None:
        raise Refused("no account is linked with this identity")
    _used(row)
    return row.user, None


def _by_username(service: Service, identity: Identity) -> ExternalIdentity | None:
    """The account of the same name, if it is nobody else's there and no administrator's: those are linked by hand."""
    user = User.objects.filter(username=identity.username or identity.subject, is_active=True).first()
    if user is None or is_administrator(user) or user.identities.filter(provider=service.code).exists():
        return None
    return _link(SYSTEM, user, service.code, identity.subject)


def _used(row: ExternalIdentity) -> None:
    if not row.user.is_active:
        raise Refused("the account is closed")
    row.last_used_at = timezone.now()
    row.save(update_fields=["last_used_at"])


def _agent(service: Service, identity: Identity) -> tuple[User, Membership]:
    """An agent who came with the enterprise's credit code and his own id: the account and the post are made on the spot."""
    enterprise = enterprises.by_code(identity.credit_code) if identity.credit_code else None
    if enterprise is None:
        raise Refused("no registered enterprise has this credit code")
    if not identity.agent_id:
        raise Refused("the service names no agent")
    with transaction.atomic():
        row = (
            ExternalIdentity.objects.filter(provider=service.code, subject=identity.agent_id)
            .select_related("user")
            .first()
        )
        if row is None:
            row = _new_agent(service, identity)
        _used(row)
        return row.user, _agent_post(service, row.user, enterprise)


def _new_agent(service: Service, identity: Identity) -> ExternalIdentity:
    username = f"{service.code}-{identity.agent_id}"
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("the user name of the agent is taken by another account")
    user = User.objects.create_user(username, None, name=identity.name or username)
    events.record(
        own(user), f"user:{user.pk}", "account_made", {"username": username, "provider": service.code}
    )
    return _link(own(user), user, service.code, identity.agent_id)


def _agent_post(service: Service, user: User, enterprise: int) -> Membership:
    """The post that holds, or a new one; one that the enterprise ended by hand is not given again."""
    today = time.today()
    before = (
        Membership.objects.filter(user=user, enterprise_id=enterprise, provider=service.code)
        .order_by("-id")
        .first()
    )
    if before is not None and before.ended_at is not None:
        raise Refused("the enterprise ended this agent's post")
    if before is not None and (before.until is None or before.until >= today):
        return before
    role = roles()[service.role]
    post = Membership.objects.create(
        user=user, role=service.role, scope_kind=role["scope"], enterprise_id=enterprise, post=role["title"]["zh"], since=today,
        until=today + timedelta(days=service.agent_days), provider=service.code,
    )  # fmt: skip
    events.record(own(user), f"user:{user.pk}", "agent_came", described(post))
    return post


def end_agent(*, actor: Actor, post: Membership) -> None:
    """The enterprise's own administrator ends the post of an agent; he does not come in for it again by himself."""
    own_house = actor.scope.enterprise_id is not None and post.enterprise_id == actor.scope.enterprise_id
    if not actor.can("agent.manage") or not own_house or not post.provider:
        raise PermissionDenied("agent.manage")
    finish(actor, post, "post_ended")


def names(rows: Any) -> dict[int, str]:
    """Names of the enterprises of posts."""
    return enterprises.names(r.enterprise_id for r in rows if r.enterprise_id)
