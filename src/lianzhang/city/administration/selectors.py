"""Reads of the account pages; all start at `visible_to`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lianzhang.city.models import Membership
from lianzhang.kernel import events, time
from lianzhang.kernel.accounts import policy
from lianzhang.kernel.models import ExternalIdentity, SignIn, User
from lianzhang.kernel.models.event import Event
from lianzhang.kernel.scope import Actor


def people(actor: Actor) -> QuerySet[User]:
    """Accounts that the actor may see, with their posts at hand."""
    return (
        User.objects.visible_to(actor)
        .filter(is_system=False)
        .prefetch_related("memberships__organisation", "memberships__area")
    )


def unused(query: QuerySet[User]) -> QuerySet[User]:
    """Open accounts that nobody signed in to for as many days as the policy allows."""
    edge = timezone.now() - timedelta(days=policy.in_force().unused_days)
    return query.filter(is_active=True).filter(
        Q(last_login__lt=edge) | Q(last_login=None, date_joined__lt=edge)
    )


def in_post(query: QuerySet[User], **where: Any) -> QuerySet[User]:
    """Accounts with a post that holds today and fits."""
    posts = Membership.objects.current(time.today()).filter(user=OuterRef("pk"), **where)
    return query.filter(Exists(posts))


def person(actor: Actor, pk: int) -> User | None:
    """One account, if the actor may see it."""
    return people(actor).filter(pk=pk).first()


def posts_of(user: User) -> QuerySet[Membership]:
    """All posts of a person who was visible to the caller, newest first."""
    posts = Membership.objects.filter(user=user).select_related(
        "user", "organisation", "area", "acting_for__user", "proposed_by"
    )
    return posts.order_by("-id")


def post(actor: Actor, pk: int) -> Membership | None:
    """One post, if the actor may see it."""
    rows = Membership.objects.visible_to(actor).select_related(
        "user", "organisation", "area", "acting_for__user"
    )
    return rows.filter(pk=pk).first()


def waiting(actor: Actor) -> QuerySet[Membership]:
    """Posts that wait for the security administrator, oldest first."""
    rows = Membership.objects.visible_to(actor).filter(state=Membership.State.PENDING, ended_at=None)
    return rows.select_related("user", "organisation", "area", "proposed_by").order_by("id")


def history(user: User) -> list[Event]:
    """What happened to an account that was visible to the caller, newest first."""
    return list(reversed(events.history(f"user:{user.pk}")))


def factors(user: User) -> list[Any]:
    """The second factors of a person, without their secrets."""
    from allauth.mfa.models import Authenticator

    return list(
        Authenticator.objects.filter(user=user).only("type", "created_at", "last_used_at").order_by("pk")
    )


def identities(user: User) -> QuerySet[ExternalIdentity]:
    """Who the person is elsewhere."""
    return ExternalIdentity.objects.filter(user=user)


def sign_ins(actor: Actor) -> QuerySet[SignIn]:
    """The log of sign-ins within sight."""
    return SignIn.objects.visible_to(actor).select_related("user")


def log(actor: Actor) -> QuerySet[Event]:
    """The event log within sight."""
    return Event.objects.visible_to(actor).select_related("actor")


def agents(actor: Actor) -> QuerySet[Membership]:
    """People who act for the actor's enterprise after they came in by its legal-person account."""
    rows = Membership.objects.filter(enterprise_id=actor.scope.enterprise_id or 0).exclude(provider="")
    return rows.select_related("user").order_by("-id")
